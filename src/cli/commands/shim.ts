import { join } from 'node:path';
import { makeOutputFolder, writeAtomically } from '../../ask/files/write.ts';
import type { ShimAnswer } from '../../ask/shim.ts';
import { shim } from '../../ask/shim.ts';
import { ToolError } from '../../errors.ts';
import { canonicalJson } from '../../model/canonical.ts';
import { renderShimMarkdown } from '../../report/shim-markdown.ts';
import { renderShim } from '../../report/shim-terminal.ts';
import { askingOf, withCatalog } from '../asking.ts';
import type { OptionValues } from '../command.ts';
import {
  CATALOG_OPTION,
  COMPONENTS_OPTION,
  defineCommand,
  FORMAT_OPTION,
  TARGET_OPTION,
} from '../command.ts';
import { printResult } from '../formats.ts';
import { located, targetOf, textOf } from '../options.ts';

export const command = defineCommand({
  usage: 'shim <outgoing> <incoming>',
  summary:
    'The C code by which INCOMING reads what OUTGOING wrote of a component, with its tests and an overlay.',
  example: 'luo-abi shim 7.0 7.3.4 --component memfd --decisions memfd.yaml -o shim/',
  options: [
    { flags: '--component <id>', summary: 'the piece of state: memfd, pci, luo-session, …' },
    { flags: '-o, --output <folder>', summary: 'where the files are written; without it they are only told' },
    {
      flags: '--decisions <file>',
      summary: 'answers to what no comparison can say: YAML or JSON (schemas/shim-decisions.md)',
    },
    { flags: '--both', summary: 'the way back as well' },
    TARGET_OPTION,
    {
      ...FORMAT_OPTION,
      summary: 'terminal, json or markdown; NAME=FILE writes a file; may be repeated',
      choices: ['terminal', 'json', 'markdown'],
    },
    COMPONENTS_OPTION,
    CATALOG_OPTION,
  ],
  async run([outgoing = '', incoming = ''], options, io) {
    const { component } = options;
    if (typeof component !== 'string') throw new ToolError('USAGE', 'shim: --component <id> is missing');
    const asked = {
      ...askingOf(io),
      component,
      target: targetOf(options),
      both: options.both === true,
      decisions: textOf(options.decisions),
    };
    return withCatalog(options, io, async (catalog) => {
      const made = await shim(located(outgoing), located(incoming), { ...asked, catalog });
      writeFiles(made, options);
      const { output, isOpen } = made;
      const renderings = {
        terminal: () => renderShim(output, io.render),
        json: () => output,
        markdown: () => renderShimMarkdown(output),
      };
      printResult(renderings, options, io);
      return isOpen ? 1 : 0;
    });
  },
});

/** The files of the shim, its page and its document; nothing where none is needed. */
function writeFiles({ output, files }: ShimAnswer, { output: folder }: OptionValues): void {
  if (typeof folder !== 'string' || !output.isNeeded) return;
  makeOutputFolder(folder);
  for (const [name, text] of files) writeAtomically(join(folder, name), text);
  writeAtomically(join(folder, 'shim.md'), renderShimMarkdown(output));
  writeAtomically(join(folder, 'shim.json'), canonicalJson(output));
}
