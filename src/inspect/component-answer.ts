import type { ComponentVerdictKind, Effect } from '../model/verdict-kind.ts';
import type { Judged } from '../verdict/pair.ts';
import { isPassed } from '../verdict/pair.ts';

/** What a pair does with one component, as far as it says something of data that is at hand. */
export interface ComponentAnswer {
  kind: ComponentVerdictKind;
  effect: Effect | null;
  /** Of the finding that decided. */
  message: string | undefined;
  /** Refused because the incoming kernel does not come to the data at all, so that no bytes can say otherwise. */
  isAbsent: boolean;
}

const ABSENCES: readonly string[] = ['component-absent', 'config-disabled'];

/**
 * The answer of a judged component. That the incoming kernel does not look at a node is a note between two kernels; for the root
 * of a tree, or an entry of KHO's, that is there, it means that all behind it is lost.
 */
export function componentAnswer({ kind, effect, findings }: Judged): ComponentAnswer {
  const unseen = isPassed(kind) ? findings.find(isUnseenRoot) : undefined;
  if (unseen) return { kind: 'refused', effect: 'component-absent', message: unseen.message, isAbsent: true };
  const impact = kind === 'compatible-with-notes' ? 'note' : kind;
  const own = findings.filter((finding) => finding.impact === impact);
  const absence = kind === 'refused' ? own.find(({ rule }) => ABSENCES.includes(rule)) : undefined;
  return { kind, effect, message: (absence ?? own[0])?.message, isAbsent: absence !== undefined };
}

function isUnseenRoot({ rule, subject, outgoing, incoming }: Judged['findings'][number]): boolean {
  const isUnseen = rule === 'presence-not-written' && outgoing.present === true && incoming.present === false;
  return isUnseen && /^(?:\/|KHO:\/[^/ ]+)(?: |$)/.test(subject);
}
