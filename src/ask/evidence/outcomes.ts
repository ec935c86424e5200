// What a test can come to, for the doors that name it.
export { OUTCOMES } from '../../evidence/record.ts';
