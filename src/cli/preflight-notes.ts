import type { PairVerdict } from '../model/finding.ts';
import type { PreparedKernel } from './preflight.ts';

/** A boot parameter that is on: `kho=on`, `kho=1`, `kho=y`. */
const ON = /^(?:on|1|y|yes|true)$/i;

/** What an operator should know beside the verdict of a preflight, a sentence each. */
export function notesOf({
  running,
  staged,
  pair,
}: {
  running: PreparedKernel;
  staged: PreparedKernel;
  pair: PairVerdict;
}): string[] {
  return [
    ...[running, staged].flatMap(fallbackNote),
    ...[running, staged].flatMap(missingNote),
    ...handoverNote(running),
    ...bootNotes(running, pair),
  ];
}

function fallbackNote({ told: { release, fallback } }: PreparedKernel): string[] {
  if (fallback === null) return [];
  return [`${release}: what its build does not carry is taken from ${fallback} of the catalog`];
}

function missingNote({ told, builds }: PreparedKernel): string[] {
  if (builds.length === 0) return [];
  const missing = [
    ...(builds.some(({ build }) => build?.config) ? [] : ['its configuration']),
    ...(builds.some(({ build }) => build?.btf) ? [] : ['its BTF']),
  ];
  return missing.length === 0 ? [] : [`${told.release}: ${missing.join(' and ')} could not be read`];
}

function handoverNote({ builds }: PreparedKernel): string[] {
  const handedOver = builds.find(({ build }) => build?.handedOver)?.build?.handedOver;
  if (!handedOver) return [];
  return [
    `the running kernel is ready to hand over ${handedOver.compatible.join(', ')} (${handedOver.path})`,
  ];
}

/** Parameters without which the code is there and does nothing. */
function bootNotes({ document, builds }: PreparedKernel, { components }: PairVerdict): string[] {
  const build = builds.find((piece) => piece.build?.commandLine !== undefined)?.build;
  if (!build) return [];
  const given = new Map(
    (build.commandLine ?? '').split(/\s+/).map((word): [string, string] => {
      const [name = '', value = ''] = word.split('=');
      return [name, value];
    }),
  );
  const wanted = components.flatMap(({ id }) => {
    const state = document.components[id];
    return state?.boot !== undefined && state.available !== 'no' ? [state.boot] : [];
  });
  const isDefault = build.config?.values.get('CONFIG_KEXEC_HANDOVER_ENABLE_DEFAULT') === 'y';
  return [...new Set(wanted)].flatMap((parameter) => {
    const [name = ''] = parameter.split('=');
    if (ON.test(given.get(name) ?? '') || (name === 'kho' && isDefault && !given.has('kho'))) return [];
    return [`the running kernel was booted without ${parameter}: what needs it is not handed over`];
  });
}
