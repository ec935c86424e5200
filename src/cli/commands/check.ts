import { checkPair } from '../../ask/check.ts';
import { readState } from '../../ask/files/state.ts';
import type { CheckOutput } from '../../model/outputs.ts';
import { renderStaticAsserts } from '../../report/check-static-assert.ts';
import { renderCheck } from '../../report/check-terminal.ts';
import { renderState } from '../../report/state-terminal.ts';
import type { RenderOptions } from '../../report/style.ts';
import { askingOf, withCatalog } from '../asking.ts';
import {
  CATALOG_OPTION,
  COMPONENTS_OPTION,
  defineCommand,
  FAIL_ON_OPTION,
  FORMAT_OPTION,
  PROFILE_OPTION,
  TARGET_OPTION,
} from '../command.ts';
import { printResult } from '../formats.ts';
import { exitCodeOf, located, locatedAll, namedProfile, namedTarget } from '../options.ts';

export const command = defineCommand({
  usage: 'check <outgoing> <incoming>',
  summary: 'The verdict of a pair: can a machine that runs OUTGOING be live-updated to INCOMING?',
  example: 'luo-abi check 7.2.12 7.3.4 --profile memfd --both',
  options: [
    PROFILE_OPTION,
    TARGET_OPTION,
    { flags: '--both', summary: 'add the rollback' },
    {
      flags: '--state <file>',
      summary: 'a JSON list of devices (domain, bdf, driver): say which of them survive',
    },
    {
      flags: '--with <file>',
      summary:
        'a further document or overlay, known by its release; an overlay of INCOMING stands in its place; may be repeated',
      repeatable: true,
    },
    FAIL_ON_OPTION,
    {
      ...FORMAT_OPTION,
      summary: 'terminal, json, or c (_Static_assert lines); NAME=FILE writes a file; may be repeated',
    },
    COMPONENTS_OPTION,
    CATALOG_OPTION,
  ],
  async run([outgoing = '', incoming = ''], options, io) {
    const profile = namedProfile(options);
    const devices = typeof options.state === 'string' ? readState(options.state) : undefined;
    return withCatalog(options, io, async (catalog) => {
      const { output, answers, ...told } = await checkPair(located(outgoing), located(incoming), {
        ...askingOf(io),
        catalog,
        profile,
        target: namedTarget(options),
        both: options.both === true,
        with: locatedAll(options.with),
        devices,
      });
      const renderings = {
        terminal: () => renderCheck(output, io.render, told.detourOf) + renderStates(output, io.render),
        json: () => output,
        c: () => renderStaticAsserts({ ...output, ...told.declared() }),
      };
      printResult(renderings, options, io);
      return exitCodeOf(answers, options);
    });
  },
});

function renderStates({ outgoing, incoming, state, rollback }: CheckOutput, options: RenderOptions): string {
  const own = state ? renderState(`${outgoing} -> ${incoming}`, state, options) : '';
  return rollback ? own + renderStates(rollback, options) : own;
}
