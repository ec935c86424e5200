import { explain } from '../../ask/explain.ts';
import { renderTopics } from '../../report/rules-terminal.ts';
import { COMPONENTS_OPTION, defineCommand, FORMAT_OPTION } from '../command.ts';
import { printResult } from '../formats.ts';
import { spelled } from '../spelled.ts';

export const command = defineCommand({
  usage: 'explain <id>',
  summary: 'What a rule, verdict, effect, component or error code means, and what to do about it.',
  example: 'luo-abi explain marker-not-bumped',
  options: [COMPONENTS_OPTION, FORMAT_OPTION],
  run([id = ''], options, io) {
    const output = explain(id);
    printResult(
      { terminal: () => spelled(renderTopics(output.topics, io.render)), json: () => output },
      options,
      io,
    );
    return Promise.resolve(0);
  },
});
