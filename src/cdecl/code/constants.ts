import type { Expression } from './syntax.ts';

/** Whether an expression is a number, a literal, an error number, NULL, or a truth value. */
export function isConstant(value: Expression): boolean {
  const { op, text = '', args } = value;
  if (op === 'number' || op === 'string' || op === 'char') return true;
  if (op === 'neg') return isConstant(args[0] as Expression);
  return op === 'name' && (/^(?:NULL|true|false)$/.test(text) || /^E[A-Z0-9]+$/.test(text));
}

/** Whether a constant counts as true; undefined where it is not known. */
export function truthOf(value: Expression): boolean | undefined {
  const { op, text = '', args } = value;
  if (op === 'number') return /^\d+$/.test(text) ? text !== '0' : undefined;
  if (op === 'string' || op === 'address') return true;
  if (op === 'neg') return truthOf(args[0] as Expression);
  if (op !== 'name') return comparisonOf(value);
  if (text === 'true' || /^E[A-Z0-9]+$/.test(text)) return true;
  return text === 'NULL' || text === 'false' ? false : undefined;
}

/** A comparison of two constants. */
function comparisonOf({ op, args }: Expression): boolean | undefined {
  const [left, right] = args;
  if (!left || !right || !isConstant(left) || !isConstant(right)) return undefined;
  const [a, b] = [signOf(left), signOf(right)];
  if (op === '<' && a !== undefined && b === 0) return a < 0;
  if (op === '<' && a === 0 && b !== undefined) return b > 0;
  if (op === '<=' && a !== undefined && b === 0) return a <= 0;
  if (op === '<=' && a === 0 && b !== undefined) return b >= 0;
  if (op === '==' && sameText(left, right)) return true;
  if (op === '==' && a !== undefined && b !== undefined && a !== b) return false;
  return undefined;
}

function signOf(value: Expression): number | undefined {
  if (value.op === 'neg') {
    const sign = signOf(value.args[0] as Expression);
    return sign === undefined ? undefined : -sign;
  }
  const truth = truthOf(value);
  return truth === undefined ? undefined : Number(truth);
}

function sameText(left: Expression, right: Expression): boolean {
  return (
    left.op === right.op &&
    left.text === right.text &&
    left.args.every((arg, at) => sameText(arg, right.args[at] as Expression))
  );
}
