import { PAIR_CLASSES } from '../ask/matrices/classes.ts';
import type { PairSelection } from '../ask/matrices/tables.ts';
import type { OptionDefinition, OptionValues } from './command.ts';
import { classOf, textOf } from './options.ts';

// Which pairs `matrix` and `pairs` look at.

export const PAIR_OPTIONS: readonly OptionDefinition[] = [
  { flags: '--releases <range>', summary: 'a range of releases in the language of semver: ">=6.18 <7.2"' },
  {
    flags: '--class <name>',
    summary: `only pairs of a class: ${PAIR_CLASSES.join(', ')}`,
    choices: PAIR_CLASSES,
  },
  { flags: '--vendors', summary: 'kernels of vendors and of posted series as well' },
  { flags: '--all-releases', summary: 'every release of a series stands for it, not its newest alone' },
  { flags: '--backward', summary: 'count the way back as well' },
];

/** What these options say. @throws ToolError USAGE */
export function selectionOf(options: OptionValues): Omit<PairSelection, 'catalog' | 'target'> {
  return {
    releases: textOf(options.releases),
    only: classOf(options),
    vendors: options.vendors === true,
    allReleases: options.allReleases === true,
    backward: options.backward === true,
  };
}
