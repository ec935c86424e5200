import { isLoss, LOSS_WORDS } from '../model/condition.ts';
import type { OverviewOutput, OverviewPair } from '../model/overview.ts';
import type { RenderOptions } from './style.ts';
import { LEGEND, signOf, verdictText } from './style.ts';
import { wrap } from './wrap.ts';

const WHAT =
  'luo-abi answers: can a machine that runs Linux A be live-updated to Linux B without losing or corrupting the memory, files and devices that it carries across?';
const UPDATE = 20;
const CELL = 28;

/** The first screen: what the program is, what the signs mean, each series to the next, the classes, and how to go on. */
export function renderOverview(overview: OverviewOutput, options: RenderOptions): string {
  const { chalk, width } = options;
  const { profiles, pairs, target } = overview;
  const lines = [
    ...wrap(WHAT, Math.min(width, 100), ''),
    '',
    ...LEGEND.map((sign) => `  ${sign.paint(chalk, ` ${sign.mark} `)} ${sign.label}`),
    '',
    `Each upstream series to the next, newest for newest, on ${target}:`,
    chalk.bold(
      row(
        '',
        profiles.map((name) => ({ text: `    ${name}` })),
      ),
    ),
    ...pairs.flatMap((pair) => renderPair(pair, options)),
    '',
    chalk.bold(
      row(
        'pairs that are safe',
        profiles.map((name) => ({ text: `    ${name}` })),
      ),
    ),
    ...renderClasses(overview),
    ...overview.notCarried.map((name) => `  No upstream release preserves ${name} state; posted series do.`),
    '',
    ...renderNext(pairs, options),
  ];
  return `${lines.join('\n')}\n`;
}

interface Cell {
  text: string;
  /** Painted, where that is not the text itself. */
  shown?: string;
}

function row(head: string, cells: readonly Cell[]): string {
  const padded = cells.map(({ text, shown = text }) => shown + ' '.repeat(Math.max(0, CELL - text.length)));
  return `  ${head.padEnd(UPDATE)}${padded.join('')}`.trimEnd();
}

function renderPair({ outgoing, incoming, answers }: OverviewPair, { chalk }: RenderOptions): string[] {
  const cells = answers.map(({ verdict, effect }) => {
    const sign = signOf(verdict, effect);
    const words = verdictText(verdict, effect).replace('compatible-with-notes', 'with notes');
    return { text: ` ${sign.mark}  ${words}`, shown: `${sign.paint(chalk, ` ${sign.mark} `)} ${words}` };
  });
  // A loss that stands in the cell is not told again.
  const conditions = answers.flatMap(({ profile, effect, conditions: own }) =>
    own
      .filter((text) => isLoss(text) && !(effect && text.startsWith(LOSS_WORDS[effect])))
      .map((condition) => `${' '.repeat(UPDATE + 6)}${profile}: ${condition}`),
  );
  return [row(`${outgoing} -> ${incoming}`, cells), ...conditions];
}

function renderClasses({ classes, profiles }: OverviewOutput): string[] {
  const names = [...new Set(classes.map(({ class: name }) => name))];
  return names.map((name) => {
    const cells = profiles.map((profile) => {
      const count = classes.find((one) => one.class === name && one.profile === profile);
      return { text: count ? `    ${count.safe} of ${count.pairs}` : '' };
    });
    return row(name, cells);
  });
}

/** The worst pair, explained, and all of them. */
function renderNext(pairs: readonly OverviewPair[], { chalk }: RenderOptions): string[] {
  const judged = pairs.flatMap(({ outgoing, incoming, answers }) =>
    answers.map(({ profile, verdict }) => ({
      verdict,
      operands: `${outgoing} ${incoming} --profile ${profile}`,
    })),
  );
  const worst = judged.find(({ verdict }) => verdict === 'misread') ?? judged[0];
  const why = worst ? [`luo-abi check ${worst.operands}`] : [];
  const commands = [...why, 'luo-abi matrix'];
  const about = [...why.map(() => 'why a pair is what it is'), 'all pairs, posted series too'];
  const wide = Math.max(...commands.map(({ length }) => length)) + 3;
  return commands.map((command, at) => `  ${command.padEnd(wide)}${chalk.dim(about[at] ?? '')}`);
}
