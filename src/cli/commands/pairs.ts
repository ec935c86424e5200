import { jsonOfPairs, listedPairs } from '../../ask/pairs.ts';
import { ToolError } from '../../errors.ts';
import type { Verdict } from '../../model/verdict-kind.ts';
import { VERDICTS } from '../../model/verdict-kind.ts';
import { renderPairs } from '../../report/pairs-terminal.ts';
import { askingOf, withCatalog } from '../asking.ts';
import type { OptionValues } from '../command.ts';
import {
  CATALOG_OPTION,
  COMPONENTS_OPTION,
  defineCommand,
  FAIL_ON_OPTION,
  FORMAT_OPTION,
  PROFILE_OPTION,
  TARGET_OPTION,
} from '../command.ts';
import { formatsOf, streamResult } from '../formats.ts';
import { exitCodeOf, failOnOf, profileOf, targetOf } from '../options.ts';
import { PAIR_OPTIONS, selectionOf } from '../pair-options.ts';

export const command = defineCommand({
  usage: 'pairs',
  summary:
    'The pairs of each verdict, worst first, kernels that behave alike in one line, and how many there are.',
  example: 'luo-abi pairs --profile memfd --class main+1 --verdict misread --verdict refused',
  options: [
    PROFILE_OPTION,
    TARGET_OPTION,
    ...PAIR_OPTIONS,
    {
      flags: '--verdict <name>',
      summary: `only pairs with this verdict; may be repeated: ${VERDICTS.join(', ')}`,
      repeatable: true,
    },
    FAIL_ON_OPTION,
    FORMAT_OPTION,
    COMPONENTS_OPTION,
    CATALOG_OPTION,
  ],
  async run(_args, options, io) {
    const profile = profileOf(options);
    const target = targetOf(options);
    const verdicts = verdictsOf(options);
    const selection = selectionOf(options);
    failOnOf(options);
    const pairByPair = formatsOf(options).includes('json')
      ? 'matrix --format classes has each class of kernels once, --releases and --class take fewer'
      : undefined;
    return withCatalog(options, io, async (catalog) => {
      const asked = { ...askingOf(io), ...selection };
      const listed = await listedPairs({ ...asked, catalog, target, profile, verdicts, pairByPair });
      const terminal = (): string => renderPairs(listed, io.render);
      await streamResult({ terminal, json: () => jsonOfPairs(listed) }, options, io);
      return exitCodeOf(
        listed.listed.map(({ answer }) => answer),
        options,
      );
    });
  },
});

function verdictsOf({ verdict }: OptionValues): Verdict[] {
  return [verdict ?? []].flat().map((name) => {
    const known = VERDICTS.find((candidate) => candidate === name);
    if (known) return known;
    throw new ToolError('USAGE', `--verdict ${String(name)}: known verdicts are ${VERDICTS.join(', ')}`);
  });
}
