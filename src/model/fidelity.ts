/**
 * Where a fact was read.
 * - `source`: declarations and code of the kernel's source or headers
 * - `btf`: the type information of a build
 * - `rodata`: strings in the data of an image
 * - `section`: the sections of an image by which a kernel says what it accepts
 * - `config`: the configuration of a build
 * - `package`: the release of a package or an image
 * - `handover`: the tree that the running kernel will hand over
 * - `by-hand`: transcribed from recorded facts
 * - `inferred`: concluded from something else; what from is in `inferred` of the component
 */
export type FactOrigin =
  | 'btf'
  | 'by-hand'
  | 'config'
  | 'handover'
  | 'inferred'
  | 'package'
  | 'rodata'
  | 'section'
  | 'source';

/** The kinds of facts of a component. */
export const FACT_KINDS = [
  'availability',
  'marker',
  'structs',
  'constants',
  'fdt',
  'checks',
  'code',
] as const;

export type FactKind = (typeof FACT_KINDS)[number];

/** Where the facts of one component come from, by kind; two origins where one confirmed the other. `all` where every kind has the same. */
export interface Fidelity {
  all?: FactOrigin[];
  availability?: FactOrigin[];
  marker?: FactOrigin[];
  structs?: FactOrigin[];
  constants?: FactOrigin[];
  fdt?: FactOrigin[];
  checks?: FactOrigin[];
  code?: FactOrigin[];
}

/** What a document that says nothing of a component's fidelity means by it. */
export function defaultFidelity(origin: 'captured' | 'transcribed'): Fidelity {
  return { all: [origin === 'captured' ? 'source' : 'by-hand'] };
}

/** Where each kind of fact of a component comes from. */
export function fidelityOf(
  document: { origin: 'captured' | 'transcribed'; fidelity?: { [name: string]: Fidelity } },
  component: string,
): Fidelity {
  return document.fidelity?.[component] ?? defaultFidelity(document.origin);
}

/** Fidelity in words: `source`, or `availability from config; structs from btf and source`. */
export function fidelityText(fidelity: Fidelity): string {
  if (fidelity.all) return fidelity.all.join(' and ');
  const byOrigins = new Map<string, string[]>();
  for (const kind of FACT_KINDS) {
    const origins = fidelity[kind]?.join(' and ');
    if (origins !== undefined) byOrigins.set(origins, [...(byOrigins.get(origins) ?? []), kind]);
  }
  return [...byOrigins].map(([origins, kinds]) => `${kinds.join(', ')} from ${origins}`).join('; ');
}
