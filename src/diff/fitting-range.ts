import { readInteger } from './encoding.ts';
import { isVacant } from './flat-member.ts';
import type { FlatMember, MemberPair } from './rule.ts';

const ADDRESS_TYPE = /^(?:phys_addr_t|dma_addr_t|resource_size_t)$/;
/** `sessions_pa`, `head_phys`, `addr`, `base_address`; of a nested member its own name counts. */
const ADDRESS_NAME = /(?:^|_)p?addr(?:ess)?(?:_|$)|(?:^|_)pa$|phys/i;

/** Whether a member holds an address: those use all of their bits, whatever is in use today. */
export function holdsAddress({ name, type }: FlatMember): boolean {
  const own = name.slice(name.lastIndexOf('.') + 1);
  return ADDRESS_TYPE.test(type.replace(/\s*:.*$/, '')) || ADDRESS_NAME.test(own);
}

/**
 * The values that read the same, in words, where an unsigned integer or bit-field was narrowed or widened in place and the
 * narrower side keeps the remaining bits free; undefined otherwise, and where an address is cut. All targets are little endian: the low bits stay.
 */
export function fittingRange(pair: MemberPair): string | undefined {
  const { written, read, writtenMember: out, readMember: into } = pair;
  if (!out || !into || out.bitOffset !== into.bitOffset || out.bitSize === into.bitSize) return undefined;
  if ([out, into].some(({ encoding }) => readInteger(encoding)?.signed !== false)) return undefined;
  if (out.bitSize > into.bitSize && holdsAddress(out)) return undefined;
  const narrow = Math.min(out.bitSize, into.bitSize);
  const wide = Math.max(out.bitSize, into.bitSize);
  const narrower = out.bitSize < into.bitSize ? written : read;
  const isInside = out.bitOffset + wide <= Math.min(written.size, read.size) * 8;
  if (!isInside || !isVacant(narrower, out.bitOffset + narrow, wide - narrow)) return undefined;
  return `values up to ${2n ** BigInt(narrow) - 1n} fit`;
}
