import { isLoss } from '../../model/condition.ts';
import type { ClassMatrix, PageAnswer } from '../../model/page.ts';
import { CLASS_MATRIX_SCHEMA_VERSION } from '../../model/page.ts';
import { releaseRanges } from '../release-ranges.ts';
import { LEGEND, signOf } from '../style.ts';
import { markdownCell } from './markdown.ts';
import type { SiteMatrix } from './site-data.ts';

// A matrix as Markdown, JSON and CSV. Markdown and JSON hold one row for each class of kernels that answer alike, the CSV
// one for each kernel as long as they are not very many.

/** `matrix-memfd-x86_64-4k`, without an ending. */
export function matrixName({ profile, target }: SiteMatrix): string {
  return `matrix-${profile}-${target}`;
}

/** The grid by classes, what each class is, and what the signs mean. */
export function renderMatrixMarkdown(matrix: SiteMatrix): string {
  const { profile, target, classes, answers } = matrix;
  const numbers = classes.map((_, at) => at + 1);
  const grid = answers.map((row, at) => {
    const cells = row.map((answer) => `${markOf(answer)}${lossesOf(answer).length > 0 ? '\\*' : ''}`);
    return `| **${at + 1}** | ${cells.join(' | ')} |`;
  });
  return [
    `# ${profile} on ${target}`,
    '',
    `The outgoing kernel down, the incoming one across; each number is a class of kernels with equal answers in every pair.`,
    '',
    `|  | ${numbers.join(' | ')} |`,
    `| --- |${' --- |'.repeat(numbers.length)}`,
    ...grid,
    '',
    '| class | kernels |',
    '| --- | --- |',
    ...classes.map((members, at) => `| **${at + 1}** | ${markdownCell(kernelsText(matrix, members))} |`),
    '',
    ...LEGEND.map(({ mark, label }) => `- \`${mark}\` ${label}`),
    ...listConditions(answers),
    '',
  ].join('\n');
}

function markOf({ verdict, effect }: PageAnswer): string {
  return signOf(verdict, effect).mark;
}

/** What a pass may lose all the same; nothing for what is no pass. */
function lossesOf({ verdict, conditions = [] }: PageAnswer): string[] {
  return verdict.startsWith('compatible') ? conditions.filter(isLoss) : [];
}

/** The conditions of the cells with a star, those that are equal together. */
function listConditions(answers: SiteMatrix['answers']): string[] {
  const cellsByText = new Map<string, string[]>();
  for (const [from, row] of answers.entries()) {
    for (const [to, answer] of row.entries()) {
      const text = lossesOf(answer).join('; ');
      if (text === '') continue;
      cellsByText.set(text, [...(cellsByText.get(text) ?? []), `${from + 1} → ${to + 1}`]);
    }
  }
  if (cellsByText.size === 0) return [];
  const lines = [...cellsByText].map(([text, cells]) => `- ${markdownCell(text)}: ${cells.join(', ')}`);
  return ['- `*` safe under a condition:', '', ...lines];
}

/** All of a class, ranges of upstream as such. */
function kernelsText({ order }: SiteMatrix, members: readonly string[]): string {
  const changed = members.filter((release) => /[+-](?!rc)/.test(release));
  const upstream = members.filter((release) => !changed.includes(release));
  return [...(upstream.length > 0 ? [releaseRanges(upstream, order)] : []), ...changed].join(', ');
}

/** The class matrix, a row a line. */
export function renderMatrixJson({ profile, target, classes, answers }: SiteMatrix): string {
  const known = new Map<string, number>();
  const kinds: PageAnswer[] = [];
  const cells = answers.map((row) =>
    row.map((answer) => {
      const key = JSON.stringify(answer);
      const at = known.get(key) ?? kinds.push(answer) - 1;
      known.set(key, at);
      return at;
    }),
  );
  const document: ClassMatrix = {
    $schema: 'class-matrix.schema.json',
    schemaVersion: CLASS_MATRIX_SCHEMA_VERSION,
    profile,
    target,
    classes: classes.map((members) => [...members]),
    answers: kinds,
    cells,
  };
  return renderClassMatrix(document);
}

/** JSON with one line for each entry of a list at the top: small, and yet readable as a difference. */
export function renderClassMatrix(document: ClassMatrix): string {
  const fields = Object.entries(document).map(([name, value]) => {
    if (!Array.isArray(value)) return ` ${JSON.stringify(name)}: ${JSON.stringify(value)}`;
    const lines = value.map((entry) => `  ${JSON.stringify(entry)}`);
    return ` ${JSON.stringify(name)}: [\n${lines.join(',\n')}\n ]`;
  });
  return `{\n${fields.join(',\n')}\n}\n`;
}

/** So many kernels have a row and a column each in the CSV: with five thousand it would be four hundred megabytes. */
const CSV_KERNELS = 500;

/** A file and its text. A cell holds the verdict in words; the name says whether a row is a kernel or, of very many, a class. */
export function matrixCsv(matrix: SiteMatrix): readonly [name: string, text: () => string] {
  const name = matrixName(matrix);
  return matrix.releases.length > CSV_KERNELS
    ? [`${name}-classes.csv`, () => csvByClass(matrix)]
    : [`${name}.csv`, () => csvByKernel(matrix)];
}

/** `class,kernels,1,2`: behind the number of a class its kernels, with spaces between them. */
function csvByClass({ classes, answers }: SiteMatrix): string {
  const head = ['class', 'kernels', ...classes.map((_, at) => at + 1)].join(',');
  const rows = classes.map((members, from) =>
    [from + 1, csvField(members.join(' ')), ...(answers[from] ?? []).map(csvWord)].join(','),
  );
  return `${[head, ...rows].join('\n')}\n`;
}

function csvByKernel({ releases, numberOf, answers }: SiteMatrix): string {
  const head = ['outgoing', ...releases].map(csvField).join(',');
  const rows = releases.map((release, from) => {
    const own = answers[numberOf[from] as number] ?? [];
    const cells = releases.map((_, to) => csvWord(own[numberOf[to] as number] as PageAnswer));
    return [csvField(release), ...cells].join(',');
  });
  return `${[head, ...rows].join('\n')}\n`;
}

function csvWord({ verdict, effect }: PageAnswer): string {
  if (verdict === 'refused' && effect === 'boot-panic') return 'panic';
  return verdict === 'compatible-with-notes' ? 'notes' : verdict;
}

/** Quoted where it must be; a name that a spreadsheet would calculate is text. */
function csvField(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
