export { described, describing } from './kernel-calls.ts';
export { emptyList } from './lists.ts';
export { isAnswered, Run, type RunKernel, type StandIns } from './machine.ts';
export { NotRunnable } from './not-runnable.ts';
export { U64 } from './types.ts';
