import { plan } from '../../ask/plan.ts';
import { ToolError } from '../../errors.ts';
import { renderPlan } from '../../report/plan-terminal.ts';
import { askingOf, withCatalog } from '../asking.ts';
import type { OptionValues } from '../command.ts';
import {
  CATALOG_OPTION,
  COMPONENTS_OPTION,
  defineCommand,
  FORMAT_OPTION,
  PROFILE_OPTION,
  TARGET_OPTION,
} from '../command.ts';
import { printResult } from '../formats.ts';
import { located, profileOf, targetOf } from '../options.ts';
import { WAY_OPTIONS, wayOf } from '../way-options.ts';

export const command = defineCommand({
  usage: 'plan',
  summary:
    'How the machines of a fleet come to a kernel: the hops of each group, and which must be rebooted; exit 1 where some must, or have a release that is not known.',
  example: 'luo-abi plan --fleet hosts.csv --to 7.3.4 --profile memfd',
  options: [
    {
      flags: '--fleet <file>',
      summary:
        'the machines: JSON, or CSV with the columns name, release, and, where wanted, profiles, target, cmdline, kho (on or off)',
    },
    { flags: '--to <release>', summary: 'the kernel that all are to run' },
    {
      ...PROFILE_OPTION,
      summary: 'the state that matters where the inventory names none (default: carried)',
    },
    { ...TARGET_OPTION, summary: 'the target where the inventory names none (default: x86_64-4k)' },
    ...WAY_OPTIONS,
    { flags: '--rollback', summary: 'every hop must be safe backwards as well' },
    FORMAT_OPTION,
    COMPONENTS_OPTION,
    CATALOG_OPTION,
  ],
  async run(_args, options, io) {
    const file = required(options, 'fleet');
    const goal = required(options, 'to');
    const asked = {
      ...askingOf(io),
      ...wayOf(options),
      profile: profileOf(options),
      target: targetOf(options),
      rollback: options.rollback === true,
    };
    return withCatalog(options, io, async (catalog) => {
      const output = await plan(file, located(goal), { ...asked, catalog });
      printResult({ terminal: () => renderPlan(output, io.render), json: () => output }, options, io);
      return output.hosts.reboot + output.hosts.unknown > 0 ? 1 : 0;
    });
  },
});

function required(options: OptionValues, name: 'fleet' | 'to'): string {
  const value = options[name];
  if (typeof value === 'string') return value;
  throw new ToolError('USAGE', `plan: --${name} is missing`);
}
