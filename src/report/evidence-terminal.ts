import type { Agreement, EvidenceDocument, ListedEvidence, PairEvidence } from '../model/evidence.ts';
import type { RenderOptions } from './style.ts';
import { verdictText } from './style.ts';
import { wrap } from './wrap.ts';

/** The records, one a line; under a record that contradicts its prediction, both. */
export function renderEvidenceList(records: readonly ListedEvidence[], options: RenderOptions): string {
  if (records.length === 0) return 'no such test is recorded\n';
  const rows = records.map((record) => [
    labelOf(record),
    `${record.outgoing} -> ${record.incoming}`,
    `${record.profile} on ${record.target}`,
    record.outcome,
    record.date,
    record.id,
  ]);
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = records.flatMap((record, index) => {
    const cells = (rows[index] ?? []).map((cell, column) => cell.padEnd(widths[column] ?? 0));
    const [agreement = '', ...rest] = cells;
    return [
      `${paint(record.agreement, agreement, options)}  ${rest.join('  ')}`,
      ...detailsOf(record, options),
    ];
  });
  return `${lines.join('\n')}\n${renderTally(records)}\n`;
}

/** What was tested beside no prediction is told by the reason. */
function labelOf({ agreement, changed, settled }: ListedEvidence): string {
  if (agreement !== 'untested') return agreement;
  if (settled) return 'settled';
  return changed ? 'changed' : 'unpredicted';
}

function paint(agreement: Agreement, text: string, { chalk }: RenderOptions): string {
  if (agreement === 'agrees') return chalk.green(text);
  return agreement === 'disagrees' ? chalk.redBright(text) : chalk.gray(text);
}

function detailsOf(record: ListedEvidence, options: RenderOptions): string[] {
  const { agreement, predicted, settled } = record;
  const told = [
    ...changesOf(record),
    ...imagesOf(record),
    ...(agreement === 'disagrees' && predicted
      ? [`predicted ${verdictText(predicted.verdict, predicted.effect)}`, ...seenBy(record)]
      : []),
    ...(settled ? [`settled by ${settled.by}, ${settled.date}: ${settled.reason}`] : []),
  ];
  return told.flatMap((text) => wrap(text, options.width, '    '));
}

/** Which builds were booted, where the record says so. */
function imagesOf({ images, outgoing, incoming }: EvidenceDocument): string[] {
  const sides = [
    ['outgoing', outgoing, images?.outgoing],
    ['incoming', incoming, images?.incoming],
  ] as const;
  return sides.flatMap(([side, release, digest]) =>
    digest === undefined ? [] : [`${side}: the build of ${release} with the SHA-256 ${digest}`],
  );
}

function changesOf({ changed, outgoing, incoming }: EvidenceDocument): string[] {
  const sides = [
    ['outgoing', outgoing, changed?.outgoing],
    ['incoming', incoming, changed?.incoming],
  ] as const;
  return sides.flatMap(([side, release, change]) =>
    change === undefined ? [] : [`${side}: a ${release} ${change}`],
  );
}

function seenBy({ who, how, seen, conditions = [], log }: EvidenceDocument): string[] {
  return [
    `${who}: ${how}`,
    ...(seen === undefined ? [] : [`seen: ${seen}`]),
    ...(conditions.length > 0 ? [`conditions: ${conditions.join('; ')}`] : []),
    ...(log === undefined ? [] : [`log: ${log}`]),
  ];
}

function renderTally(records: readonly ListedEvidence[]): string {
  const count = (agreement: Agreement): number =>
    records.filter((record) => record.agreement === agreement).length;
  const parts = [`${count('agrees')} agree`, `${count('disagrees')} disagree`];
  const rest = count('untested');
  const more = rest > 0 ? [`${rest} beside no prediction (changed kernels, settled, or not known here)`] : [];
  return `${[...parts, ...more].join(', ')}`;
}

/** What is recorded of a pair, under its verdict. What was only predicted is never called tested. */
export function renderPairEvidence(evidence: PairEvidence, options: RenderOptions): string[] {
  const { chalk, width } = options;
  const { agreement, records, disagreeing } = evidence;
  if (agreement === 'disagrees') {
    const contrary = records.filter(({ id }) => disagreeing.includes(id));
    const head = `tests disagree with this prediction: ${contrary.length} of ${records.length} recorded; do not trust it until they are settled`;
    const told = contrary.flatMap((record) => [
      `${record.id}: ${record.outcome}, ${record.date}`,
      ...seenBy(record),
    ]);
    return [
      ...wrap(head, width, '  ').map((line) => chalk.redBright(line)),
      ...told.flatMap((text) => wrap(text, width, '    ')),
    ];
  }
  if (agreement === 'agrees') {
    const last = records.findLast(({ changed, settled }) => changed === undefined && settled === undefined);
    const by = last ? ` (${last.who}, ${last.date})` : '';
    return wrap(`tested: agrees with this prediction${by}`, width, '  ').map((line) => chalk.green(line));
  }
  return [chalk.dim(`  predicted, not tested${besideTests(records)}`)];
}

function besideTests(records: readonly EvidenceDocument[]): string {
  if (records.length === 0) return '';
  const tests = records.length === 1 ? '1 record' : `${records.length} records`;
  return `; ${tests} of it beside no prediction (changed kernels, settled, or an unknown verdict)`;
}
