import type { Catalog } from '../../ask/open-catalog.ts';
import { preflight } from '../../ask/preflight.ts';
import { kindLines } from '../../report/kind-lines.ts';
import { askingOf, withCatalog } from '../asking.ts';
import {
  CATALOG_OPTION,
  COMPONENTS_OPTION,
  defineCommand,
  FAIL_ON_OPTION,
  FORMAT_OPTION,
  PROFILE_OPTION,
} from '../command.ts';
import { printResult } from '../formats.ts';
import { failOnOf, namedTarget, profileOf, textOf } from '../options.ts';

export const command = defineCommand({
  usage: 'preflight',
  summary:
    'On a host, before a kexec: can the running kernel hand over to the staged one? One line, and the exit code of check.',
  example: 'luo-abi preflight --staged /boot/vmlinuz-7.3.4+deb13-amd64 --profile memfd',
  options: [
    {
      flags: '--staged <locator>',
      summary:
        'an image, a package (several of one build may be given), a capture document or a release (default: the newest image that is installed and does not run)',
      repeatable: true,
    },
    PROFILE_OPTION,
    { flags: '--target <name>', summary: 'the target, where neither kernel says it (default: x86_64-4k)' },
    { flags: '--root <folder>', summary: "where the host's file system is (default: /)" },
    FAIL_ON_OPTION,
    FORMAT_OPTION,
    COMPONENTS_OPTION,
    CATALOG_OPTION,
  ],
  async run(_operands, options, io) {
    const asked = {
      ...askingOf(io),
      profile: profileOf(options),
      target: namedTarget(options),
      root: textOf(options.root),
      staged: Array.isArray(options.staged) ? options.staged : [],
      failOn: failOnOf(options),
    };
    const ask = async (catalog: Catalog): Promise<number> => {
      const output = await preflight({ ...asked, catalog });
      const lines = (): string[] => [output.line, ...kindLines(output.check, io.render), ''];
      printResult({ terminal: () => lines().join('\n'), json: () => output }, options, io);
      for (const note of output.notes) asked.note(note);
      return output.answer === 'yes' ? 0 : 1;
    };
    return withCatalog(options, io, ask, { unwritten: true });
  },
});
