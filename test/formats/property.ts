import fc from 'fast-check';
import { ToolError } from '../../src/errors.ts';
import { casesOf } from '../support/extent.ts';

/** Settings of a property test; prints the seed, which LUO_ABI_SEED sets. */
export function propertyRuns(name: string, runs: number): { seed: number; numRuns: number } {
  const seed = Number(process.env.LUO_ABI_SEED ?? Date.now() & 0x7fffffff);
  console.log(`${name}: seed ${seed}`);
  return { seed, numRuns: casesOf(runs) };
}

/** A cut, or some flipped bits, of given bytes. */
export function damaged(bytes: Uint8Array): fc.Arbitrary<Buffer> {
  const at = fc.nat(bytes.byteLength - 1);
  const cut = at.map((length) => Buffer.from(bytes.subarray(0, length)));
  const flips = fc.array(fc.tuple(at, fc.integer({ min: 1, max: 255 })), {
    minLength: 1,
    maxLength: 5,
  });
  const flipped = flips.map((list) => {
    const copy = Buffer.from(bytes);
    for (const [offset, mask] of list) copy[offset] = (copy[offset] ?? 0) ^ mask;
    return copy;
  });
  return fc.oneof(cut, flipped);
}

/** True when this ends with a value or a ToolError that is not our own fault. */
export async function endsWell(run: () => Promise<unknown>): Promise<boolean> {
  try {
    await run();
    return true;
  } catch (error) {
    if (error instanceof ToolError && error.code !== 'INTERNAL') return true;
    throw error;
  }
}
