import type { FirstBadOutput, TurningPoint } from '../model/history.ts';
import type { RenderOptions } from './style.ts';
import { verdictText } from './style.ts';
import { wrap } from './wrap.ts';

/** The commit that made a pair unsafe, why, and whether the answer turned more than once. */
export function renderFirstBad(output: FirstBadOutput, options: RenderOptions): string {
  const { outgoing, incoming, target, isSafe, firstBad, others, isComplete, commits } = output;
  const { chalk, width } = options;
  const way = chalk.bold(`${outgoing} -> ${incoming}`);
  const looked = `${commits} ${commits === 1 ? 'commit touches' : 'commits touch'} handed-over data in between`;
  const lines = [`${way}  on ${target}: ${isSafe ? 'safe' : 'unsafe'}; ${looked}`];
  if (firstBad) lines.push('', ...renderTurn(firstBad, options));
  else if (!isSafe) lines.push('', ...wrap('unsafe from the first commit on', width, ''));
  if (others.length > 0) {
    const text = 'The answer turns more than once; these commits turn it as well:';
    lines.push('', ...wrap(text, width, ''), ...others.flatMap((turn) => renderTurn(turn, options)));
  }
  if (!isComplete && firstBad?.observed === undefined) {
    const text = 'There are too many commits to look at each: an earlier one may have broken it for a while.';
    lines.push('', ...wrap(text, width, ''));
  }
  return `${lines.join('\n')}\n`;
}

function renderTurn(turn: TurningPoint, { chalk, width }: RenderOptions): string[] {
  const { commit, title, author, date, turns, components } = turn;
  const paint = turns === 'unsafe' ? chalk.redBright : chalk.green;
  const why = components.flatMap(({ id, verdict, effect, messages }) => [
    ...wrap(`${verdictText(verdict, effect)}: ${id}`, width, '    '),
    ...messages.flatMap((message) => wrap(message, width, '      ')).map((line) => chalk.dim(line)),
  ]);
  return [
    `${chalk.yellow(commit.slice(0, 12))} ${chalk.bold(title)}`,
    chalk.dim(`  ${[author, date].filter(Boolean).join(', ')}`),
    `  ${paint(`${turns} from here on`)}`,
    ...(turn.observed === undefined ? [] : wrap(`observed: ${turn.observed}`, width, '    ')),
    ...why,
  ];
}
