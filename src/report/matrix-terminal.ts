import type { MatrixPair, PairClass, ProfileMatrix } from '../model/outputs.ts';
import type { Verdict } from '../model/verdict-kind.ts';
import { badness, VERDICTS } from '../model/verdict-kind.ts';
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
  const grid = isSquare(matrix) ? renderGrid(matrix, options) : [];
  return `${[title, ...grid, ...renderClasses(matrix, options)].join('\n')}\n`;
}

/** What the signs mean, once under all matrices. */
export function renderLegend({ chalk }: RenderOptions): string {
  const entries = LEGEND.map((sign) => `  ${sign.paint(chalk, ` ${sign.mark} `)} ${sign.label}`);
  return `Outgoing kernel down, incoming kernel across.\n${entries.join('\n')}\n`;
}

function isSquare({ pairs, releases }: ProfileMatrix): boolean {
  return pairs.length === releases.length ** 2;
}

/** `7.2` over `.12`: the series where it begins, the rest below it. */
function headings(releases: readonly string[]): [series: string[], rest: string[]] {
  const split = releases.map((release) => /^(\d+\.\d+)(.*)$/.exec(release) ?? ['', release, '']);
  const series = split.map(([, name = ''], index) => (split[index - 1]?.[1] === name ? '' : name));
  return [series, split.map(([, , rest = '']) => rest || '.0')];
}

function renderGrid({ pairs, releases }: ProfileMatrix, { chalk, width }: RenderOptions): string[] {
  const label = Math.max(...releases.map(({ length }) => length)) + 2;
  const shown = Math.min(releases.length, Math.max(1, Math.floor((width - label) / CELL)));
  const columns = releases.slice(-shown);
  const byPair = new Map(pairs.map((pair) => [`${pair.outgoing} ${pair.incoming}`, pair]));
  const [series, rest] = headings(columns);
  const heading = (cells: readonly string[]): string =>
    ' '.repeat(label) +
    cells
      .map((cell) => cell.slice(0, CELL - 1).padEnd(CELL))
      .join('')
      .trimEnd();
  const rows = releases.map((outgoing) => {
    const cells = columns.map((incoming) => renderCell(byPair.get(`${outgoing} ${incoming}`), chalk));
    return `${`  ${outgoing}`.padEnd(label)}${cells.join('').trimEnd()}`;
  });
  const left = releases.length - shown;
  const note = left > 0 ? [chalk.dim(`  ${left} older incoming kernels do not fit ${width} columns`)] : [];
  return [heading(series), heading(rest), ...rows, ...note];
}

function renderCell(pair: MatrixPair | undefined, chalk: RenderOptions['chalk']): string {
  if (!pair) return ' '.repeat(CELL);
  const sign = signOf(pair.verdict, pair.effect);
  return sign.paint(chalk, ` ${sign.mark} `) + ' '.repeat(CELL - 3);
}

function renderClasses({ classes, pairs }: ProfileMatrix, options: RenderOptions): string[] {
  return CLASS_NAMES.flatMap((name) => {
    const count = classes[name];
    if (!count || count.pairs === 0) return [];
    const members = pairs.filter((pair) => pair.class.includes(name));
    const head = `  ${name.padEnd(18)} ${count.safe} of ${count.pairs} safe${countWords(count.verdicts)}`;
    return [head, ...listUnsafe(members, options)];
  });
}

function countWords(verdicts: Partial<Record<Verdict, number>>): string {
  const unsafe = VERDICTS.filter((verdict) => !verdict.startsWith('compatible') && verdicts[verdict]);
  return unsafe.length > 0
    ? `: ${unsafe.map((verdict) => `${verdicts[verdict]} ${verdict}`).join(', ')}`
    : '';
}

function listUnsafe(pairs: readonly MatrixPair[], { chalk }: RenderOptions): string[] {
  const unsafe = pairs.filter(({ verdict }) => !verdict.startsWith('compatible'));
  const ordered = [...unsafe].sort((a, b) => badness(a.verdict, a.effect) - badness(b.verdict, b.effect));
  return ordered.map((pair) => {
    const { outgoing, incoming, verdict, effect, decidedBy } = pair;
    const sign = signOf(verdict, effect);
    const cause = decidedBy ? `  ${chalk.dim(`${decidedBy.component}: ${decidedBy.subject}`)}` : '';
    const way = `${outgoing} -> ${incoming}`.padEnd(22);
    return `    ${sign.paint(chalk, ` ${sign.mark} `)} ${way} ${verdictText(verdict, effect)}${cause}`;
  });
}
