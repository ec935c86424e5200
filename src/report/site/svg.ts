import { parseReleaseName } from '../../model/release-name.ts';
import { signOf } from '../style.ts';
import type { SiteMatrix, Timeline } from './site-data.ts';

// Pictures of a matrix and of the markers over releases, without a script; they hold their colours in both themes, for they
// bring their own ground.

const CELL = 24;
const FONT = 'font-family="ui-monospace,Menlo,Consolas,monospace"';

const TONES: Readonly<Record<string, [ground: string, text: string]>> = {
  X: ['#b00d2b', '#ffffff'],
  P: ['#ffc9c2', '#7a0d0d'],
  R: ['#fde3a7', '#5c3c00'],
  '?': ['#e4d4f7', '#4d1a8a'],
  '-': ['#e6e9ed', '#505a65'],
  n: ['#dcf2dd', '#1b5a2b'],
  '=': ['#b4e2bd', '#0e4521'],
};

/** The matrix by classes, a sign a cell. */
export function renderMatrixSvg({ profile, target, classes, answers }: SiteMatrix): string {
  const names = classes.map(className);
  const label = Math.max(8, ...names.map(({ length }) => length)) * 7 + 44;
  const width = label + classes.length * CELL + 12;
  const height = 56 + classes.length * CELL + 10;
  const symbols = Object.entries(TONES).map(
    ([mark, [ground, text]], at) =>
      `<g id="s${at}"><rect width="22" height="22" rx="3" fill="${ground}"/><text x="11" y="15.5" text-anchor="middle" fill="${text}">${escapeXml(mark)}</text></g>`,
  );
  const marks = Object.keys(TONES);
  const heads = classes.map(
    (_, at) => `<text x="${label + at * CELL + 11}" y="48" text-anchor="middle">${at + 1}</text>`,
  );
  const rows = answers.map((row, at) => {
    const y = 56 + at * CELL;
    const cells = row.map(({ verdict, effect }, column) => {
      const sign = marks.indexOf(signOf(verdict, effect).mark);
      return `<use href="#s${sign}" x="${label + column * CELL}" y="${y}"/>`;
    });
    return `<text x="${label - 8}" y="${y + 15}" text-anchor="end">${escapeXml(`${names[at]} · ${at + 1}`)}</text>${cells.join('')}`;
  });
  const title = `${profile} on ${target}: outgoing kernel down, incoming across`;
  return svg({ width, height, title }, [
    `<defs>${symbols.join('')}</defs>`,
    `<text x="12" y="22" font-size="14" font-weight="700">${escapeXml(title)}</text>`,
    ...heads,
    ...rows,
  ]);
}

/** An upstream kernel speaks for a class where there is one. */
function className(members: readonly string[]): string {
  const first = members.find((release) => parseReleaseName(release)?.vendor === null) ?? members[0] ?? '';
  return members.length === 1 ? first : `${first} and ${members.length - 1} more`;
}

const STEP = 66;
const ROW = 40;

/** The marker that each component bears, release by release; a change begins a new bar. */
export function renderTimeline({ releases, rows }: Timeline): string {
  const label = Math.max(8, ...rows.map(({ component }) => component.length)) * 8 + 24;
  const width = label + releases.length * STEP + 12;
  const height = 62 + rows.length * ROW + 10;
  const title = 'Markers over upstream releases';
  const heads = releases.map(
    (release, at) =>
      `<text x="${label + at * STEP + STEP / 2 - 2}" y="50" text-anchor="middle">${escapeXml(release)}</text>`,
  );
  const bars = rows.flatMap(({ component, markers }, row) => {
    const y = 58 + row * ROW;
    const name = `<text x="${label - 10}" y="${y + 19}" text-anchor="end" font-weight="700">${escapeXml(component)}</text>`;
    return [name, ...runsOf(markers).map((run, at) => barOf(run, at, { label, y }))];
  });
  return svg({ width, height, title }, [
    `<text x="12" y="22" font-size="14" font-weight="700">${title}</text>`,
    ...heads,
    ...bars,
  ]);
}

interface Run {
  marker: string;
  start: number;
  length: number;
}

function runsOf(markers: readonly (string | null)[]): Run[] {
  const runs: Run[] = [];
  for (const [at, marker] of markers.entries()) {
    const last = runs.at(-1);
    if (marker === null) continue;
    if (last?.marker === marker && last.start + last.length === at) last.length += 1;
    else runs.push({ marker, start: at, length: 1 });
  }
  return runs;
}

const GROUNDS = ['#d6e6ff', '#ffe5b8', '#d9f0dc', '#f1dcf7', '#ffd9d4', '#dfe3ea'];

function barOf(
  { marker, start, length }: Run,
  at: number,
  { label, y }: { label: number; y: number },
): string {
  const [x, width] = [label + start * STEP, length * STEP - 4];
  const room = Math.floor((width - 8) / 7);
  const text = marker.length > room ? `${marker.slice(0, Math.max(1, room - 1))}…` : marker;
  const ground = GROUNDS[at % GROUNDS.length];
  return `<g><title>${escapeXml(marker)}</title><rect x="${x}" y="${y}" width="${width}" height="28" rx="5" fill="${ground}"/><text x="${x + width / 2}" y="${y + 18}" text-anchor="middle">${escapeXml(text)}</text></g>`;
}

function svg(
  { width, height, title }: { width: number; height: number; title: string },
  lines: readonly string[],
): string {
  const head = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escapeXml(title)}" font-size="11.5" fill="#14181d" ${FONT}>`;
  return `${[head, '<rect width="100%" height="100%" fill="#ffffff"/>', ...lines, '</svg>'].join('\n')}\n`;
}

/** Text as it stands in XML, also inside of an attribute. */
export function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
