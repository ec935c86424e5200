export type { Judging } from '../catalog/judging.ts';
export { judgingFrom } from '../catalog/judging.ts';
