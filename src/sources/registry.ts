import { deb } from './deb.ts';
import { tarball } from './tarball.ts';
import { tree } from './tree.ts';

/** Every source, sorted by kind; asked in this order. */
export const SOURCES = [deb, tarball, tree] as const;
