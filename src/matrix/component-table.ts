import type { ComponentFacts } from '../diff/rule.ts';
import type { Kernel } from '../verdict/kernel.ts';
import { factsOf } from '../verdict/kernel.ts';
import { Interner } from './interner.ts';
import type { Side, Signatures } from './signatures.ts';

/** Not judged yet. */
export const PENDING = 255;

/** What a component comes to by itself, for each pair of what some kernels write and read of it. */
export interface ComponentTable {
  id: string;
  /** Its place among the tables of all components. */
  number: number;
  /** By kernel: the number of what it writes, of what it reads. */
  written: Uint32Array;
  read: Uint32Array;
  /** One kernel for each number. */
  writers: Kernel[];
  readers: Kernel[];
  /** By writer: 1 where the kernel does not have the component. */
  notWritten: Uint8Array;
  /** A code of the walk, by writer * readers + reader; PENDING until it is needed. */
  codes: Uint8Array;
  /** The number of what each of these comes to, where its code is known. */
  causes: Uint32Array;
}

/** The table of a component, of which nothing is judged yet. */
export function componentTable(
  kernels: readonly Kernel[],
  { id, number, signatures }: { id: string; number: number; signatures: Signatures },
): ComponentTable {
  const [written, writers] = numbered(kernels, { id, signatures, side: 'outgoing' });
  const [read, readers] = numbered(kernels, { id, signatures, side: 'incoming' });
  const size = writers.length * readers.length;
  return {
    id,
    number,
    written,
    read,
    writers,
    readers,
    notWritten: Uint8Array.from(writers, (kernel) => Number(factsOf(kernel, id).available === 'no')),
    codes: new Uint8Array(size).fill(PENDING),
    causes: new Uint32Array(size),
  };
}

/** By kernel, the number of its signature; and the first kernel with each. */
function numbered(
  kernels: readonly Kernel[],
  { id, signatures, side }: { id: string; signatures: Signatures; side: Side },
): [Uint32Array, Kernel[]] {
  const numbers = new Interner();
  const byFacts = new Map<ComponentFacts, number>();
  const firsts: Kernel[] = [];
  const byKernel = new Uint32Array(kernels.length);
  for (const [at, kernel] of kernels.entries()) {
    const facts = factsOf(kernel, id);
    const known = byFacts.get(facts);
    const number = known ?? numbers.number(signatures.of(kernel, id, side));
    if (known === undefined && signatures.areAlone(facts, id, side)) byFacts.set(facts, number);
    firsts[number] ??= kernel;
    byKernel[at] = number;
  }
  return [byKernel, firsts];
}

/** Where the numbers of a pair of kernels are in a table. */
export function placeIn(table: ComponentTable, outgoing: number, incoming: number): number {
  return startOfRow(table, outgoing) + (table.read[incoming] as number);
}

/** Where those of what a kernel writes begin. */
export function startOfRow({ written, readers }: ComponentTable, outgoing: number): number {
  return (written[outgoing] as number) * readers.length;
}
