import { byDefaultWord } from '../model/availability.ts';
import type { ListOutput } from '../model/outputs.ts';
import type { RenderOptions } from './style.ts';

const MARKERS = ['kho', 'luo', 'luo-session', 'luo-flb', 'memfd', 'pci'] as const;

/** The kernels known, one a line, with the markers that they write. */
export function renderList({ releases }: ListOutput, { chalk }: RenderOptions): string {
  const rows = releases.map(({ release, base, vendor, date, source, kho, markers, tests }) => [
    release,
    base,
    vendor ?? '',
    date ?? '',
    source,
    kho.built,
    byDefaultWord(kho),
    kho.off.map((option) => option.replace(/^CONFIG_/, '')).join(' '),
    ...MARKERS.map((id) => String(markers[id] ?? '')),
    tests > 0 ? String(tests) : '',
  ]);
  const head = [
    'release',
    'base',
    'vendor',
    'date',
    'source',
    'built',
    'default',
    'switched off',
    ...MARKERS,
    'tests',
  ];
  const used = head.map((_, column) => rows.some((row) => row[column] !== ''));
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => (used[column] ? `${cell.padEnd(widths[column] ?? 0)}  ` : ''))
      .join('')
      .trimEnd();
  return `${[chalk.bold(line(head)), ...rows.map(line)].join('\n')}\n`;
}
