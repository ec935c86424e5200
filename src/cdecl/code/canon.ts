import { isConstant } from './constants.ts';
import type { CodeType, Expression } from './syntax.ts';

/** Where a member of handed-over data lies, and what it is. */
export interface WireMember {
  /** The struct by the name that the registry knows it by. */
  struct: string;
  bitOffset: number;
}

/** What the code around a function says of the names in it. */
export interface CodeNames {
  /** A member of a struct whose layout is captured. */
  wire(struct: string, member: string): WireMember | undefined;
  /** The type of a struct's member, as it is declared. */
  memberType(struct: string, member: string): CodeType | undefined;
  /** What stands for a member of a struct that is not handed over: its own name, or its place among the others. */
  memberName(struct: string, member: string): string;
  /** What a struct is called in all kernels. */
  structName(name: string): string;
  /** The type of a variable at file level. */
  variableType(name: string): CodeType | undefined;
  returnType(name: string): CodeType | undefined;
  /** What a name that is no local is called in all kernels. */
  name(name: string): string;
  /** Whether a text is a marker, which is compared by itself. */
  isMarker(text: string): boolean;
}

/** Locals whose value is known on the way here. */
export type Known = ReadonlyMap<string, Expression>;

const MARKER: Expression = { op: 'marker', args: [] };

/** Brings expressions into one form: what reads and writes the same has equal texts. */
export class Canon {
  readonly #names: CodeNames;

  constructor(names: CodeNames) {
    this.#names = names;
  }

  /** The type of an expression, where the declarations at hand tell it. */
  typeOf({ op, text = '', type, args }: Expression): CodeType | undefined {
    const [first] = args;
    if (op === 'local' || op === 'cast') return type;
    if (op === 'name') return this.#names.variableType(text);
    if (op === 'call' && first?.op === 'name') return this.#names.returnType(first.text ?? '');
    const inner = first && this.typeOf(first);
    if (!inner) return undefined;
    if (op === 'deref' || op === 'index') return step(inner);
    if (op === 'address') return { name: inner.name, stars: inner.stars + 1 };
    if (op === 'member') return inner.stars === 0 ? this.#names.memberType(tagOf(inner), text) : undefined;
    return op === '=' || op === '?:' ? inner : undefined;
  }

  /** The one form of an expression. */
  of(value: Expression, known: Known): Expression {
    const { op, text = '' } = value;
    if (op === 'local') return known.get(text) ?? value;
    if (op === 'number') return { op, text: numberText(text), args: [] };
    if (op === 'name') return this.#name(text, value);
    if (op === 'string') return this.#names.isMarker(text) ? MARKER : value;
    if (op === 'sizeof') return this.#sizeof(value, known);
    if (op === 'member') return this.#member(value, known);
    if (op === 'call') return this.#call(value, known);
    if (op === 'list') return { op, args: this.#items(value.args, known) };
    if (value.type)
      return {
        ...value,
        type: this.typeNamed(value.type),
        args: value.args.map((arg) => this.of(arg, known)),
      };
    // What is written is not replaced by what is known of it.
    if (op === '=') {
      const [target, from] = value.args as [Expression, Expression];
      return { op, args: [target.op === 'local' ? target : this.of(target, known), this.of(from, known)] };
    }
    const args =
      op === 'address' && value.args[0]?.op === 'local'
        ? value.args
        : value.args.map((arg) => this.of(arg, known));
    return simplified({ ...value, args });
  }

  /** The items of an initializer: named ones in one order, locks left out. */
  #items(items: readonly Expression[], known: Known): Expression[] {
    const kept = items.filter(({ op, args }) => op !== 'designate' || !isLock(args.at(-1)));
    const isNamed = kept.every(({ op, text = '' }) => op === 'designate' && text.startsWith('.'));
    const made = kept.map((item) => ({ ...item, args: item.args.map((arg) => this.of(arg, known)) }));
    return isNamed
      ? made.sort((one, other) => ((one.text ?? '') < (other.text ?? '') ? -1 : 1))
      : made.map((item) => (item.op === 'designate' ? item : this.of(item, known)));
  }

  #name(text: string, value: Expression): Expression {
    const name = this.#names.name(text);
    return name === text ? value : { ...value, text: name };
  }

  /** A type as it is called in all kernels. */
  typeNamed(type: CodeType): CodeType {
    const tag = /^struct (\w+)$/.exec(type.name)?.[1];
    return tag === undefined ? type : { ...type, name: `struct ${this.#names.structName(tag)}` };
  }

  #sizeof(value: Expression, known: Known): Expression {
    const inner = value.args[0] as Expression;
    const type = this.typeOf(inner);
    if (type && !type.isArray && type.name !== 'typeof')
      return { op: 'sizeof-type', type: this.typeNamed(type), args: [] };
    return { op: 'sizeof', args: [this.of(inner, known)] };
  }

  #member(value: Expression, known: Known): Expression {
    const object = value.args[0] as Expression;
    const type = this.typeOf(object);
    const inside = this.of(object, known);
    const tag = type && type.stars === 0 ? tagOf(type) : '';
    const wire = this.#names.wire(tag, value.text ?? '');
    if (!wire) {
      const held = this.#names.memberType(tag, value.text ?? '');
      const points = held && held.stars > 0 && !held.isArray ? { points: this.typeNamed(held) } : {};
      return {
        op: 'member',
        text: this.#names.memberName(tag, value.text ?? ''),
        args: [inside],
        ...points,
      };
    }
    // A member of an embedded struct is one of the struct around it.
    const outer = inside.op === 'wire' ? /^(\w+)@(\d+)$/.exec(inside.text ?? '') : null;
    if (!outer) return { op: 'wire', text: `${wire.struct}@${wire.bitOffset}`, args: [inside] };
    return { op: 'wire', text: `${outer[1]}@${Number(outer[2]) + wire.bitOffset}`, args: inside.args };
  }

  #call(value: Expression, known: Known): Expression {
    const [callee, ...rest] = value.args as [Expression, ...Expression[]];
    const name = callee.op === 'name' ? (callee.text ?? '') : '';
    if (
      /^(?:un)?likely$|^WARN_ON(?:_ONCE)?$|^WARN(?:_ONCE)?$|^no_free_ptr$|^READ_ONCE$/.test(name) &&
      rest[0]
    )
      return this.of(rest[0], known);
    if (/^BIT(?:_ULL)?$/.test(name) && rest[0])
      return { op: '<<', args: [{ op: 'number', text: '1', args: [] }, this.of(rest[0], known)] };
    const allocated = this.#allocation(name, rest, known);
    if (allocated) return allocated;
    return { op: 'call', args: [this.of(callee, known), ...rest.map((arg) => this.of(arg, known))] };
  }

  /** Memory of the kernel itself: only its size and whether it is cleared count. */
  #allocation(name: string, args: readonly Expression[], known: Known): Expression | undefined {
    const match = /^k(v?)(m|z|c)alloc(_objs?|_array)?(?:_node)?$/.exec(name);
    if (!match || !args[0]) return undefined;
    const isCleared = match[2] !== 'm';
    const sizes: Expression[] = match[3]?.startsWith('_obj')
      ? [
          this.#sizeof({ op: 'sizeof', args: [args[0]] }, known),
          ...args.slice(1, match[3] === '_objs' ? 2 : 1).map((arg) => this.of(arg, known)),
        ]
      : args.slice(0, match[2] === 'c' || match[3] === '_array' ? 2 : 1).map((arg) => this.of(arg, known));
    const callee: Expression = { op: 'name', text: isCleared ? 'zeroed' : 'allocated', args: [] };
    const product = sizes.length === 2 ? [simplified({ op: '*', args: sizes })] : sizes;
    return { op: 'call', args: [callee, ...product] };
  }
}

function step(type: CodeType): CodeType | undefined {
  if (type.isArray) return { name: type.name, stars: type.stars };
  return type.stars > 0 ? { name: type.name, stars: type.stars - 1 } : undefined;
}

function tagOf({ name }: CodeType): string {
  return /^(?:struct|union) (\w+)$/.exec(name)?.[1] ?? '';
}

function numberText(text: string): string {
  const digits = /^(0[xX][0-9a-fA-F]+|0[0-7]+|\d+)[uUlL]*$/.exec(text)?.[1];
  if (digits === undefined) return text;
  return String(BigInt(/^0\d/.test(digits) ? `0o${digits.slice(1)}` : digits));
}

function isLock(value: Expression | undefined): boolean {
  const callee = value?.op === 'call' ? value.args[0] : value;
  return callee?.op === 'name' && /^__(?:MUTEX|RWSEM|SPIN_LOCK)_/.test(callee.text ?? '');
}

const COMMUTATIVE = new Set(['+', '*', '&', '|', '^', '==', '!=']);

/** Operands in one order, comparisons in one direction, casts to `void *` left out. */
function simplified(value: Expression): Expression {
  const { op, args } = value;
  const [left, right] = args;
  if (op === 'pos' && left) return left;
  if (op === 'deref' && left?.op === 'address') return left.args[0] as Expression;
  if (!left || !right) return value;
  if (op === '>' || op === '>=') return { op: op === '>' ? '<' : '<=', args: [right, left] };
  if (!COMMUTATIVE.has(op)) return value;
  if (isConstant(left) !== isConstant(right)) return isConstant(left) ? { op, args: [right, left] } : value;
  return shapeOf(left) <= shapeOf(right) ? value : { op, args: [right, left] };
}

/** An expression as text in which all locals look alike. */
function shapeOf({ op, text, args }: Expression): string {
  return `${op} ${op === 'local' ? '' : text} (${args.map(shapeOf).join()})`;
}
