import type { Asking } from '../asking.ts';
import type { Environment, OpenCatalogOptions } from '../open-catalog.ts';

/** What questions about the revisions of a tree have in common. */
export interface HistoryOptions extends Asking {
  /** The folder of the git repository (default: the current one), where the revisions do not name another. */
  repo?: string | undefined;
  /** Where the folder is looked for in which captures keep what they parsed (default: below the home). */
  env?: Environment;
}

/** Where kernels are looked for that may use a marker's value already. */
export interface KnownOptions extends Pick<Asking, 'note'> {
  /** A catalog; false for none, so that the tags of the repository alone are asked (default: the shipped one, where it is at hand). */
  catalog?: OpenCatalogOptions | false;
  env?: Environment;
}
