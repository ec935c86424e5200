import type { Target } from '../../model/target.ts';
import type { Config } from './config.ts';
import type { CTree } from './source.ts';

/** Everything that decides what a header says. */
export interface World {
  readonly tree: CTree;
  readonly target: Target;
  readonly includeDirs: readonly string[];
  readonly config: Config;
}
