import type { ComponentVerdict, Finding, PairVerdict } from '../model/finding.ts';
import type { Effect } from '../model/verdict-kind.ts';

// What an operator will see when the pair is tried all the same, and what can be done about it. Every sentence follows
// from the finding that decided.

/** The two paragraphs under a verdict, each a list of sentences. */
export interface Advice {
  sees: string[];
  todo: string[];
}

/** The releases on the way around a pair, both ends among them; null where no way is known, undefined where nobody looked. */
export type Detour = readonly string[] | null | undefined;

/** Looks for the way around a pair; asked only where it would be told. */
export type FindDetour = (pair: PairVerdict) => Detour;

const SEEN: Record<Effect, string> = {
  'all-sessions-lost':
    'The new kernel boots; opening /dev/liveupdate fails with EIO, for every session, until the next reboot.',
  'boot-panic': 'The new kernel panics in early boot; nothing warns before the kexec.',
  'component-absent': 'The new kernel boots and the rest is there; this state is gone.',
  corruption:
    'No message: the new kernel takes wrong values for right ones. Later a wrong file, an oops, a hang or lost pages.',
  'file-lost': 'The new kernel boots; retrieving that file from its session fails.',
  ignored: 'A warning in the log, and no loss of preserved state.',
  'state-dropped':
    'kexec_file_load and the reboot succeed; the new kernel boots as after a plain kexec, sessions answer ENOENT and preserved pages become free memory.',
};

/** What to expect and what to do; undefined for a pair with nothing to do. */
export function adviceOf(pair: PairVerdict, findDetour?: FindDetour): Advice | undefined {
  if (pair.verdict === 'unsupported') return { sees: [], todo: unsupportedTodo(pair) };
  const component = pair.components.find(({ id }) => id === pair.decidedBy?.component);
  const finding = component?.findings.find(
    ({ rule, subject }) => rule === pair.decidedBy?.rule && subject === pair.decidedBy.subject,
  );
  if (!component || !finding) return undefined;
  const todo = todoOf({ pair, component, finding, ...(findDetour && { findDetour }) });
  return todo.length > 0 ? { sees: seesOf(pair.effect, finding), todo } : undefined;
}

function seesOf(effect: Effect | null, { sees }: Finding): string[] {
  const words = effect === null ? [] : [SEEN[effect]];
  return sees === undefined ? words : [...words, `In its log: ${sees}`];
}

interface Case {
  pair: PairVerdict;
  component: ComponentVerdict;
  finding: Finding;
  findDetour?: FindDetour;
}

function todoOf(given: Case): string[] {
  const { verdict } = given.pair;
  if (verdict === 'misread') return misreadTodo(given);
  if (verdict === 'refused') return [...refusedTodo(given), detourText(given)];
  if (verdict === 'unknown') {
    return ['Capture the kernel from its full source or its build, headers and code, and check again.'];
  }
  return given.finding.condition === undefined
    ? []
    : [`Make sure that this holds: ${given.finding.condition}.`];
}

/** A way is named only where one is known: advice that leads nowhere costs a night. */
function detourText({ pair, findDetour }: Case): string {
  const { outgoing, incoming, profile, target } = pair;
  const route = `luo-abi route ${outgoing} ${incoming} --profile ${profile} --target ${target}`;
  const way = findDetour?.(pair);
  if (way === undefined) return `Or look for hops (${route}); else a cold boot.`;
  if (way) return `Or go by hops that are safe: ${way.join(' -> ')}.`;
  return `No way of hops is known (${route} says where each ends): a cold boot, or a kernel of your own between them.`;
}

function misreadTodo(given: Case): string[] {
  const { pair, component } = given;
  const { guard } = component;
  const marker = guard?.macro ?? `the marker of ${guard?.component ?? component.id}`;
  const shared = guard && guard.component !== component.id ? `, which guards ${component.id}` : '';
  return [
    `Do not update ${pair.outgoing} to ${pair.incoming} while this state is preserved.`,
    `To the kernel: raise ${marker}${shared} in ${pair.incoming}, so that it refuses instead of misreading; or take the change back.`,
    detourText(given),
  ];
}

function refusedTodo({ pair, component, finding }: Case): string[] {
  switch (finding.rule) {
    case 'marker-changed':
      return [
        `To the incoming kernel: let it also accept ${String(finding.outgoing.writes)} as ${pair.outgoing} writes it, and read those layouts.`,
      ];
    case 'minimum-size-raised':
      return [
        `To the incoming kernel: accept ${String(finding.outgoing.size)} bytes of ${finding.subject} and do without what follows; a longer struct is a new format, so raise ${component.guard?.macro ?? 'its marker'} with it.`,
      ];
    case 'node-renamed':
    case 'presence-now-required':
    case 'property-renamed':
      return [
        `To the incoming kernel: go on without ${finding.subject}; or let the outgoing one write it, which a stable update can bring.`,
      ];
    case 'config-disabled':
      return [`Build the incoming kernel with ${finding.subject}.`];
    case 'component-absent':
      return [`Choose an incoming kernel that has ${component.id}, or give the state up before the update.`];
    default:
      return [];
  }
}

function unsupportedTodo({ outgoing, components }: PairVerdict): string[] {
  const options = components
    .flatMap(({ findings }) => findings)
    .filter(({ rule, impact }) => rule === 'config-disabled' && impact === 'unsupported')
    .map(({ subject }) => subject);
  if (options.length > 0) return [`Build ${outgoing} with ${[...new Set(options)].join(', ')}.`];
  return [`${outgoing} cannot preserve this state: give it up before the reboot, or choose another profile.`];
}
