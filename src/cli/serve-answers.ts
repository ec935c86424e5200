import type { Catalog } from '../catalog/catalog.ts';
import { ToolError } from '../errors.ts';
import { expandTable } from '../matrix/expand-table.ts';
import { findRoute } from '../matrix/route.ts';
import { buildRouteGraph, judgesFor } from '../matrix/route-graph.ts';
import type { MatricesOutput, MatrixOutput } from '../model/outputs.ts';
import type { RouteOutput } from '../model/route.ts';
import type { Commands, MatrixQuery, RouteQuery } from '../server/commands.ts';
import { carriersOn, chooseKernels } from './choice.ts';
import type { Io } from './command.ts';
import { listReleases } from './commands/list.ts';
import { FIRST_LOOK } from './commands/matrix.ts';
import { judgingFrom } from './judging.ts';
import { profileNamed } from './options.ts';
import { selectKernels, tableOf } from './pair-selection.ts';
import { pageOf } from './serve-page.ts';

/** A matrix of more kernels is not for one answer: a million pairs are two hundred megabytes. */
const MATRIX_LIMIT = 300;

/** What `serve` answers with: what the commands of these names print as JSON. */
export function commandsOver(catalog: Catalog, io: Io): Commands {
  return {
    list: () => listReleases(catalog),
    matrix: (query) => matrix(catalog, query),
    route: (query) => route(catalog, query, io),
    page: () => pageOf(catalog),
  };
}

async function matrix(
  catalog: Catalog,
  { profile, target, class: only, ...options }: MatrixQuery,
): Promise<MatricesOutput | MatrixOutput> {
  if (catalog.kernels().length === 0) throw new ToolError('RELEASE_UNKNOWN', 'the catalog has no kernels');
  const kernels = selectKernels(catalog, options);
  if (kernels.length > MATRIX_LIMIT && only === undefined) {
    const message = `${kernels.length} kernels are too many for one matrix; give a range with releases, or a class`;
    throw new ToolError('USAGE', message);
  }
  const judging = await judgingFrom(catalog);
  const selection = { kernels, target, options, judging, evidence: catalog.evidence(), only };
  if (profile !== undefined) {
    return expandTable(tableOf({ ...selection, profile: profileNamed(profile), carriersOnly: false }));
  }
  const matrices = FIRST_LOOK.map((name) =>
    expandTable(tableOf({ ...selection, profile: profileNamed(name), carriersOnly: true })),
  );
  return { matrices };
}

async function route(catalog: Catalog, query: RouteQuery, io: Io): Promise<RouteOutput> {
  const { from, to, target, rollback, releases, series, maxHops } = query;
  const profile = profileNamed(query.profile);
  const options = { series, ...(releases !== undefined && { releases }) };
  const choice = await chooseKernels({ named: [from, to], catalog, options, io });
  const kernels = carriersOn(choice, target, [profile]);
  const judges = judgesFor(kernels, [profile], { ...choice.judging, target });
  const graph = buildRouteGraph({ judges, rollback });
  const limit = maxHops === undefined ? {} : { maxHops };
  return findRoute(graph, { from, to, profile: profile.name, target, ...limit });
}
