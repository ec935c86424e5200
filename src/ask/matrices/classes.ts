// The classes of pairs, for the doors that name them.
export { PAIR_CLASSES } from '../../matrix/pair-classes.ts';
