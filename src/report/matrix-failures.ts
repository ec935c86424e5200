import type { MatrixPair } from '../model/outputs.ts';
import type { Block } from '../model/pair-block.ts';
import { gatherBlocks } from '../model/pair-block.ts';
import type { RenderOptions } from './style.ts';
import { signOf } from './style.ts';
import { wrap } from './wrap.ts';

// The worst of a matrix that no class of pairs lists. Kernels that fail alike stand in one line:
//    X  7.1.13+a, 7.1.13+b -> 7.1.13+c   pci, pci-v1 on the outgoing side: pci_ser.nr_devices

const SHOWN = 20;

type FailingPairs = Block<MatrixPair>;

/** The misreads first, then the pairs that panic, each with the marker and what decides. */
export function renderFailures(pairs: readonly MatrixPair[], options: RenderOptions): string[] {
  const misread = pairs.filter(({ verdict }) => verdict === 'misread');
  const panics = pairs.filter(({ verdict, effect }) => verdict === 'refused' && effect === 'boot-panic');
  return [
    ...renderKind('misread: accepted and read wrongly', misread, options),
    ...renderKind('refused with a panic of the incoming kernel', panics, options),
  ];
}

function renderKind(title: string, pairs: readonly MatrixPair[], options: RenderOptions): string[] {
  if (pairs.length === 0) return [];
  const rows = gatherBlocks(pairs, causeOf).sort((a, b) => Number(isUnmarked(a)) - Number(isUnmarked(b)));
  const rest = rows
    .slice(SHOWN)
    .reduce((sum, { outgoing, incoming }) => sum + outgoing.length * incoming.length, 0);
  return [
    `  ${pairs.length} ${title}`,
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

function causeOf({ decidedBy, marker }: MatrixPair): unknown {
  return [decidedBy, marker];
}

/** The kernels that have the code and cannot preserve the state, by the option that is off. */
export function renderOff(pairs: readonly MatrixPair[], { chalk, width }: RenderOptions): string[] {
  const releasesByOption = new Map<string, Set<string>>();
  for (const { outgoing, verdict, decidedBy } of pairs) {
    if (verdict !== 'unsupported' || decidedBy?.rule !== 'config-disabled') continue;
    const { subject } = decidedBy;
    releasesByOption.set(subject, (releasesByOption.get(subject) ?? new Set()).add(outgoing));
  }
  return [...releasesByOption].flatMap(([option, releases]) => {
    const text = `unsupported, since ${option} is not set: ${[...releases].join(', ')}`;
    return wrap(text, width, '  ').map((line) => chalk.dim(line));
  });
}
