import type { Staged } from '../ask/host/staged.ts';
import type { Catalog } from '../ask/open-catalog.ts';
import { preflight } from '../ask/preflight.ts';
import { kindLines } from '../report/kind-lines.ts';
import { askingOf, withCatalog } from './asking.ts';
import type { Io, OptionValues } from './command.ts';
import { printResult } from './formats.ts';
import { failOnOf, namedTarget, profileOf, textOf } from './options.ts';

/** Answers `preflight`: one line, what it rests on, and the exit code. */
export async function answerPreflight(
  staged: Staged | undefined,
  options: OptionValues,
  io: Io,
): Promise<number> {
  const asked = {
    ...askingOf(io),
    profile: profileOf(options),
    target: namedTarget(options),
    root: textOf(options.root),
    ...(staged && { staged }),
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
}
