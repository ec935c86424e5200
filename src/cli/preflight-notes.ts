import type { PairVerdict } from '../model/finding.ts';
import type { PreparedKernel } from './preflight.ts';

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
    ...bootNote(staged, pair),
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

/** What the staged kernel must be booted with to take the state over. */
function bootNote({ document }: PreparedKernel, { components }: PairVerdict): string[] {
  const parameters = components.flatMap(({ id, role }) => {
    const state = role === 'required' || role === 'dependency' ? document.components[id] : undefined;
    return state?.boot !== undefined && state.available !== 'no' ? [state.boot] : [];
  });
  if (parameters.length === 0) return [];
  return [`${document.release} must be booted with ${[...new Set(parameters)].join(' ')}`];
}
