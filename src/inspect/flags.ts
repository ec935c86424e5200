import type { ComponentState } from '../model/component-state.ts';
import type { Target } from '../model/target.ts';
import { forTarget } from '../model/target.ts';

/** A flag with its bits; a mask of several bits is one too. */
export interface Flag {
  name: string;
  bits: bigint;
}

type FlagSource = Pick<ComponentState, 'constants' | 'structs'>;

/**
 * The flags of a member, by the kernel's habit of naming: MEMFD_LUO_FOLIO_DIRTY belongs to the struct with the longest name
 * that it begins with (memfd_luo_folio_ser), there to the member that ends it (MEMFD_LUO_ALL_SEALS: seals), else to `flags`.
 */
export function flagsOf(
  facts: FlagSource,
  { struct, member, target }: { struct: string; member: string; target: Target },
): Flag[] {
  const stems = Object.keys(facts.structs).map((name) => ({ name, stem: stemOf(name) }));
  const own = Object.entries(facts.constants).flatMap(([name, { role, value }]) => {
    const bits = forTarget(value, target);
    if (role !== 'flag' || bits === undefined || !/^\d+$/.test(String(bits)) || BigInt(bits) === 0n)
      return [];
    const owners = stems.filter(({ stem }) => name.startsWith(`${stem}_`));
    owners.sort((a, b) => b.stem.length - a.stem.length);
    const isOwn = owners[0]?.name === struct && memberOf(name, facts, struct, target) === member;
    return isOwn ? [{ name, bits: BigInt(bits) }] : [];
  });
  return own.sort((a, b) => (a.bits < b.bits ? -1 : 1));
}

function stemOf(struct: string): string {
  return struct.replace(/_ser$/, '').toUpperCase();
}

function memberOf(flag: string, facts: FlagSource, struct: string, target: Target): string | undefined {
  const state = facts.structs[struct];
  const names = (state && forTarget(state.layout, target))?.members.map(({ name }) => name) ?? [];
  const last = flag.toLowerCase().split('_').at(-1);
  return names.find((name) => name === last) ?? names.find((name) => name === 'flags');
}

/** The names of the flags that are set, a mask as what it contains, and what no flag accounts for in hex. */
export function flagNames(value: bigint, flags: readonly Flag[]): string[] {
  const isMask = ({ bits }: Flag): boolean => (bits & (bits - 1n)) !== 0n;
  const set = flags.filter((flag) => !isMask(flag) && (value & flag.bits) !== 0n);
  let rest = value & ~set.reduce((all, { bits }) => all | bits, 0n);
  const names = set.map(({ name }) => name);
  for (const { name, bits } of flags.filter(isMask)) {
    const inside = rest & bits;
    if (inside !== 0n) names.push(inside === bits ? name : `0x${inside.toString(16)} of ${name}`);
    rest &= ~bits;
  }
  return rest === 0n ? names : [...names, `0x${rest.toString(16)} is no known flag`];
}
