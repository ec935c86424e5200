import { ToolError } from '../../errors.ts';
import { nearest } from '../../model/nearest.ts';
import { renderTopics } from '../../report/rules-terminal.ts';
import { COMPONENTS_OPTION, defineCommand, FORMAT_OPTION } from '../command.ts';
import { printResult } from '../formats.ts';
import { topicIds, topicsOf } from '../topics.ts';

export const command = defineCommand({
  usage: 'explain <id>',
  summary: 'What a rule, verdict, effect, component or error code means, and what to do about it.',
  example: 'luo-abi explain marker-not-bumped',
  options: [COMPONENTS_OPTION, FORMAT_OPTION],
  run([id = ''], options, io) {
    const topics = topicsOf(id);
    if (topics.length === 0) throw unknownTopic(id);
    printResult({ terminal: () => renderTopics(topics, io.render), json: () => ({ topics }) }, options, io);
    return Promise.resolve(0);
  },
});

function unknownTopic(id: string): ToolError {
  const near = [...new Set(nearest(id, topicIds()))];
  const hint = near.length > 0 ? `; nearest: ${near.join(', ')}` : '';
  return new ToolError('TOPIC_UNKNOWN', `${id}: no rule, verdict, effect, component or error code${hint}`);
}
