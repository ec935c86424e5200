import type { Layout } from '../model/layout.ts';
import { bareTag, identifier, suffixOf } from './names.ts';
import type { PlannedStruct, ShimPlan } from './plan.ts';

/** What things are called in the generated code. */
export interface CodeNames {
  /** `struct pci_ser_7_1_13`. */
  outgoingTag(struct: string): string;
  incomingTag(struct: string): string;
  converter(struct: Pick<PlannedStruct, 'incoming' | 'outgoing'>): string;
  rowConverter(struct: Pick<PlannedStruct, 'incoming' | 'outgoing'>): string;
  /** What follows the names of the older kernel: `7_1_13`. */
  suffix: string;
}

/**
 * Names for one direction. The kernel that the shim is built into has the plain names; the other one's bear its release.
 * `isBack`: from the kernel with the shim to the other one.
 */
export function codeNames({ outgoing, incoming }: ShimPlan, isBack: boolean): CodeNames {
  const other = isBack ? incoming : outgoing;
  const suffix = suffixOf(other.release);
  const tagged = (struct: string, side: typeof outgoing): string => {
    const name = bareTag(struct);
    const where = `${side.release}: struct ${name}`;
    return `${keywordOf(side.layoutOf(name))} ${identifier(side === other ? `${name}_${suffix}` : name, where)}`;
  };
  return {
    suffix,
    outgoingTag: (struct) => tagged(struct, outgoing),
    incomingTag: (struct) => tagged(struct, incoming),
    converter: (struct) => converterName(struct, suffix, isBack),
    rowConverter: (struct) => `${converterName(struct, suffix, isBack)}_rows`,
  };
}

function keywordOf(layout: Layout | undefined): string {
  return layout?.kind ?? 'struct';
}

function converterName(
  { outgoing, incoming }: Pick<PlannedStruct, 'incoming' | 'outgoing'>,
  suffix: string,
  isBack: boolean,
): string {
  const [from, to] = [bareTag(outgoing), bareTag(incoming)];
  const renamed = from === to ? '' : `_${isBack ? to : from}`;
  return `${isBack ? from : to}_${isBack ? 'to' : 'from'}${renamed}_${suffix}`;
}
