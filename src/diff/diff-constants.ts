import type { ConstantState, StructState } from '../model/component-state.ts';
import type { Layout } from '../model/layout.ts';
import type { Target } from '../model/target.ts';
import { forTarget } from '../model/target.ts';
import type { DiffInput } from './diff-input.ts';
import { layoutAt } from './diff-structs.ts';
import { readEncoding } from './encoding.ts';
import { leavesOf } from './flat-member.ts';
import { pairByName } from './pairing.ts';
import type { Run } from './run-rules.ts';

/** Hands each pair of constants to the rules; those that a side could not read are left out. */
export function diffConstants(input: DiffInput, run: Run): void {
  const { component, outgoing, incoming, target } = input;
  const pairs = pairByName<ConstantState>({
    written: outgoing.facts.constants,
    read: incoming.facts.constants,
    isAlike: (one, other) => {
      const value = forTarget(one.value, target);
      return one.role === other.role && value !== undefined && value === forTarget(other.value, target);
    },
  });
  const isInferred = outgoing.facts.isInferred || incoming.facts.isInferred;
  const skipped = [...outgoing.facts.unchecked, ...incoming.facts.unchecked];
  for (const pair of pairs) {
    const { name, incomingName } = pair;
    if (skipped.includes(name)) continue;
    const { written, read } = isInferred ? asOfEither(pair) : pair;
    if (!written && !read) continue;
    // What nobody has described says something only where both have it.
    if ((written ?? read)?.role === 'undescribed' && !(written && read && name === incomingName)) continue;
    const writtenValue = written && forTarget(written.value, target);
    const readValue = read && forTarget(read.reads ?? read.value, target);
    // What only other targets have, as the number of x86's setup data, is nothing on this one.
    const isGate = (written ?? read)?.role === 'gate';
    if (isGate && writtenValue === undefined && readValue === undefined) continue;
    const isEqual = written && read && writtenValue !== undefined && writtenValue === readValue;
    // Most constants are equal, and no rule has anything to say of those.
    if (isEqual && name === incomingName) continue;
    run('constant', {
      component,
      target,
      outgoing,
      incoming,
      name,
      incomingName,
      writtenConstant: written,
      readConstant: read,
      writtenValue,
      readValue,
      isShownByMembers:
        writtenValue !== readValue &&
        hasLength(outgoing.facts.structs, writtenValue, target) &&
        hasLength(incoming.facts.structs, readValue, target),
    });
  }
}

interface Sides {
  written: ConstantState | undefined;
  read: ConstantState | undefined;
}

/**
 * Of what nobody has described, a number that decides nothing where it stands counts as the other kernel has it; what only one
 * kernel has is nothing.
 */
function asOfEither({ written, read }: Sides): Sides {
  const role = [written, read].find((one) => one && one.role !== 'helper')?.role;
  if (role === undefined)
    return written && read ? { written, read } : { written: undefined, read: undefined };
  return { written: written && { ...written, role }, read: read && { ...read, role } };
}

type Structs = Readonly<Record<string, StructState>>;

const lengthsByStructs = new WeakMap<Structs, Map<Target, ReadonlySet<unknown>>>();

/** Whether some array in these structs is as long as a constant says. */
function hasLength(structs: Structs, length: unknown, target: Target): boolean {
  const known = lengthsByStructs.get(structs) ?? new Map<Target, ReadonlySet<unknown>>();
  lengthsByStructs.set(structs, known);
  const lengths = known.get(target) ?? lengthsIn(structs, target);
  known.set(target, lengths);
  return length !== undefined && lengths.has(length);
}

/** The lengths of all arrays in some structs. */
function lengthsIn(structs: Structs, target: Target): ReadonlySet<unknown> {
  const leaves = Object.values(structs).flatMap((state) => leavesOf(layoutAt(state, target) ?? EMPTY));
  return new Set(leaves.flatMap(({ encoding }) => readEncoding(encoding).dimensions));
}

const EMPTY: Layout = { kind: 'struct', size: 0, align: 1, packed: false, members: [] };
