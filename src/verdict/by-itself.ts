import type { ComponentVerdict } from '../model/finding.ts';
import type { ClosureEntry } from './closure.ts';
import { closureOf } from './closure.ts';
import type { PairInput } from './pair.ts';
import { describe, judgeAlone } from './pair.ts';
import { codeOf, isCounted, isTold, RANK, stepsOf } from './walk.ts';

// A component by itself: all that lies below it counts as passed, so that a gate that refuses further down hides nothing.

/** What a pair comes to in one component by itself. */
export function judgeByItself(input: Omit<PairInput, 'profile'>, id: string): ComponentVerdict {
  const profile = { name: id, summary: 'one component', required: [id], optional: [], ignored: [] };
  const entry: ClosureEntry = { id, role: 'required', needs: [] };
  return judged({ ...input, profile }, entry);
}

/** A component by itself, and whether a pair fails for it: what is optional or outside the profile is a note with a condition. */
export interface JudgedByItself {
  component: ComponentVerdict;
  counts: boolean;
}

/**
 * Each component that a pair is judged by, by itself, in the order in which they are reached; of those outside the profile
 * the ones that a verdict tells of.
 */
export function judgeEach(input: PairInput): JudgedByItself[] {
  const closure = closureOf(input.profile, input.outgoing, input.incoming);
  const steps = stepsOf(closure, input);
  const unsupported = new Set<string>();
  return closure.flatMap((entry, at) => {
    const component = judged(input, entry);
    // Where the outgoing kernel has nothing, nothing rests on it, and nobody comes as far as to look.
    const restsOnNothing = entry.needs.some((need) => unsupported.has(need));
    if (restsOnNothing || component.verdict === 'unsupported') unsupported.add(entry.id);
    if (restsOnNothing) return [];
    const step = steps[at];
    const code = codeOf(component.verdict, component.effect, component.findings);
    return step && isTold(step, code) ? [{ component, counts: isCounted(step, code & RANK) }] : [];
  });
}

function judged(input: PairInput, entry: ClosureEntry): ComponentVerdict {
  const alone = judgeAlone({ input, id: entry.id });
  return describe(input, entry, { judged: alone, below: [] });
}

/** Whether what is written is taken and reads the same. */
export function isRead({ verdict }: Pick<ComponentVerdict, 'verdict'>): boolean {
  return verdict === 'compatible' || verdict === 'compatible-with-notes';
}
