import type { Level } from '../model/finding.ts';

/** A rule of the gate itself: it judges the run and the policy, not the kernels. Its page is `docs/gate-rules/<id>.md`. */
export interface GateRule {
  id: string;
  level: Level;
  /** One sentence. */
  summary: string;
}

function defineGateRule<const R extends GateRule>(rule: R): R {
  return rule;
}

/** All of them, sorted by id. An `error` fails the gate. */
export const GATE_RULES = [
  defineGateRule({
    id: 'capture-missing',
    level: 'error',
    summary: 'A kernel that the policy names has no capture, or none for a target of the policy.',
  }),
  defineGateRule({
    id: 'catalog-stale',
    level: 'error',
    summary: 'The catalog was not made from the documents that ship with this program.',
  }),
  defineGateRule({
    id: 'evidence-disagrees',
    level: 'error',
    summary: 'A test of the pair saw something else than its verdict says.',
  }),
  defineGateRule({
    id: 'evidence-missing',
    level: 'error',
    summary: 'The policy requires a test of every pair, and a pair has none.',
  }),
  defineGateRule({
    id: 'format-dropped',
    level: 'error',
    summary: 'A kernel no longer reads a format that is inside the window of the policy.',
  }),
  defineGateRule({
    id: 'format-missing',
    level: 'warning',
    summary:
      'A kernel does not read a format inside the window of the policy, and the one before it did not either; or no pair fails for it.',
  }),
  defineGateRule({
    id: 'selection-empty',
    level: 'error',
    summary: 'Something that the policy selects comes to nothing, so it was not checked.',
  }),
  defineGateRule({
    id: 'verdict-not-allowed',
    level: 'error',
    summary: 'The policy does not allow the verdict of a pair, and no finding carries it.',
  }),
  defineGateRule({
    id: 'waiver-expired',
    level: 'error',
    summary: 'The last day of a waiver is over; it covers nothing any more.',
  }),
  defineGateRule({
    id: 'waiver-powerless',
    level: 'error',
    summary: 'A waiver matches corrupted data and does not say that corruption is accepted.',
  }),
  defineGateRule({
    id: 'waiver-too-broad',
    level: 'error',
    summary: 'A waiver matches several findings although it names one.',
  }),
  defineGateRule({
    id: 'waiver-unused',
    level: 'warning',
    summary: 'A waiver matches no finding.',
  }),
] as const;

/** The id of a rule of the gate. */
export type GateRuleId = (typeof GATE_RULES)[number]['id'];

/** How loud a rule of the gate is unless the policy says otherwise. */
export function levelOf(id: GateRuleId): Level {
  return GATE_RULES.find((rule) => rule.id === id)?.level ?? 'error';
}
