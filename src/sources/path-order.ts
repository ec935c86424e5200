/*
 * Archives of a kernel are written in one of three orders, and knowing which tells when nothing wanted
 * can follow:
 *   git archive       by byte, folders with their slash:     a.c  a/  a/b
 *   find | sort       by byte, folders without a slash:      a  a.c  a/b
 *   tar --sort=name   folder by folder, as dpkg-deb does:    a/  a/b  a.c
 */
interface Order {
  /** The archive is in this order when the keys of its paths ascend. */
  key(path: string): string;
  /** A key below those of all paths that begin with the prefix, above those of what sorts before. */
  prefixKey(prefix: string): string;
}

const slashFirst = (path: string) => path.replaceAll('/', '\0');
const asIs = (path: string) => path;

const ORDERS: readonly Order[] = [
  { key: asIs, prefixKey: asIs },
  { key: (path) => (path.endsWith('/') ? path.slice(0, -1) : path), prefixKey: asIs },
  { key: slashFirst, prefixKey: slashFirst },
];

/** An order is believed in when so many paths kept it; by chance that never happens. */
const TRUSTED_COUNT = 64;

/** Follows the order of an archive's paths and knows what can still come. */
export class PathOrder {
  #orders = ORDERS;
  #previous: string | undefined;
  #count = 0;

  /** True while the paths so far ascend in one of the orders. */
  get isSorted(): boolean {
    return this.#orders.length > 0;
  }

  /** Takes note of the next path. */
  add(path: string): void {
    const previous = this.#previous;
    this.#previous = path;
    this.#count++;
    if (previous === undefined || previous === path) return;
    const isAscending = (order: Order) => order.key(previous) < order.key(path);
    if (!this.#orders.every(isAscending)) this.#orders = this.#orders.filter(isAscending);
  }

  /**
   * True when `path`, and all that sorts behind it, lies behind everything that begins with a prefix.
   * Never before enough paths have shown that there is an order.
   */
  isBehind(path: string, prefixes: readonly string[]): boolean {
    if (!this.isSorted || this.#count < TRUSTED_COUNT) return false;
    if (prefixes.some((prefix) => path.startsWith(prefix))) return false;
    return this.#orders.every((order) =>
      prefixes.every((prefix) => order.key(path) > order.prefixKey(prefix)),
    );
  }

  /**
   * True when a path that begins with a prefix can lie between two others: `from` included, `to` not;
   * no `to` is the end of the archive.
   */
  canHold(from: string, to: string | undefined, prefixes: readonly string[]): boolean {
    return this.#orders.some((order) =>
      prefixes.some((prefix) => {
        const low = order.prefixKey(prefix);
        const isBeforeEnd = to === undefined || order.key(to) > low;
        return isBeforeEnd && (from.startsWith(prefix) || order.key(from) <= low);
      }),
    );
  }
}
