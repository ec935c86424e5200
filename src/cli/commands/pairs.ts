import { ownEvidence } from '../../catalog/own-kernel.ts';
import { ToolError } from '../../errors.ts';
import { checkPairs } from '../../matrix/limits.ts';
import { listPairs, pairsJson } from '../../matrix/pairs.ts';
import type { Verdict } from '../../model/verdict-kind.ts';
import { VERDICTS } from '../../model/verdict-kind.ts';
import { renderPairs } from '../../report/pairs-terminal.ts';
import { openCatalog } from '../catalog-file.ts';
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
import { judgingFrom } from '../judging.ts';
import { exitCodeOf, profileOf, targetOf } from '../options.ts';
import { classOf, PAIR_OPTIONS, selectKernels, tableOf } from '../pair-selection.ts';

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
    const only = classOf(options);
    const verdicts = verdictsOf(options);
    exitCodeOf([], options);
    const catalog = await openCatalog(options, io);
    try {
      const kernels = selectKernels(catalog, options);
      if (formatsOf(options).includes('json') && only === undefined) {
        checkPairs(
          kernels.length,
          'matrix --format classes has each class of kernels once, --releases and --class take fewer',
        );
      }
      const judging = await judgingFrom(catalog);
      const evidence = ownEvidence(catalog.evidence(), catalog);
      const request = { kernels, profile, target, options, judging, evidence, only };
      const table = tableOf({ ...request, carriersOnly: false });
      const pairs = listPairs(table, verdicts);
      const terminal = (): string => renderPairs(pairs, io.render);
      await streamResult({ terminal, json: () => pairsJson(pairs) }, options, io);
      return exitCodeOf(
        pairs.listed.map(({ answer }) => answer),
        options,
      );
    } finally {
      catalog.close();
    }
  },
});

function verdictsOf({ verdict }: OptionValues): Verdict[] {
  return [verdict ?? []].flat().map((name) => {
    const known = VERDICTS.find((candidate) => candidate === name);
    if (known) return known;
    throw new ToolError('USAGE', `--verdict ${String(name)}: known verdicts are ${VERDICTS.join(', ')}`);
  });
}
