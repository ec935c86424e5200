import { sortKeys } from '../model/canonical.ts';
import type { CaptureFinding } from '../model/capture.ts';
import type { ComponentState } from '../model/component-state.ts';
import type { FoundDoubt } from '../model/doubt.ts';
import { placeOfDoubt } from '../model/doubt.ts';

// A doubt is written down once, in the component that rests on it. The findings of a document are made from the doubts, so
// that nothing can be told by a capture and be unknown to a verdict.

/** A component with more doubts. Their places go to the others, since they differ between kernels that say the same. */
export function withDoubts(state: ComponentState, found: readonly FoundDoubt[]): ComponentState {
  if (found.length === 0) return state;
  const { places, doubts = [], ...facts } = state;
  const added = found.map(({ where: _where, ...doubt }) => doubt);
  const known = found.flatMap((doubt) =>
    doubt.where === undefined ? [] : [[placeOfDoubt(doubt), doubt.where] as const],
  );
  return {
    ...facts,
    doubts: [...doubts, ...added],
    places: sortKeys({ ...Object.fromEntries(known), ...places }),
  };
}

/** The findings that the doubts of components are told as. What several components rest on is told once, of none of them. */
export function doubtFindings(components: Readonly<Record<string, ComponentState>>): CaptureFinding[] {
  const findings = new Map<string, CaptureFinding>();
  for (const [component, { doubts = [], places }] of Object.entries(components)) {
    for (const doubt of doubts) {
      const { code, message } = doubt;
      const where = places[placeOfDoubt(doubt)];
      const key = JSON.stringify([code, message, where]);
      const told = { message, ...(where !== undefined && { where }) };
      findings.set(key, findings.has(key) ? { code, ...told } : { code, component, ...told });
    }
  }
  return [...findings.values()];
}

/** Findings with those of doubts that are not among them. */
export function withDoubtFindings(
  findings: readonly CaptureFinding[],
  components: Readonly<Record<string, ComponentState>>,
): CaptureFinding[] {
  const keyOf = ({ code, message, where }: CaptureFinding): string => JSON.stringify([code, message, where]);
  const known = new Set(findings.map(keyOf));
  return [...findings, ...doubtFindings(components).filter((finding) => !known.has(keyOf(finding)))];
}
