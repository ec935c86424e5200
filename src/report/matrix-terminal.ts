import type { MatrixGroup, MatrixPair, PairClass, ProfileMatrix } from '../model/outputs.ts';
import { gatherBlocks } from '../model/pair-block.ts';
import type { Verdict } from '../model/verdict-kind.ts';
import { badness, VERDICTS } from '../model/verdict-kind.ts';
import { renderClassGrid } from './matrix-classes.ts';
import { renderFailures } from './matrix-failures.ts';
import { renderTested } from './matrix-tested.ts';
import { releaseRanges } from './release-ranges.ts';
import type { RenderOptions } from './style.ts';
import { LEGEND, signOf, verdictText } from './style.ts';

const CLASS_NAMES: readonly PairClass[] = ['stable-sequential', 'main+1', 'stable+2'];
const CELL = 5;

/** The matrix of a profile, outgoing down, incoming across, and under it what each class of pairs comes to. */
export function renderMatrix(matrix: ProfileMatrix, options: RenderOptions): string {
  const { chalk } = options;
  const title = `${chalk.bold(matrix.profile)} on ${matrix.target}`;
  if (matrix.releases.length === 0) {
    return `${title}\n  no kernel in this selection can preserve ${matrix.profile} state\n`;
  }
  const grid = isSquare(matrix) ? (renderClassGrid(matrix, options) ?? renderGrid(matrix, options)) : [];
  const tested = renderTested(matrix.pairs, options);
  const failures = matrix.groups ? renderFailures(matrix.pairs, options) : [];
  return `${[title, ...grid, ...failures, ...renderClasses(matrix, options), ...tested].join('\n')}\n`;
}

/** What the signs mean, once under all matrices. */
export function renderLegend({ chalk }: RenderOptions): string {
  const entries = LEGEND.map((sign) => `  ${sign.paint(chalk, ` ${sign.mark} `)} ${sign.label}`);
  return `Outgoing kernel down, incoming kernel across.\n${entries.join('\n')}\n`;
}

function isSquare({ pairs, releases }: ProfileMatrix): boolean {
  return pairs.length === releases.length ** 2;
}

/** `7.2` over `.12`: the series where it begins, the rest below it. Longer names are numbered, as the rows are. */
function headings(releases: readonly string[], first: number): [series: string[], rest: string[]] {
  if (releases.some(isLong))
    return [releases.map(() => ''), releases.map((_, index) => String(first + index))];
  const split = releases.map((release) => /^(\d+\.\d+)(.*)$/.exec(release) ?? ['', release, '']);
  const series = split.map(([, name = ''], index) => (split[index - 1]?.[1] === name ? '' : name));
  return [series, split.map(([, , rest = '']) => rest || '.0')];
}

function isLong(release: string): boolean {
  return release.length > 9;
}

function renderGrid(matrix: ProfileMatrix, { chalk, width }: RenderOptions): string[] {
  const { pairs, groups = [] } = matrix;
  const releases = groups.length > 0 ? groups.flatMap((group) => group.releases) : matrix.releases;
  const headOf = new Map(groups.map((group) => [group.releases[0], group]));
  const names = rowNames(releases);
  const label = Math.max(...names.map(({ length }) => length)) + 3;
  const cell = groups.length > 0 ? Math.max(2, String(releases.length).length) + 1 : CELL;
  const shown = Math.min(releases.length, Math.max(1, Math.floor((width - label) / cell)));
  const columns = releases.slice(-shown);
  const byPair = new Map(pairs.map((pair) => [`${pair.outgoing} ${pair.incoming}`, pair]));
  const heads = headings(columns, releases.length - shown + 1)
    .map((line) => line.map((text) => fitHeading(text, { cell, isNumber: groups.length > 0 })).join(''))
    .filter((line) => line.trim() !== '');
  const rows = releases.flatMap((outgoing, index) => {
    const cells = columns.map((incoming, column) =>
      renderCell(byPair.get(`${outgoing} ${incoming}`), chalk, {
        width: cell,
        end: headOf.has(columns[column + 1]) ? '|' : ' ',
      }),
    );
    return [
      ...renderGroup(headOf.get(outgoing), chalk),
      `${`  ${names[index]}`.padEnd(label)}${cells.join('').trimEnd()}`,
    ];
  });
  const left = releases.length - shown;
  const note = left > 0 ? [chalk.dim(`  ${left} older incoming kernels do not fit ${width} columns`)] : [];
  return [...heads.map((line) => `${' '.repeat(label)}${line}`.trimEnd()), ...rows, ...note];
}

/** A number stands over the sign of its column, a name begins where its column does. */
function fitHeading(text: string, { cell, isNumber }: { cell: number; isNumber: boolean }): string {
  const short = text.slice(0, cell - 1);
  return (isNumber ? short.padStart(Math.min(2, cell - 1)) : short).padEnd(cell);
}

function rowNames(releases: readonly string[]): string[] {
  if (!releases.some(isLong)) return [...releases];
  return releases.map((release, index) => `${String(index + 1).padStart(3)} ${release}`);
}

/** The line above the first kernel of a group. */
function renderGroup(group: MatrixGroup | undefined, chalk: RenderOptions['chalk']): string[] {
  return group ? [chalk.dim(`  ${group.series}, ${group.component}: ${group.marker}`)] : [];
}

function renderCell(
  pair: MatrixPair | undefined,
  chalk: RenderOptions['chalk'],
  { width, end }: { width: number; end: string },
): string {
  if (!pair) return ' '.repeat(width - 1) + end;
  const sign = signOf(pair.verdict, pair.effect);
  const text = ` ${sign.mark} `.slice(0, width - 1);
  return sign.paint(chalk, text) + ' '.repeat(width - 1 - text.length) + end;
}

function renderClasses({ classes, pairs, releases }: ProfileMatrix, options: RenderOptions): string[] {
  return CLASS_NAMES.flatMap((name) => {
    const count = classes[name];
    if (!count || count.pairs === 0) return [];
    const members = pairs.filter((pair) => pair.class.includes(name));
    const head = `  ${name.padEnd(18)} ${count.safe} of ${count.pairs} safe${countWords(count.verdicts)}`;
    return [head, ...listUnsafe(members, releases, options)];
  });
}

function countWords(verdicts: Partial<Record<Verdict, number>>): string {
  const unsafe = VERDICTS.filter((verdict) => !verdict.startsWith('compatible') && verdicts[verdict]);
  return unsafe.length > 0
    ? `: ${unsafe.map((verdict) => `${verdicts[verdict]} ${verdict}`).join(', ')}`
    : '';
}

/** Worst first; kernels whose pairs fail alike in one line. */
function listUnsafe(
  pairs: readonly MatrixPair[],
  releases: readonly string[],
  { chalk }: RenderOptions,
): string[] {
  const unsafe = pairs.filter(({ verdict }) => !verdict.startsWith('compatible'));
  const ordered = [...unsafe].sort((a, b) => badness(a.verdict, a.effect) - badness(b.verdict, b.effect));
  const blocks = gatherBlocks(ordered, ({ verdict, effect, decidedBy }) => [verdict, effect, decidedBy]);
  return blocks.map(({ outgoing, incoming, pair }) => {
    const { verdict, effect, decidedBy } = pair;
    const sign = signOf(verdict, effect);
    const cause = decidedBy ? `  ${chalk.dim(`${decidedBy.component}: ${decidedBy.subject}`)}` : '';
    const way = `${releaseRanges(outgoing, releases)} -> ${releaseRanges(incoming, releases)}`.padEnd(22);
    return `    ${sign.paint(chalk, ` ${sign.mark} `)} ${way} ${verdictText(verdict, effect)}${cause}`;
  });
}
