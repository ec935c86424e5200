import { diff } from '../../ask/diff.ts';
import { renderDiff } from '../../report/diff-terminal.ts';
import { askingOf, withCatalog } from '../asking.ts';
import {
  CATALOG_OPTION,
  COMPONENTS_OPTION,
  defineCommand,
  FORMAT_OPTION,
  TARGET_OPTION,
} from '../command.ts';
import { printResult } from '../formats.ts';
import { located, namedTarget, textOf } from '../options.ts';

export const command = defineCommand({
  usage: 'diff <outgoing> <incoming>',
  summary:
    'Every difference between what OUTGOING writes and INCOMING reads, rule by rule, behind closed gates too.',
  example: 'luo-abi diff 7.1.13 7.2.12 --component luo-session',
  options: [
    { flags: '--component <id>', summary: 'one component only' },
    {
      flags: '--drift',
      summary:
        'tell what a build (INCOMING) made of its base (OUTGOING): switched off, changed, not compared',
    },
    TARGET_OPTION,
    FORMAT_OPTION,
    COMPONENTS_OPTION,
    CATALOG_OPTION,
  ],
  async run([outgoing = '', incoming = ''], options, io) {
    const asked = { ...askingOf(io), target: namedTarget(options), component: textOf(options.component) };
    const [from, to] = [located(outgoing), located(incoming)];
    return withCatalog(options, io, async (catalog) => {
      if (options.drift === true) {
        const { drift } = await import('../../ask/drift.ts');
        const { renderDrift } = await import('../../report/drift-terminal.ts');
        const output = await drift(from, to, { ...asked, catalog });
        printResult({ terminal: () => renderDrift(output, io.render), json: () => output }, options, io);
        return 0;
      }
      const output = await diff(from, to, { ...asked, catalog });
      printResult({ terminal: () => renderDiff(output, io.render), json: () => output }, options, io);
      return 0;
    });
  },
});
