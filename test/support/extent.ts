/** How much is tried. */
const RUNS = Number(process.env.LUO_ABI_RUNS ?? 1);

/** Whether tables are run whole (`npm run test:tables`, `test:long`); the default run takes every kind of their rows, and a part of each. */
export const IS_WHOLE = RUNS > 1;

/** Of a property test, how many cases are tried: a third of them in the default run, `LUO_ABI_RUNS` times as many in others. */
export function casesOf(count: number): number {
  return IS_WHOLE ? count * RUNS : Math.ceil(count / 3);
}
