import { nearest } from '../model/nearest.ts';
import { compareReleases, parseReleaseName } from '../model/release-name.ts';
import type { KernelRow } from './catalog.ts';

// What to say of a release that is not known.

/** No kernel has a longer name (utsname holds 64 bytes); nothing is near one that is longer. */
const LONGEST_NAME = 64;
const NEAREST_SHOWN = 3;
/** Characters that a slip of the hand changes. */
const SLIP = 2;

type Row = Pick<KernelRow, 'release' | 'series' | 'vendor'>;

/**
 * Up to three known releases that are near one that is not: its base, a vendor's kernel of its series that is called nearly
 * the same, and the upstream releases before and after it in its series. None where nothing is near.
 */
export function nearestReleases(text: string, rows: readonly Row[]): string[] {
  if (text.length > LONGEST_NAME) return [];
  const name = parseReleaseName(text);
  const names = rows.map(({ release }) => release);
  if (!name) return nearest(text, names, SLIP);
  const inSeries = rows.filter(({ series }) => series === name.series);
  const upstream = inSeries.flatMap(({ release, vendor }) => (vendor === null ? [release] : []));
  const before = upstream.filter((release) => compareReleases(release, text) <= 0).slice(-2);
  const after = upstream.filter((release) => compareReleases(release, text) > 0).slice(0, 1);
  const base = names.filter((release) => release === name.base);
  const vendors = inSeries.flatMap(({ release, vendor }) => (vendor === null ? [] : [release]));
  const own = name.vendor === null ? [] : [...beginningsOf(text, vendors), ...nearest(text, vendors, SLIP)];
  const found = [...base, ...own, ...before.reverse(), ...after];
  return [...new Set(found.length > 0 ? found : nearest(text, names, 1))].slice(0, NEAREST_SHOWN);
}

/** The vendor's kernel whose name goes on in another one: `7.3.4+deb13` in `7.3.4+deb13-amd64`. */
function beginningsOf(text: string, names: readonly string[]): string[] {
  return names.filter((name) => text.startsWith(name) && /^[-+~_.]/.test(text.slice(name.length)));
}

/** Why a release is not known and what to ask instead, to stand behind its name: `; its base is 7.0: check 7.0 …`. */
export function unknownReleaseHint(text: string, rows: readonly Row[]): string {
  const near = nearestReleases(text, rows);
  const base = baseHint(text, rows);
  const others = near.filter((release) => release !== parseReleaseName(text)?.base || base === '');
  return `${base}${others.length > 0 ? `; nearest: ${others.join(', ')}` : rangeHint(text, near, rows)}`;
}

/** A vendor's kernel is judged by its base only as long as nothing better is at hand. */
function baseHint(text: string, rows: readonly Row[]): string {
  const name = parseReleaseName(text);
  if (!name || name.vendor === null) return '';
  const isKnown = rows.some(({ release }) => release === name.base);
  if (!isKnown) return `; its base is ${name.base}, which is not known either: give its package`;
  return `; its base is ${name.base}: check ${name.base} …, or give its package`;
}

function rangeHint(text: string, near: readonly string[], rows: readonly Row[]): string {
  const upstream = rows.filter(({ vendor }) => vendor === null);
  const [oldest, newest] = [upstream[0], upstream.at(-1)];
  if (near.length > 0 || !parseReleaseName(text) || !oldest || !newest) return '';
  return `; known are ${oldest.release} to ${newest.release}`;
}
