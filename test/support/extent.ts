/** How much is tried: a multiple of the cases of every property test. */
export const RUNS = Number(process.env.LUO_ABI_RUNS ?? 1);

/** Whether tables are run whole (`npm run test:tables`, `test:long`); the default run takes every kind of their rows, and a part of each. */
export const IS_WHOLE = RUNS > 1;
