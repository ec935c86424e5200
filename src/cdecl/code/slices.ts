import type { Token } from '../lex/token.ts';
import { Canon } from './canon.ts';
import { Flow } from './flow.ts';
import { FlowUnknown, hashOfFlow } from './flow-nodes.ts';
import { BARE_NAMES } from './obeyed.ts';
import { shortDigest } from './symbol.ts';
import type { Expression, FunctionCode, Statement } from './syntax.ts';
import { functionsWith } from './text-functions.ts';
import { expressionsIn } from './walk.ts';

// What code that is about other things does with a few names: each statement that bears one, the tests around it, and what
// its result is first used for. How locals are called makes no difference, nor does what stands beside.

/** A use of a name. */
export interface Slice {
  name: string;
  line: number;
  hash: string;
}

const MOST_STEPS = 500;

/** The uses of names in the functions of a text, in their order. `isOwn` tells functions that are compared elsewhere. */
export function slicesOf(
  tokens: readonly Token[],
  isSought: (word: string) => boolean,
  isOwn: (name: string) => boolean,
): Slice[] {
  return functionsWith(tokens, isSought)
    .filter(({ name }) => !isOwn(name))
    .flatMap(({ name, line, code, tokens: all }) => {
      if (code) return new Slicer(code, isSought).slices();
      const text = all.map((token) => token.text).join(' ');
      const own = all.find(({ kind, text: word }) => kind === 'name' && isSought(word) && word !== name);
      return own ? [{ name: own.text, line, hash: shortDigest(text) }] : [];
    });
}

/** What stands around a statement: a test that holds, or one that does not. */
interface Test {
  test: Expression;
  holds: boolean;
}

class Slicer {
  readonly #code: FunctionCode;
  readonly #isSought: (word: string) => boolean;
  readonly #found: Slice[] = [];

  constructor(code: FunctionCode, isSought: (word: string) => boolean) {
    this.#code = code;
    this.#isSought = isSought;
  }

  slices(): Slice[] {
    this.#walk(this.#code.body, []);
    return this.#found;
  }

  #walk(list: readonly Statement[], tests: readonly Test[]): void {
    for (const [at, statement] of list.entries()) {
      const name = this.#nameIn(headOf(statement));
      if (name !== undefined) {
        const rest = statement.kind === 'if' ? [] : firstUse(statement, list.slice(at + 1));
        this.#add(name, tests, [statement, ...rest]);
        // What its test decides is a part of it.
        if (statement.kind === 'if') continue;
      }
      for (const { body, test } of bodiesOf(statement)) this.#walk(body, test ? [...tests, test] : tests);
    }
  }

  #nameIn(values: readonly Expression[]): string | undefined {
    const names = values.flatMap((value) =>
      expressionsIn([{ kind: 'expression', value, line: 0 }]).flatMap(({ op, text = '' }) =>
        (op === 'name' || op === 'member') && this.#isSought(text) ? text : [],
      ),
    );
    return names[0];
  }

  #add(name: string, tests: readonly Test[], own: readonly Statement[]): void {
    const { line } = own[0] as Statement;
    const body = tests.reduceRight<readonly Statement[]>(
      (inner, { test, holds }) => [
        { kind: 'if', test, body: holds ? inner : [], other: holds ? [] : inner, line },
      ],
      own.flatMap(withoutJumps),
    );
    const code = { ...this.#code, name: 'slice', body };
    try {
      const flow = new Flow({ canon: new Canon(BARE_NAMES), inlined: () => undefined, limit: MOST_STEPS });
      this.#found.push({ name, line, hash: hashOfFlow(flow.of(code), flow).slice(0, 12) });
    } catch (error) {
      if (!(error instanceof FlowUnknown)) throw error;
      // What cannot be followed is the same only where it is written alike.
      this.#found.push({ name, line, hash: shortDigest(JSON.stringify(body, withoutLines)) });
    }
  }
}

/** Of a statement as JSON everything but where it stands. */
function withoutLines(key: string, value: unknown): unknown {
  return key === 'line' ? undefined : value;
}

/** The expressions that stand in a statement itself, not in those that it holds. */
function headOf(statement: Statement): Expression[] {
  const values: (Expression | undefined)[] = [];
  if ('test' in statement) values.push(statement.test);
  if ('value' in statement) values.push(statement.value);
  if ('step' in statement) values.push(statement.step);
  return values.filter((value) => value !== undefined);
}

function bodiesOf(statement: Statement): { body: readonly Statement[]; test?: Test }[] {
  if (statement.kind === 'if') {
    const { test, body, other } = statement;
    return [
      { body, test: { test, holds: true } },
      { body: other, test: { test, holds: false } },
    ];
  }
  return 'body' in statement ? [{ body: statement.body }] : [];
}

/** The first statement behind that speaks of the local which a statement sets. */
function firstUse(statement: Statement, behind: readonly Statement[]): Statement[] {
  const target = statement.kind === 'expression' && statement.value.op === '=' && statement.value.args[0];
  const local =
    statement.kind === 'declare' ? statement.local : target && target.op === 'local' && target.text;
  if (!local) return [];
  const use = behind.find((one) =>
    expressionsIn([one]).some(({ op, text }) => op === 'local' && text === local),
  );
  return use ? [use] : [];
}

/** Where a statement leads is told apart from going on, not from elsewhere; what is returned by name counts. */
function withoutJumps(statement: Statement): Statement[] {
  const { kind, line } = statement;
  if (kind === 'label' || kind === 'case') return [];
  if (kind === 'goto' || kind === 'break' || kind === 'continue') return [{ kind: 'return', line }];
  if (kind === 'return' && statement.value?.op === 'local') return [{ kind: 'return', line }];
  if (kind === 'if') {
    const { body, other } = statement;
    return [{ ...statement, body: body.flatMap(withoutJumps), other: other.flatMap(withoutJumps) }];
  }
  return 'body' in statement ? [{ ...statement, body: statement.body.flatMap(withoutJumps) }] : [statement];
}
