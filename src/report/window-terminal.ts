import type {
  DemandedFormat,
  DroppableFormat,
  WindowOutput,
  WindowPair,
  WindowRelease,
} from '../model/window.ts';
import { conditionLines } from './condition-lines.ts';
import type { RenderOptions } from './style.ts';
import { signOf, verdictText } from './style.ts';
import { countWords, formatName, stateOf, strangersOf, usersOf, windowTitle } from './window-words.ts';
import { wrap } from './wrap.ts';

/** What each kernel must read, may drop and has dropped too early. */
export function renderWindow(output: WindowOutput, options: RenderOptions): string {
  const { chalk, width } = options;
  const strangers = strangersOf(output);
  const lines = output.windows.flatMap(({ target, releases }) => [
    `${chalk.bold(windowTitle(output))}  ${output.profiles.join(', ')} on ${target}`,
    ...(strangers === undefined ? [] : wrap(strangers, width, '  ')),
    ...releases.flatMap((release) => ['', ...renderRelease(release, options)]),
  ]);
  return `${lines.join('\n')}\n`;
}

function renderRelease(window: WindowRelease, options: RenderOptions): string[] {
  const { release, date, mustRead, mayDrop, pairs } = window;
  const refused = pairs.filter(({ missing }) => missing.length > 0);
  return [
    `${options.chalk.bold(release)}${date === null ? '' : ` (${date})`}  ${countWords(window)}`,
    ...section('must read', mustRead, (format) => renderDemanded(format, options)),
    ...section('may drop now', mayDrop, (format) => renderDroppable(format, options)),
    ...section('pairs that lack a format', refused, (pair) => renderPair(pair, options)),
  ];
}

function section<T>(title: string, entries: readonly T[], render: (entry: T) => string[]): string[] {
  return entries.length === 0 ? [] : [`  ${title}`, ...entries.flatMap(render)];
}

function renderDemanded(format: DemandedFormat, { chalk, width }: RenderOptions): string[] {
  const sign = signOf(format.verdict, format.effect);
  const { component, fallsOut, state, why } = format;
  const words = `${usersOf(format)}; ${fallsOut.words}`;
  return [
    `    ${sign.paint(chalk, ` ${sign.mark} `)} ${component}  ${formatName(format)}  ${stateOf(format)}`,
    ...wrap(words, width, '          '),
    ...(state === 'read' || why === null ? [] : wrap(why, width, '          ')),
  ];
}

function renderDroppable(format: DroppableFormat, { width }: RenderOptions): string[] {
  return [
    `        ${format.component}  ${formatName(format)}`,
    ...wrap(`${format.why}; ${usersOf(format)}`, width, '          '),
  ];
}

function renderPair(pair: WindowPair, options: RenderOptions): string[] {
  const { chalk, width } = options;
  const { outgoing, incoming, profile, verdict, effect, conditions, missing } = pair;
  const sign = signOf(verdict, effect);
  const name = `${outgoing} -> ${incoming}  ${profile}: ${verdictText(verdict, effect)}`;
  return [
    `    ${sign.paint(chalk, ` ${sign.mark} `)} ${name}`,
    ...conditionLines(conditions, '          ', options),
    ...wrap(`needs ${missing.join(', ')}`, width, '          '),
  ];
}
