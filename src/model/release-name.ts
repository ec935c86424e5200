import SemVer from 'semver/classes/semver.js';
import compareBuild from 'semver/functions/compare-build.js';
import { byCodeUnit } from './canonical.ts';

// The names of kernels: `6.18.5`, `7.3-rc7`, `6.12.107+deb13`, `5.14.0-427.13.1.el9_4`, `6.8.0-31-generic`,
// `next-20260928`, `7.2.12+pci-liveupdate-v7`. Upstream writes X.Y for what semver calls X.Y.0, and -rcN for a
// pre-release; anything else behind the numbers was put there by a vendor.

export interface ReleaseName {
  /** As given. */
  name: string;
  /** `7.2`; `next` for a snapshot of linux-next. */
  series: string;
  /** The upstream release: `7.2.12`, `7.3-rc7`, `5.14`. */
  base: string;
  vendor: string | null;
  /** For ordering: numbers, -rc as a pre-release, the vendor as build metadata. */
  version: SemVer;
}

const NUMBERED = /^v?(\d+)\.(\d+)(?:\.(\d+))?(?:-rc(\d+))?(?:([-+~_.])(.+))?$/;
const NEXT = /^next-(\d{8})(?:[-+](.+))?$/;

/** Reads a kernel's name; undefined for text that is not one. */
export function parseReleaseName(name: string): ReleaseName | undefined {
  const next = NEXT.exec(name);
  if (next) {
    const [, date, vendor = null] = next;
    const version = new SemVer(`9999.0.0+${date}`);
    return { name, series: 'next', base: `next-${date}`, vendor, version };
  }
  const match = NUMBERED.exec(name);
  if (!match) return undefined;
  const [, major, minor, patch, rc, , vendor] = match;
  const series = `${major}.${minor}`;
  const numbers = patch !== undefined && Number(patch) > 0 ? `${series}.${Number(patch)}` : series;
  const base = rc === undefined ? numbers : `${numbers}-rc${rc}`;
  return { name, series, base, vendor: vendor ?? null, version: semverOf(series, patch, rc, vendor) };
}

function semverOf(series: string, patch = '0', rc?: string, vendor?: string): SemVer {
  const identifiers = vendor?.split(/[.+~_]/).map((part) => part.replace(/[^0-9A-Za-z-]/g, '-') || '0');
  const build = identifiers ? `+${identifiers.join('.')}` : '';
  const pre = rc === undefined ? '' : `-rc.${Number(rc)}`;
  return new SemVer(`${series}.${Number(patch)}${pre}${build}`);
}

/** Orders kernels as they follow one another: 6.19 before 7.0, -rc before its release, upstream before a vendor's. */
export function compareReleases(one: string, other: string): number {
  const a = parseReleaseName(one);
  const b = parseReleaseName(other);
  if (!a || !b) return a ? -1 : b ? 1 : byCodeUnit(one, other);
  return compareBuild(a.version, b.version) || byCodeUnit(one, other);
}
