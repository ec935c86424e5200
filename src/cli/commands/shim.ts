import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ToolError } from '../../errors.ts';
import { canonicalJson } from '../../model/canonical.ts';
import { nearest } from '../../model/nearest.ts';
import { renderShimMarkdown } from '../../report/shim-markdown.ts';
import { renderShim } from '../../report/shim-terminal.ts';
import type { Shim } from '../../shim/shim.ts';
import { makeShim } from '../../shim/shim.ts';
import { openCatalog } from '../catalog-file.ts';
import type { OptionValues } from '../command.ts';
import {
  CATALOG_OPTION,
  COMPONENTS_OPTION,
  defineCommand,
  FORMAT_OPTION,
  TARGET_OPTION,
} from '../command.ts';
import { readDecisions } from '../decisions-file.ts';
import { printResult, writeAtomically } from '../formats.ts';
import { judgingFrom } from '../judging.ts';
import { checkTarget, targetOf } from '../options.ts';
import { resolveKernel } from '../resolve.ts';

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
    const target = targetOf(options);
    const { component } = options;
    if (typeof component !== 'string') throw new ToolError('USAGE', 'shim: --component <id> is missing');
    const catalog = await openCatalog(options, io);
    try {
      const { kernel: from } = await resolveKernel(outgoing, catalog, io);
      const { kernel: to } = await resolveKernel(incoming, catalog, io);
      checkTarget(target, [from, to]);
      checkComponent(component, [...from.components.keys(), ...to.components.keys()]);
      const strangers = [from, to].map(({ release }) => release).filter((release) => !catalog.has(release));
      const { errata, reviews, erratumApplies } = await judgingFrom(catalog, strangers);
      const subject = { component, outgoing: from.release, incoming: to.release };
      const given =
        typeof options.decisions === 'string' ? await readDecisions(options.decisions, subject) : undefined;
      const shim = makeShim({
        outgoing: from,
        incoming: to,
        component,
        target,
        both: options.both === true,
        errata,
        reviews,
        erratumApplies,
        ...(given && {
          decisions: { path: String(options.decisions), forward: given.decisions, back: given.back ?? {} },
        }),
      });
      writeFiles(shim, options);
      const { output } = shim;
      const renderings = {
        terminal: () => renderShim(output, io.render),
        json: () => output,
        markdown: () => renderShimMarkdown(output),
      };
      printResult(renderings, options, io);
      return output.isNeeded && isOpen(shim) ? 1 : 0;
    } finally {
      catalog.close();
    }
  },
});

function checkComponent(component: string, known: readonly string[]): void {
  if (known.includes(component)) return;
  const all = [...new Set(known)].sort();
  const near = nearest(component, all).join(', ') || all.join(', ');
  throw new ToolError('COMPONENT_UNKNOWN', `${component}: no such component; nearest: ${near}`);
}

/** Something must be decided before the code compiles. */
function isOpen({ output }: Shim): boolean {
  return output.directions.some(({ questions }) => questions.some(({ decision }) => decision === null));
}

/** The files of the shim, its page and its document; nothing where none is needed. */
function writeFiles({ output, files }: Shim, { output: folder }: OptionValues): void {
  if (typeof folder !== 'string' || !output.isNeeded) return;
  try {
    mkdirSync(folder, { recursive: true });
  } catch (cause) {
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    throw new ToolError('FILE_UNWRITABLE', `${folder}: cannot be written (${reason})`, {
      path: folder,
      cause,
    });
  }
  for (const [name, text] of files) writeAtomically(join(folder, name), text);
  writeAtomically(join(folder, 'shim.md'), renderShimMarkdown(output));
  writeAtomically(join(folder, 'shim.json'), canonicalJson(output));
}
