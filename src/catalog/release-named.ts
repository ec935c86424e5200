import { existsSync } from 'node:fs';
import { ToolError } from '../errors.ts';
import type { KernelRow } from './catalog.ts';

/**
 * The release that a name or an abbreviation means: itself, or the newest upstream kernel of a series; undefined where it
 * means none, or a file of that name is there.
 * @throws ToolError RELEASE_AMBIGUOUS
 */
export function releaseNamed(text: string, rows: readonly KernelRow[]): string | undefined {
  if (rows.some(({ release }) => release === text)) return text;
  const inSeries = rows.filter(({ series }) => series === text);
  const upstream = inSeries.filter(({ vendor }) => vendor === null);
  const newest = (upstream.length > 0 ? upstream : inSeries).at(-1);
  if (newest) return newest.release;
  const begins = rows.filter(
    ({ release }) => release.startsWith(text) && /^[^0-9]/.test(release.slice(text.length)),
  );
  if (text === '' || begins.length === 0 || existsSync(text)) return undefined;
  if (begins.length === 1) return begins[0]?.release;
  const names = begins.map(({ release }) => release);
  const shown = names.length > 5 ? `${names.slice(0, 5).join(', ')}, …` : names.join(', ');
  throw new ToolError('RELEASE_AMBIGUOUS', `${text} may mean ${shown}`);
}
