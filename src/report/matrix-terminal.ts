import { isLoss } from '../model/condition.ts';
import type { PairClass } from '../model/outputs.ts';
import type { PairTable, TableAnswer, UnitPair } from '../model/pair-table.ts';
import { answerAt, countOf, pairsOf } from '../model/pair-table.ts';
import { badness, VERDICTS } from '../model/verdict-kind.ts';
import { renderClassGrid } from './matrix-classes.ts';
import { renderFailures, renderOff } from './matrix-failures.ts';
import { linesAlone, linesByClass, renderNumbered, shortened, widthOf } from './matrix-fit.ts';
import { renderTested } from './matrix-tested.ts';
import { namedBlocks } from './named-blocks.ts';
import { releaseRanges } from './release-ranges.ts';
import type { RenderOptions } from './style.ts';
import { LEGEND, signOf, verdictText } from './style.ts';
import { wrap } from './wrap.ts';

const CLASS_NAMES: readonly PairClass[] = ['stable-sequential', 'main+1', 'stable+2'];
const CELL = 5;
const CONDITIONS_SHOWN = 12;
/** Before the words about a pair. */
const MARGIN = '        ';

export interface MatrixRenderOptions extends RenderOptions {
  /** Every kernel a row and a column, however wide the window is. */
  isWide?: boolean;
}

/** The matrix of a profile, outgoing down, incoming across, and under it what each class of pairs comes to. */
export function renderMatrix(matrix: PairTable, options: MatrixRenderOptions): string {
  const { chalk } = options;
  const title = `${chalk.bold(matrix.profile)} on ${matrix.target}`;
  if (matrix.releases.length === 0) {
    return `${title}\n  no kernel in this selection can preserve ${matrix.profile} state\n`;
  }
  const { releases } = matrix;
  const pairs = pairsOf(matrix);
  const grid = isSquare(matrix) ? renderFitting(matrix, options) : [];
  const tested = renderTested(matrix, options);
  const failures = matrix.groups ? renderFailures(pairs, releases, options) : [];
  const off = [...renderOff(pairs, releases, options), ...renderConditions(pairs, releases, options)];
  return `${[title, ...grid, ...failures, ...off, ...renderClasses(matrix, options), ...tested].join('\n')}\n`;
}

/**
 * The grid in the first form that fits the window: names over the columns, of classes of equal kernels where there are
 * some; numbers over them; digits one above the other; at last without the oldest columns.
 */
function renderFitting(matrix: PairTable, { isWide = false, ...options }: MatrixRenderOptions): string[] {
  const { groups, releases } = matrix;
  const alone = linesAlone(matrix);
  const isNumbered = groups !== undefined || releases.some(isLong);
  if (isWide && !isNumbered) return renderGrid(matrix, options);
  if (isWide) return renderNumbered(alone, matrix, { ...options, cell: 3, isWide });
  const named = isNumbered ? undefined : (renderClassGrid(matrix, options) ?? renderNames(matrix, options));
  if (named) return named;
  const joined = linesByClass(matrix);
  const forms = [
    { lines: alone, cell: 3 },
    { lines: joined, cell: 3 },
    { lines: joined, cell: 2 },
  ] as const;
  const last = { lines: shortened(joined), cell: 2 } as const;
  const { lines, cell } = forms.find((form) => widthOf(form.lines, form.cell) <= options.width) ?? last;
  return renderNumbered(lines, matrix, { ...options, cell, isWide });
}

/** Pairs that pass unless something holds that the profile does not say. */
function renderConditions(
  pairs: readonly UnitPair[],
  releases: readonly string[],
  { chalk, width }: RenderOptions,
): string[] {
  const losses = ({ conditions = [] }: TableAnswer): string[] => conditions.filter(isLoss);
  const bound = pairs.filter(
    ({ answer }) => answer.verdict.startsWith('compatible') && losses(answer).length > 0,
  );
  const blocks = namedBlocks(bound, releases, losses);
  if (blocks.length === 0) return [];
  return [
    '  safe, but',
    ...blocks.slice(0, CONDITIONS_SHOWN).flatMap(({ outgoing, incoming, pair }) => {
      const way = `${releaseRanges(outgoing, releases)} -> ${releaseRanges(incoming, releases)}:`;
      return wrap(`${way} ${losses(pair).join('; ')}`, width, '    ').map((line) => chalk.yellow(line));
    }),
    ...(blocks.length > CONDITIONS_SHOWN
      ? [`    and ${blocks.length - CONDITIONS_SHOWN} more: pairs lists them`]
      : []),
  ];
}

/** What the signs mean, once under all matrices. */
export function renderLegend({ chalk }: RenderOptions): string {
  const entries = LEGEND.map((sign) => `  ${sign.paint(chalk, ` ${sign.mark} `)} ${sign.label}`);
  return `Outgoing kernel down, incoming kernel across.\n${entries.join('\n')}\n`;
}

function isSquare(matrix: PairTable): boolean {
  return matrix.only === undefined || countOf(pairsOf(matrix)) === matrix.releases.length ** 2;
}

/** `7.2` over `.12`: the series where it begins, the rest below it. */
function headings(releases: readonly string[]): [series: string[], rest: string[]] {
  const split = releases.map((release) => /^(\d+\.\d+)(.*)$/.exec(release) ?? ['', release, '']);
  const series = split.map(([, name = ''], index) => (split[index - 1]?.[1] === name ? '' : name));
  return [series, split.map(([, , rest = '']) => rest || '.0')];
}

/** Too long to be split over a column. */
function isLong(release: string): boolean {
  return release.length > 9;
}

/** Names over the columns, where they fit. */
function renderNames(matrix: PairTable, options: RenderOptions): string[] | undefined {
  const { releases } = matrix;
  return labelOf(releases) + CELL * releases.length > options.width ? undefined : renderGrid(matrix, options);
}

function labelOf(releases: readonly string[]): number {
  return releases.reduce((most, { length }) => Math.max(most, length), 0) + 3;
}

function renderGrid(matrix: PairTable, { chalk }: RenderOptions): string[] {
  const { releases } = matrix;
  const label = labelOf(releases);
  const heads = headings(releases)
    .map((line) => line.map((text) => text.slice(0, CELL - 1).padEnd(CELL)).join(''))
    .filter((line) => line.trim() !== '');
  const rows = releases.map((outgoing, from) => {
    const cells = releases.map((_incoming, to) => renderCell(answerAt(matrix, from, to), chalk));
    return `${`  ${outgoing}`.padEnd(label)}${cells.join('').trimEnd()}`;
  });
  return [...heads.map((line) => `${' '.repeat(label)}${line}`.trimEnd()), ...rows];
}

function renderCell(pair: TableAnswer | undefined, chalk: RenderOptions['chalk']): string {
  if (!pair) return ' '.repeat(CELL);
  const sign = signOf(pair.verdict, pair.effect);
  const text = ` ${sign.mark} `;
  return sign.paint(chalk, text) + ' '.repeat(CELL - text.length);
}

function renderClasses(table: PairTable, options: RenderOptions): string[] {
  const { only, releases } = table;
  return CLASS_NAMES.filter((name) => only === undefined || name === only).flatMap((name) => {
    const members = table.classPairs(name);
    if (members.length === 0) return [];
    const isPass = ({ answer }: UnitPair): boolean => answer.verdict.startsWith('compatible');
    const safe = countOf(members.filter(isPass));
    const unsafe = members.filter((pair) => !isPass(pair));
    const head = `  ${name.padEnd(18)} ${safe} of ${countOf(members)} safe${countWords(unsafe)}`;
    return [head, ...listUnsafe(unsafe, releases, options)];
  });
}

function countWords(pairs: readonly UnitPair[]): string {
  const words = VERDICTS.flatMap((verdict) => {
    const count = countOf(pairs.filter(({ answer }) => answer.verdict === verdict));
    return count > 0 ? `${count} ${verdict}` : [];
  });
  return words.length > 0 ? `: ${words.join(', ')}` : '';
}

/** Worst first; kernels whose pairs fail alike in one line, or in several where it is too long. */
function listUnsafe(
  pairs: readonly UnitPair[],
  releases: readonly string[],
  { chalk, width }: RenderOptions,
): string[] {
  const rankOf = ({ answer: { verdict, effect } }: UnitPair): number => badness(verdict, effect);
  const ordered = [...pairs].sort((a, b) => rankOf(a) - rankOf(b));
  const blocks = namedBlocks(ordered, releases, ({ verdict, effect, decidedBy }) => [
    verdict,
    effect,
    decidedBy,
  ]);
  return blocks.flatMap(({ outgoing, incoming, pair }) => {
    const { verdict, effect, decidedBy } = pair;
    const sign = signOf(verdict, effect);
    const mark = `    ${sign.paint(chalk, ` ${sign.mark} `)} `;
    const cause = decidedBy ? `${decidedBy.component}: ${decidedBy.subject}` : '';
    const way = `${releaseRanges(outgoing, releases)} -> ${releaseRanges(incoming, releases)}`;
    const what = `${way.padEnd(22)} ${verdictText(verdict, effect)}`;
    const dimmed = cause === '' ? '' : `  ${chalk.dim(cause)}`;
    if (MARGIN.length + what.length + cause.length + 2 <= width) return [`${mark}${what}${dimmed}`];
    const [head = '', ...tail] = wrap(`${way} ${verdictText(verdict, effect)}`, width, MARGIN);
    const last = cause === '' ? [] : wrap(cause, width, `${MARGIN}  `).map((line) => chalk.dim(line));
    return [`${mark}${head.slice(MARGIN.length)}`, ...tail, ...last];
  });
}
