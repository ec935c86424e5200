import type { ListOutput, MatricesOutput, MatrixOutput, PairClass } from '../model/outputs.ts';
import type { RouteOutput } from '../model/route.ts';
import type { Target } from '../model/target.ts';

export interface MatrixQuery {
  profile?: string;
  target: Target;
  releases?: string;
  class?: PairClass;
  vendors: boolean;
  allReleases: boolean;
  backward: boolean;
}

export interface RouteQuery {
  /** Releases of the catalog. */
  from: string;
  to: string;
  profile: string;
  target: Target;
  rollback: boolean;
  releases?: string;
  series: boolean;
  maxHops?: number;
}

/** What the command line answers, handed in by it, so that both say the same. All of it is of the server's own catalog. */
export interface Commands {
  list(): ListOutput;
  matrix(query: MatrixQuery): Promise<MatricesOutput | MatrixOutput>;
  route(query: RouteQuery): Promise<RouteOutput>;
  /** The report's page. */
  page(): Promise<string>;
}
