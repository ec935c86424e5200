import type { TableAnswer, UnitPair } from '../model/pair-table.ts';
import { countOf } from '../model/pair-table.ts';
import type { NamedBlock } from './named-blocks.ts';
import { namedBlocks } from './named-blocks.ts';
import type { RenderOptions } from './style.ts';
import { signOf } from './style.ts';
import { wrap } from './wrap.ts';

// The worst of a matrix that no class of pairs lists. Kernels that fail alike stand in one line:
//    X  7.1.13+a, 7.1.13+b -> 7.1.13+c   pci, pci-v1 on the outgoing side: pci_ser.nr_devices

const SHOWN = 20;

type FailingPairs = NamedBlock<TableAnswer>;

/** The misreads first, then the pairs that panic, each with the marker and what decides. */
export function renderFailures(
  pairs: readonly UnitPair[],
  releases: readonly string[],
  options: RenderOptions,
): string[] {
  const misread = pairs.filter(({ answer: { verdict } }) => verdict === 'misread');
  const panics = pairs.filter(
    ({ answer: { verdict, effect } }) => verdict === 'refused' && effect === 'boot-panic',
  );
  return [
    ...renderKind('misread: accepted and read wrongly', misread, { ...options, releases }),
    ...renderKind('refused with a panic of the incoming kernel', panics, { ...options, releases }),
  ];
}

function renderKind(
  title: string,
  pairs: readonly UnitPair[],
  { releases, ...options }: RenderOptions & { releases: readonly string[] },
): string[] {
  if (pairs.length === 0) return [];
  const rows = namedBlocks(pairs, releases, causeOf).sort(
    (a, b) => Number(isUnmarked(a)) - Number(isUnmarked(b)),
  );
  const rest = rows
    .slice(SHOWN)
    .reduce((sum, { outgoing, incoming }) => sum + outgoing.length * incoming.length, 0);
  return [
    `  ${countOf(pairs)} ${title}`,
    ...rows.slice(0, SHOWN).flatMap((row) => renderRow(row, options)),
    ...(rest > 0 ? [`    and ${rest} more`] : []),
  ];
}

function renderRow({ outgoing, incoming, pair }: FailingPairs, { chalk, width }: RenderOptions): string[] {
  const sign = signOf(pair.verdict, pair.effect);
  const [head = '', ...tail] = wrap(`${outgoing.join(', ')} -> ${incoming.join(', ')}`, width, '        ');
  const marker = pair.marker === undefined ? '' : ` (${pair.marker})`;
  const cause = pair.decidedBy ? `${pair.decidedBy.component}${marker}: ${pair.decidedBy.subject}` : '';
  return [
    `    ${sign.paint(chalk, ` ${sign.mark} `)} ${head.trimStart()}`,
    ...tail,
    ...(cause === '' ? [] : [chalk.dim(`          ${cause}`)]),
  ];
}

/** What no marker guards stands last: that nothing protects it is known. */
function isUnmarked({ pair }: FailingPairs): boolean {
  return pair.marker === undefined || pair.marker === 'no marker';
}

function causeOf({ decidedBy, marker }: TableAnswer): unknown {
  return [decidedBy, marker];
}

/** The kernels that have the code and cannot preserve the state, by the option that is off. */
export function renderOff(
  pairs: readonly UnitPair[],
  releases: readonly string[],
  { chalk, width }: RenderOptions,
): string[] {
  const outgoingByOption = new Map<string, Set<number>>();
  for (const { outgoing, answer } of pairs) {
    const { verdict, decidedBy } = answer;
    if (verdict !== 'unsupported' || decidedBy?.rule !== 'config-disabled') continue;
    const known = outgoingByOption.get(decidedBy.subject) ?? new Set<number>();
    outgoingByOption.set(decidedBy.subject, known);
    for (const position of outgoing) known.add(position);
  }
  return [...outgoingByOption].flatMap(([option, positions]) => {
    const names = [...positions].sort((a, b) => a - b).map((position) => releases[position]);
    const text = `unsupported, since ${option} is not set: ${names.join(', ')}`;
    return wrap(text, width, '  ').map((line) => chalk.dim(line));
  });
}
