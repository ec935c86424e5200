/*
 * Archives of a kernel are written in one of three orders, and knowing which tells when nothing wanted
 * can follow:
 *   git archive       by byte, folders with their slash:     a.c  a/  a/b
 *   find | sort       by byte, folders without a slash:      a  a.c  a/b
 *   tar --sort=name   folder by folder, as dpkg-deb does:    a/  a/b  a.c
 */
interface Order {
  /** What is compared of a path; a prefix is compared as it stands. */
  key(path: string): string;
  isBefore(one: string, other: string): boolean;
}

const SLASH = 0x2f;
const asIs = (path: string) => path;
const isBefore = (one: string, other: string) => one < other;

const ORDERS: readonly Order[] = [
  { key: asIs, isBefore },
  { key: (path) => (path.endsWith('/') ? path.slice(0, -1) : path), isBefore },
  { key: asIs, isBefore: isBeforeSlashFirst },
];

/** Compares as if a slash were below all else; without making strings, for this runs for every path. */
function isBeforeSlashFirst(one: string, other: string): boolean {
  const length = Math.min(one.length, other.length);
  for (let at = 0; at < length; at++) {
    const left = one.charCodeAt(at);
    const right = other.charCodeAt(at);
    if (left !== right) return right !== SLASH && (left === SLASH || left < right);
  }
  return one.length < other.length;
}

/** An order is believed in when so many paths kept it; by chance that never happens. */
const TRUSTED_COUNT = 64;

/** Follows the order of an archive's paths and knows what can still come. */
export class PathOrder {
  #orders = ORDERS;
  #previous: string | undefined;
  #count = 0;
  #last: { prefixes: readonly string[]; byOrder: Map<Order, string> } | undefined;

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
    const isAscending = ({ key, isBefore }: Order) => isBefore(key(previous), key(path));
    if (!this.#orders.every(isAscending)) this.#orders = this.#orders.filter(isAscending);
  }

  /**
   * True when `path`, and all that sorts behind it, lies behind everything that begins with a prefix.
   * Never before enough paths have shown that there is an order.
   */
  isBehind(path: string, prefixes: readonly string[]): boolean {
    if (!this.isSorted || this.#count < TRUSTED_COUNT) return false;
    const last = this.#lastOf(prefixes);
    const isBehindLast = (order: Order) => order.isBefore(last.get(order) ?? '', order.key(path));
    return this.#orders.every(isBehindLast) && !prefixes.some((prefix) => path.startsWith(prefix));
  }

  /**
   * True when a path that begins with a prefix can lie between two others: `from` included, `to` not;
   * no `to` is the end of the archive.
   */
  canHold(from: string, to: string | undefined, prefixes: readonly string[]): boolean {
    return this.#orders.some((order) =>
      prefixes.some((prefix) => {
        const isAfter = (path: string) => order.isBefore(prefix, order.key(path));
        const isBeforeEnd = to === undefined || isAfter(to);
        return isBeforeEnd && (from.startsWith(prefix) || !isAfter(from));
      }),
    );
  }

  /** The prefix that sorts last in each order; callers ask with the same prefixes again and again. */
  #lastOf(prefixes: readonly string[]): ReadonlyMap<Order, string> {
    if (this.#last?.prefixes === prefixes) return this.#last.byOrder;
    const later =
      ({ isBefore }: Order) =>
      (one: string, other: string) =>
        isBefore(one, other) ? other : one;
    const byOrder = new Map(ORDERS.map((order) => [order, prefixes.reduce(later(order), '')]));
    this.#last = { prefixes, byOrder };
    return byOrder;
  }
}
