import { computeReach } from '../../matrix/reach.ts';
import { buildRouteGraph, judgesFor } from '../../matrix/route-graph.ts';
import { renderReach } from '../../report/reach-terminal.ts';
import { componentIdsOf } from '../../verdict/kernel.ts';
import { openCatalog } from '../catalog-file.ts';
import { carriersOn, chooseKernels, maxHopsOf, WAY_OPTIONS } from '../choice.ts';
import {
  CATALOG_OPTION,
  COMPONENTS_OPTION,
  defineCommand,
  FORMAT_OPTION,
  PROFILE_OPTION,
  TARGET_OPTION,
} from '../command.ts';
import { printResult } from '../formats.ts';
import { checkProfile, checkTarget, profileOf, targetOf } from '../options.ts';

export const command = defineCommand({
  usage: 'reach <release>',
  summary: 'All that can be reached from a kernel by safe pairs, and all from which one can go back to it.',
  example: 'luo-abi reach 7.1.8 --profile memfd',
  options: [PROFILE_OPTION, TARGET_OPTION, ...WAY_OPTIONS, FORMAT_OPTION, COMPONENTS_OPTION, CATALOG_OPTION],
  async run([release = ''], options, io) {
    const profile = profileOf(options);
    const target = targetOf(options);
    const limit = maxHopsOf(options);
    const catalog = await openCatalog(options, io);
    try {
      const choice = await chooseKernels({ named: [release], catalog, options, io });
      checkTarget(target, choice.named);
      const kernels = carriersOn(choice, target, [profile]);
      checkProfile(profile, componentIdsOf(choice.kernels));
      const judges = judgesFor(kernels, [profile], { ...choice.judging, target });
      const graph = buildRouteGraph({ judges, rollback: false });
      const named = choice.named[0]?.release ?? release;
      const reach = computeReach(graph, { release: named, profile: profile.name, target, ...limit });
      printResult({ terminal: () => renderReach(reach, io.render), json: () => reach }, options, io);
      return reach.reached.length > 0 ? 0 : 1;
    } finally {
      catalog.close();
    }
  },
});
