import type { Effect } from './verdict-kind.ts';

/**
 * Something that equal bytes do not show, recorded by people: data that means something else, or is lost, in some
 * releases.
 */
export interface Erratum {
  $schema: string;
  /**
   * @minimum 1
   * @asType integer
   */
  schemaVersion: number;
  /** Equal to the file name. */
  id: string;
  component: string;
  /** Which kernel of the pair has the fault. */
  side: 'incoming' | 'outgoing';
  /** Releases that have it: `6.19.0 - 6.19.8`, in semver's range language, series releases as `X.Y.0`. */
  releases: string;
  /** What happens to the data; absent where nothing is lost. */
  effect?: Effect;
  /** One sentence. */
  summary: string;
  /** When it bites, and what an operator can do. */
  condition: string;
  /** The first releases without it. */
  fixedIn: string[];
  /** Commit, message id or observation that it rests on. */
  source: string;
}
