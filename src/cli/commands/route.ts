import { findRoute } from '../../matrix/route.ts';
import { buildRouteGraph, judgesFor } from '../../matrix/route-graph.ts';
import { findShimmedRoute } from '../../matrix/route-shims.ts';
import { renderRoute } from '../../report/route-terminal.ts';
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
import { shimsBetween, shimsOf } from '../route-shims.ts';

export const command = defineCommand({
  usage: 'route <from> <to>',
  summary: 'The live updates that lead from one kernel to another by safe pairs alone; exit 1 where none do.',
  example: 'luo-abi route 6.18.15 7.3.4 --profile memory --with ./7.3.4+acme1.json',
  options: [
    PROFILE_OPTION,
    TARGET_OPTION,
    ...WAY_OPTIONS,
    {
      flags: '--shims <number>',
      summary: 'hops that so many shims in all would make safe count as well, and what each needs',
    },
    { flags: '--rollback', summary: 'every hop must be safe backwards as well' },
    FORMAT_OPTION,
    COMPONENTS_OPTION,
    CATALOG_OPTION,
  ],
  async run([from = '', to = ''], options, io) {
    const profile = profileOf(options);
    const target = targetOf(options);
    const limit = maxHopsOf(options);
    const most = shimsOf(options);
    const catalog = await openCatalog(options, io);
    try {
      const choice = await chooseKernels({ named: [from, to], catalog, options, io });
      checkTarget(target, choice.named);
      const kernels = carriersOn(choice, target, [profile]);
      checkProfile(profile, componentIdsOf(choice.kernels));
      const judges = judgesFor(kernels, [profile], { ...choice.judging, target });
      const graph = buildRouteGraph({ judges, rollback: options.rollback === true });
      const [start = '', goal = ''] = choice.named.map(({ release }) => release);
      const request = { from: start, to: goal, profile: profile.name, target, ...limit };
      const needs = shimsBetween(profile, target, choice.judging);
      const route =
        most === undefined ? findRoute(graph, request) : findShimmedRoute(graph, { ...request, most, needs });
      printResult({ terminal: () => renderRoute(route, io.render), json: () => route }, options, io);
      return route.hops ? 0 : 1;
    } finally {
      catalog.close();
    }
  },
});
