/** Thrown where code cannot be run: something in it is not known here. */
export class NotRunnable extends Error {}
