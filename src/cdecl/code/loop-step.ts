import type { Expression, Statement } from './syntax.ts';
import { partsOf } from './walk.ts';

type Loop = Statement & { kind: 'while' };

/**
 * A `while` whose body ends in counting what its test asks for, as the `for` that it is: one and the same, unless a
 * `continue` leaves the counting out.
 */
export function withStep(loop: Loop): Loop {
  const [block, ...others] = loop.body;
  if (block?.kind !== 'block' || others.length > 0) return loop;
  const last = block.body.at(-1);
  if (last?.kind !== 'expression') return loop;
  const counted = countedBy(last.value);
  const isTested = partsOf(loop.test).some(({ op, text }) => op === 'local' && text === counted);
  const rest = block.body.slice(0, -1);
  if (counted === undefined || !isTested || rest.some(continues)) return loop;
  return { ...loop, body: [{ ...block, body: rest }], step: last.value };
}

/** The local that an expression counts up or down by one. */
function countedBy({ op, args: [target, value] }: Expression): string | undefined {
  if (target?.op !== 'local') return undefined;
  if (op.includes('++') || op.includes('--')) return target.text;
  const [from, by] = value?.args ?? [];
  const isStep =
    op === '=' && /^[-+]$/.test(value?.op ?? '') && from?.text === target.text && by?.text === '1';
  return isStep ? target.text : undefined;
}

/** Whether a statement goes on with the loop around it. */
function continues(statement: Statement): boolean {
  if (statement.kind === 'continue') return true;
  if (statement.kind === 'if') return [...statement.body, ...statement.other].some(continues);
  return (statement.kind === 'block' || statement.kind === 'switch') && statement.body.some(continues);
}
