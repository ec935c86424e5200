export { emptyList } from './lists.ts';
export { Run, type RunKernel, type StandIns } from './machine.ts';
export { NotRunnable } from './running.ts';
