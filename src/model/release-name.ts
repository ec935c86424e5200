import { byCodeUnit } from './canonical.ts';
import { compareWithNumbers } from './number-order.ts';

// The names of kernels, as releases, tags, packages and `uname -r` write them:
//   6.18.5, 7.3-rc7, v7.2.6, 6.12.107+deb13, 5.14.0-427.13.1.el9_4, 6.8.0-31-generic, 7.2.12+pci-liveupdate-v7, 6.6.64.2-9.azl3
//   6.12.0-0.rc5.44.fc42.x86_64, 6.18.0-061800rc5-generic   an -rc that a vendor writes behind the numbers
//   next-20260928, 7.3.0-rc1-next-20260928                  a snapshot of linux-next, as its tag and as its build say it
//   6.6.72+                                                 a tree with changes of its own
// Upstream writes X.Y for what semver calls X.Y.0, and -rcN for a pre-release; anything else behind the numbers was put there
// by a vendor.

export interface ReleaseName {
  /** As given. */
  name: string;
  /** `7.2`; `next` for a snapshot of linux-next. */
  series: string;
  /** The upstream release: `7.2.12`, `7.3-rc7`, `5.14`. */
  base: string;
  vendor: string | null;
  /** The numbers as semver writes them, -rc as a pre-release: `7.3.0-rc.7`. */
  version: string;
  /** The same to order by: the last is that of an -rc, infinite for a release. */
  order: readonly [major: number, minor: number, patch: number, rc: number];
  /** What a vendor put behind them, with the character that parts the two; empty upstream. */
  tail: string;
}

const NUMBERED = /^v?(\d{1,9})\.(\d{1,9})(?:\.(\d{1,9}))?(?:[-~_]rc(\d{1,9}))?(?![-~_]rc\d)(\+|[-+~_.].+)?$/;
const NEXT = /^(?:v?\d+\.\d+(?:\.\d+)?(?:-rc\d+)?-)?next-(\d{8})([-+].+)?$/;
/** How vendors write an -rc: Fedora and its kin as a release that starts with 0, Ubuntu's builds of mainline in the numbers once more. */
const VENDOR_RC = /^-(?:0\.|\d{6})rc(\d{1,9})(?=[.-])/;

/** Names that were read already: sorting very many kernels asks for each of them again and again. */
const KNOWN = new Map<string, ReleaseName | undefined>();
const KNOWN_LIMIT = 50_000;

/** Reads a kernel's name; undefined for text that is not one. */
export function parseReleaseName(name: string): ReleaseName | undefined {
  if (KNOWN.has(name)) return KNOWN.get(name);
  if (KNOWN.size >= KNOWN_LIMIT) KNOWN.clear();
  const parsed = parseName(name);
  KNOWN.set(name, parsed);
  return parsed;
}

function parseName(name: string): ReleaseName | undefined {
  const next = NEXT.exec(name);
  if (next) {
    const [, date, tail = ''] = next;
    return named({
      name,
      series: 'next',
      base: `next-${date}`,
      tail,
      order: [9999, 0, 0, Number(date)],
      version: `9999.0.0-${date}`,
    });
  }
  const match = NUMBERED.exec(name);
  if (!match) return undefined;
  const [, major, minor, patch = '0', told, tail = ''] = match;
  const rc = told ?? VENDOR_RC.exec(tail)?.[1];
  const series = `${Number(major)}.${Number(minor)}`;
  const pre = rc === undefined ? '' : `-rc${Number(rc)}`;
  const base = `${series}${Number(patch) > 0 ? `.${Number(patch)}` : ''}${pre}`;
  return named({
    name,
    series,
    base,
    tail,
    order: [Number(major), Number(minor), Number(patch), rc === undefined ? Infinity : Number(rc)],
    version: `${series}.${Number(patch)}${pre.replace('rc', 'rc.')}`,
  });
}

function named(name: Omit<ReleaseName, 'vendor'>): ReleaseName {
  return { ...name, vendor: name.tail === '' ? null : name.tail.slice(1) || name.tail };
}

/**
 * Orders kernels as they follow one another: 6.19 before 7.0, -rc before its release, upstream before a vendor's, and a
 * vendor's ninth build before its hundredth.
 */
export function compareReleases(one: string, other: string): number {
  const a = parseReleaseName(one);
  const b = parseReleaseName(other);
  if (!a || !b) return a ? -1 : b ? 1 : byCodeUnit(one, other);
  return compareOrders(a, b) || compareWithNumbers(a.tail, b.tail) || byCodeUnit(one, other);
}

function compareOrders({ order: one }: ReleaseName, { order: other }: ReleaseName): number {
  for (let at = 0; at < one.length; at += 1) {
    const number = one[at] as number;
    const compared = other[at] as number;
    if (number !== compared) return number < compared ? -1 : 1;
  }
  return 0;
}
