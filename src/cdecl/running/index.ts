export { emptyList } from './lists.ts';
export { isAnswered, Run, type RunKernel, type StandIns } from './machine.ts';
export { NotRunnable } from './not-runnable.ts';
