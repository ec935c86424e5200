import { btf } from './btf.ts';
import { config } from './config.ts';
import { deb } from './deb.ts';
import { git } from './git.ts';
import { host } from './host.ts';
import { image } from './image.ts';
import { rpm } from './rpm.ts';
import { symbols } from './symbols.ts';
import { tarball } from './tarball.ts';
import { tree } from './tree.ts';

/** Every source, sorted by kind; asked in this order. */
export const SOURCES = [btf, config, deb, git, host, image, rpm, symbols, tarball, tree] as const;
