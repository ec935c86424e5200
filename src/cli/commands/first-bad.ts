import type { FirstBadOutput } from '../../model/history.ts';
import { renderFirstBad } from '../../report/first-bad-terminal.ts';
import { askingOf, askingUntilStopped, withCatalog } from '../asking.ts';
import type { Io, OptionValues } from '../command.ts';
import {
  COMPONENTS_OPTION,
  defineCommand,
  FORMAT_OPTION,
  PROFILE_OPTION,
  TARGET_OPTION,
} from '../command.ts';
import { printResult } from '../formats.ts';
import { namedProfile, namedTarget, targetOf, textOf } from '../options.ts';

export const command = defineCommand({
  usage: 'first-bad <outgoing> <incoming>',
  summary:
    'The commit between two revisions of a kernel tree that made the pair unsafe, found over captures, not builds. Exit 1 when the pair is unsafe.',
  example: 'luo-abi first-bad v6.17 v6.18',
  options: [
    { flags: '--repo <folder>', summary: 'the git repository (default: the current folder)' },
    { ...PROFILE_OPTION, summary: `${PROFILE_OPTION.summary} (default: every component)` },
    {
      ...TARGET_OPTION,
      summary: `${TARGET_OPTION.summary}; --try: what is built for (default: this machine, 4 KiB pages)`,
    },
    {
      flags: '--try',
      summary: 'by real updates in an emulated machine: builds and tries the kernels (memory or memfd)',
    },
    { flags: '--config <file>', summary: '--try: further lines of the configuration (CONFIG_NAME=y)' },
    { flags: '--timeout <seconds>', summary: '--try: silence after which a kernel hangs (default: 30)' },
    COMPONENTS_OPTION,
    FORMAT_OPTION,
  ],
  async run([outgoing = '', incoming = ''], options, io) {
    const output =
      options.try === true
        ? await tried([outgoing, incoming], options, io)
        : await overCaptures([outgoing, incoming], options, io);
    printResult({ terminal: () => renderFirstBad(output, io.render), json: () => output }, options, io);
    return output.isSafe ? 0 : 1;
  },
});

async function tried(
  pair: readonly [string, string],
  options: OptionValues,
  io: Io,
): Promise<FirstBadOutput> {
  const { firstBadByTrial } = await import('../../ask/trials/first-bad.ts');
  const { readConfigLines } = await import('../../ask/trials/request.ts');
  const { settingsOf } = await import('../try-options.ts');
  return withCatalog(options, io, (catalog) =>
    firstBadByTrial(textOf(options.repo) ?? '.', pair, {
      ...settingsOf(options),
      ...askingUntilStopped(io, 'first-bad'),
      profile: namedProfile(options),
      fragment: readConfigLines(textOf(options.config)),
      target: namedTarget(options),
      env: io.env,
      catalog,
    }),
  );
}

async function overCaptures(
  [outgoing, incoming]: readonly [string, string],
  options: OptionValues,
  io: Io,
): Promise<FirstBadOutput> {
  const { firstBad } = await import('../../ask/first-bad.ts');
  return firstBad(outgoing, incoming, {
    ...askingOf(io),
    repo: textOf(options.repo),
    target: targetOf(options),
    profile: namedProfile(options),
    env: io.env,
  });
}
