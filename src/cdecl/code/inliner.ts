import type { Expression, FunctionCode, Local, Statement } from './syntax.ts';
import { hasEffect, localUses, substituted } from './walk.ts';

/** Puts the bodies of helpers in the place of their calls, their parameters replaced by what is handed over. */
export class Inliner {
  readonly #inlined: (name: string) => FunctionCode | undefined;
  readonly #learn: (code: FunctionCode) => void;
  readonly #bodies = new WeakMap<Expression, readonly Statement[] | null>();
  readonly #expanded = new WeakMap<Expression, Expression>();
  #count = 0;

  constructor(inlined: (name: string) => FunctionCode | undefined, learn: (code: FunctionCode) => void) {
    this.#inlined = inlined;
    this.#learn = learn;
  }

  /** The body of the called helper for this very call, the same object each time; undefined where it has none. */
  bodyFor(call: Expression): readonly Statement[] | undefined {
    const known = this.#bodies.get(call);
    if (known !== undefined) return known ?? undefined;
    const code = this.#codeOf(call);
    const body = code ? this.#instance(code, argumentsFor(code, call)) : null;
    this.#bodies.set(call, body);
    return body ?? undefined;
  }

  /** An expression with the helpers put in that do nothing but give a value. */
  expanded(value: Expression): Expression {
    const known = this.#expanded.get(value);
    if (known) return known;
    const args = value.args.map((arg) => this.expanded(arg));
    const isSame = args.every((arg, at) => arg === value.args[at]);
    const inside = isSame ? value : { ...value, args };
    const result = value.op === 'call' ? (this.#valueOf(inside) ?? inside) : inside;
    this.#expanded.set(value, result);
    return result;
  }

  #codeOf({ args }: Expression): FunctionCode | undefined {
    const [callee, ...given] = args;
    const code = callee?.op === 'name' ? this.#inlined(callee.text ?? '') : undefined;
    if (!code) return undefined;
    const wanted = code.parameters.length;
    const isEnough = code.isVariadic ? given.length >= wanted - 1 : given.length === wanted;
    return isEnough ? code : undefined;
  }

  #valueOf(call: Expression): Expression | undefined {
    const code = this.#codeOf(call);
    const [only, ...others] = code?.body ?? [];
    if (!code || only?.kind !== 'return' || !only.value || others.length > 0) return undefined;
    const uses = localUses(code);
    const given = argumentsFor(code, call);
    const isOnce = code.parameters.every(
      ({ name }, at) => (uses.get(name)?.used ?? 0) <= 1 || !hasEffect(given[at] as Expression),
    );
    if (!isOnce) return undefined;
    const byName = new Map(code.parameters.map(({ name }, at) => [name, given[at] as Expression]));
    const [body] = substituted(
      code.body,
      (local) => byName.get(local.text ?? '') ?? local,
      (local) => local,
    );
    return body?.kind === 'return' && body.value ? this.expanded(body.value) : undefined;
  }

  /** A copy of a function's body with locals of its own. */
  #instance(code: FunctionCode, given: readonly Expression[]): Statement[] {
    this.#count += 1;
    const uses = localUses(code);
    const rename = (name: string): string => `${name}@${this.#count}`;
    const byName = new Map<string, Expression>();
    const first: Statement[] = [];
    for (const [at, { name, type }] of code.parameters.entries()) {
      const value = given[at] as Expression;
      const use = uses.get(name);
      const isFixed = use?.assigned === 0 && !use.isAddressTaken;
      if (isFixed && !hasEffect(value)) byName.set(name, value);
      else {
        byName.set(name, { op: 'local', text: rename(name), type, args: [] });
        first.push({ kind: 'declare', local: rename(name), value, line: 0 });
      }
    }
    const local = (value: Expression): Expression =>
      byName.get(value.text ?? '') ?? { ...value, text: rename(value.text ?? '') };
    const body = [...first, ...substituted(code.body, local, rename)];
    const locals = new Map<string, Local>(
      [...code.locals.values()].map((known) => [rename(known.name), { ...known, name: rename(known.name) }]),
    );
    // A parameter that is declared anew is set by that, and no longer by being a parameter.
    this.#learn({ ...code, parameters: [], locals, body });
    return body;
  }
}

/** What each parameter stands for in a call; the last of a variadic macro for all that is left. */
function argumentsFor({ parameters, isVariadic }: FunctionCode, { args }: Expression): Expression[] {
  const given = args.slice(1);
  if (!isVariadic) return given;
  const fixed = parameters.length - 1;
  return [...given.slice(0, fixed), { op: 'rest', args: given.slice(fixed) }];
}
