import type { Expression, FunctionCode, Statement } from './syntax.ts';

/** The expressions that stand directly in a statement. */
function valuesOf(statement: Statement): Expression[] {
  const values: (Expression | undefined)[] = [];
  if ('test' in statement) values.push(statement.test);
  if ('value' in statement) values.push(statement.value);
  if ('step' in statement) values.push(statement.step);
  return values.filter((value) => value !== undefined);
}

/** The rows of statements that stand directly in a statement. */
function bodiesOf(statement: Statement): (readonly Statement[])[] {
  if (!('body' in statement)) return [];
  return statement.kind === 'if' ? [statement.body, statement.other] : [statement.body];
}

/** Every statement of a row, those within others included, in their order. */
export function statementsIn(statements: readonly Statement[]): Statement[] {
  const found: Statement[] = [];
  addStatements(statements, found);
  return found;
}

function addStatements(statements: readonly Statement[], found: Statement[]): void {
  for (const statement of statements) {
    found.push(statement);
    for (const body of bodiesOf(statement)) addStatements(body, found);
  }
}

/** An expression and all in it, blocks included. */
export function partsOf(value: Expression): Expression[] {
  const found: Expression[] = [];
  addParts(value, found);
  return found;
}

function addParts(value: Expression, found: Expression[]): void {
  found.push(value);
  for (const arg of value.args) addParts(arg, found);
  if (value.body) addExpressions(value.body, found);
}

/** Every expression of a row of statements. */
export function expressionsIn(statements: readonly Statement[]): Expression[] {
  const found: Expression[] = [];
  addExpressions(statements, found);
  return found;
}

function addExpressions(statements: readonly Statement[], found: Expression[]): void {
  for (const statement of statementsIn(statements))
    for (const value of valuesOf(statement)) addParts(value, found);
}

/** Whether an expression calls something or changes something. */
export function hasEffect({ op, args }: Expression): boolean {
  const isEffect = op === 'call' || op === '=' || op === 'block' || op.includes('++') || op.includes('--');
  return isEffect || args.some(hasEffect);
}

/** How a function uses a local. */
export interface LocalUse {
  assigned: number;
  used: number;
  isAddressTaken: boolean;
  /** Set to a constant or stepped, never anything else: a counter. */
  isCounter: boolean;
}

const usesByCode = new WeakMap<FunctionCode, ReadonlyMap<string, Readonly<LocalUse>>>();

/** How a function uses its locals. */
export function localUses(code: FunctionCode): ReadonlyMap<string, Readonly<LocalUse>> {
  const known = usesByCode.get(code) ?? findUses(code);
  usesByCode.set(code, known);
  return known;
}

function findUses(code: FunctionCode): Map<string, LocalUse> {
  const uses = new Map<string, LocalUse>();
  for (const name of code.locals.keys())
    uses.set(name, { assigned: 0, used: 0, isAddressTaken: false, isCounter: true });
  const assign = (local: Expression | undefined, isStep: boolean): void => {
    const use = local?.op === 'local' ? uses.get(local.text ?? '') : undefined;
    if (!use) return;
    use.assigned += 1;
    use.isCounter &&= isStep;
  };
  for (const { name } of code.parameters) {
    const use = uses.get(name);
    if (use) use.isCounter = false;
  }
  for (const statement of statementsIn(code.body)) {
    if (statement.kind === 'declare' && statement.value) {
      const value = statement.value;
      assign({ op: 'local', text: statement.local, args: [] }, isStepValue(statement.local, value));
    }
    if (statement.kind === 'each') for (const arg of statement.test.args) assign(arg, false);
  }
  for (const value of expressionsIn(code.body)) {
    const [first, second] = value.args;
    if (value.op === 'local') {
      const use = uses.get(value.text ?? '');
      if (use) use.used += 1;
    } else if (value.op === '=' && first && second) assign(first, isStepValue(first.text ?? '', second));
    else if (value.op.includes('++') || value.op.includes('--')) assign(first, true);
    else if (value.op === 'address' && first) {
      const root = rootOf(first);
      const use = root?.op === 'local' ? uses.get(root.text ?? '') : undefined;
      if (use) use.isAddressTaken = true;
    }
  }
  return uses;
}

/** What an expression is a part of: `a` for `a.b[1]`. */
export function rootOf(value: Expression): Expression | undefined {
  let at: Expression | undefined = value;
  while (at && (at.op === 'member' || at.op === 'index')) at = at.args[0];
  return at;
}

/** Whether a local is set to a number, or to itself with something added. */
function isStepValue(local: string, value: Expression): boolean {
  if (value.op === 'number') return true;
  const [left, right] = value.args;
  const isOwn = left?.op === 'local' && left.text === local;
  return (value.op === '+' || value.op === '-') && isOwn && right?.op === 'number';
}

/** A copy of a row of statements with other expressions for some locals. */
export function substituted(
  statements: readonly Statement[],
  replace: (local: Expression) => Expression,
  rename: (local: string) => string,
): Statement[] {
  const list = (body: readonly Statement[]): Statement[] => body.map(one);
  const value = (expression: Expression): Expression => {
    if (expression.op === 'local') return replace(expression);
    const args = expression.args.map(value).flatMap((arg) => (arg.op === 'rest' ? arg.args : [arg]));
    return { ...expression, args, ...(expression.body && { body: list(expression.body) }) };
  };
  const one = (statement: Statement): Statement => {
    const copy: Record<string, unknown> = { ...statement };
    for (const key of ['test', 'value', 'step']) if (copy[key]) copy[key] = value(copy[key] as Expression);
    for (const key of ['body', 'other']) if (copy[key]) copy[key] = list(copy[key] as Statement[]);
    if (statement.kind === 'declare') copy.local = rename(statement.local);
    return copy as unknown as Statement;
  };
  return list(statements);
}
