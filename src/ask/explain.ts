import { ToolError } from '../errors.ts';
import { nearest } from '../model/nearest.ts';
import type { ExplainOutput } from '../model/outputs.ts';
import { topicIds, topicsOf } from './explain/topics.ts';

/**
 * What a rule, verdict, effect, component or error code means: what `luo-abi explain --format json` prints.
 * @throws ToolError TOPIC_UNKNOWN
 */
export function explain(id: string): ExplainOutput {
  const topics = topicsOf(id);
  if (topics.length === 0) throw unknownTopic(id);
  return { topics };
}

function unknownTopic(id: string): ToolError {
  const near = [...new Set(nearest(id, topicIds()))];
  const hint = near.length > 0 ? `; nearest: ${near.join(', ')}` : '';
  return new ToolError('TOPIC_UNKNOWN', `${id}: no rule, verdict, effect, component or error code${hint}`);
}
