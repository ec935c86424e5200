import type { WayOptions } from '../ask/ways/choice.ts';
import type { OptionDefinition, OptionValues } from './command.ts';
import { countOf, locatedAll, textOf } from './options.ts';

// Which kernels `route`, `reach` and `plan` may use.

/** What says which kernels may be on the way. */
export const WAY_OPTIONS: readonly OptionDefinition[] = [
  { flags: '--releases <range>', summary: 'only kernels of this range on the way: ">=6.18 <7.2"' },
  {
    flags: '--series',
    summary:
      'the posted series that ship with luo-abi on the way as well; so it is where an end is one of them',
  },
  {
    flags: '--with <release>',
    summary: 'a further kernel that may be on the way: a document or any locator; may be repeated',
    repeatable: true,
  },
  { flags: '--max-hops <number>', summary: 'at most so many live updates one after the other' },
];

/** What these options say. @throws ToolError USAGE */
export function wayOf(options: OptionValues): Omit<WayOptions, 'catalog'> {
  return {
    releases: textOf(options.releases),
    series: options.series === true,
    via: locatedAll(options.with),
    maxHops: countOf(options.maxHops, '--max-hops'),
  };
}
