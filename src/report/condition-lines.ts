import type { RenderOptions } from './style.ts';
import { wrap } from './wrap.ts';

const SHOWN = 3;

/** What an answer depends on, a line each and losses first; the rest is counted. */
export function conditionLines(
  conditions: readonly string[] | undefined,
  indent: string,
  { chalk, width }: RenderOptions,
): string[] {
  if (!conditions || conditions.length === 0) return [];
  const rest = conditions.length - SHOWN;
  const shown = [
    ...conditions.slice(0, SHOWN),
    ...(rest > 0 ? [`and ${rest} more ${rest === 1 ? 'condition' : 'conditions'}: check shows them`] : []),
  ];
  return shown.flatMap((text) => wrap(text, width, indent)).map((line) => chalk.yellow(line));
}
