import { rules } from '../../ask/rules.ts';
import { renderRules } from '../../report/rules-terminal.ts';
import { defineCommand, FORMAT_OPTION } from '../command.ts';
import { printResult } from '../formats.ts';

export const command = defineCommand({
  usage: 'rules',
  summary: 'The rules by which two kernels are compared, each with its impact and level.',
  example: 'luo-abi rules --format json',
  options: [FORMAT_OPTION],
  run(_operands, options, io) {
    const output = rules();
    printResult({ terminal: () => renderRules(output.rules, io.render), json: () => output }, options, io);
    return Promise.resolve(0);
  },
});
