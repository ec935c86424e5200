import type { WindowOutput, WindowRelease } from '../model/window.ts';
import { escapeText, markdownTable } from './markdown-text.ts';
import { verdictText } from './style.ts';
import { countWords, formatName, stateOf, strangersOf, usersOf, windowTitle } from './window-words.ts';

/** The same as tables, for a page or a mail. */
export function renderWindowMarkdown(output: WindowOutput): string {
  const strangers = strangersOf(output);
  const blocks = output.windows.flatMap(({ target, releases }) => [
    `## ${escapeText(windowTitle(output))}: ${escapeText(output.profiles.join(', '))} on ${target}`,
    ...(strangers === undefined ? [] : [escapeText(strangers)]),
    ...releases.flatMap(releaseBlocks),
  ]);
  return `${blocks.join('\n\n')}\n`;
}

function releaseBlocks(window: WindowRelease): string[] {
  const { release, date, mustRead, mayDrop, pairs } = window;
  const when = date === null ? '' : ` (${date})`;
  const needed = mustRead.map((format) => [
    format.component,
    formatName(format),
    stateOf(format),
    usersOf(format),
    format.fallsOut.words,
  ]);
  const free = mayDrop.map((format) => [format.component, formatName(format), format.why, usersOf(format)]);
  const lacking = pairs
    .filter(({ missing }) => missing.length > 0)
    .map(({ outgoing, incoming, profile, verdict, effect, conditions = [], missing }) => [
      `${outgoing} -> ${incoming}`,
      profile,
      [verdictText(verdict, effect), ...conditions].join('; '),
      missing.join(', '),
    ]);
  return [
    `### ${escapeText(release)}${when}`,
    escapeText(`${countWords(window)}.`),
    ...table('Must read', ['component', 'format', 'state', 'users', 'until'], needed),
    ...table('May drop now', ['component', 'format', 'why', 'users'], free),
    ...table('Pairs that lack a format', ['pair', 'profile', 'verdict', 'missing'], lacking),
  ];
}

function table(title: string, head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return [];
  return [
    `${title}:`,
    markdownTable(
      head,
      rows.map((row) => row.map(escapeText)),
    ),
  ];
}
