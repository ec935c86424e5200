import type { Layout } from './layout.ts';

// What the HTTP API answers with where no command prints the same.

/** The body of every answer that is not what was asked for. */
export interface HttpProblem {
  /** A code of docs/errors.md; `NOT_FOUND` or `METHOD_NOT_ALLOWED` for a request that no address takes. */
  code: string;
  /** One line. */
  message: string;
  /** Known names that are closest to one that is not known. */
  nearest?: string[];
}

/** `/healthz`. */
export interface HealthOutput {
  status: 'ok';
  version: string;
  /** What the catalog was made from. */
  catalog: string;
  /**
   * @minimum 0
   * @asType integer
   */
  kernels: number;
}

/** One form of a struct, and the kernels that have it. */
export interface StructForm {
  /** In the order of the kernels. */
  releases: string[];
  /** Null where these kernels' own declaration does not give it for the target. */
  layout: Layout | null;
}

/** `/api/structs/NAME`. */
export interface StructHistoryOutput {
  struct: string;
  target: string;
  /** One entry a component that has the struct, by id; its forms in the order of the first kernel of each. */
  components: { id: string; forms: StructForm[] }[];
}
