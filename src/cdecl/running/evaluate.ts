import type { Expression } from '../code/syntax.ts';
import { KERNEL_NUMBERS } from './kernel-calls.ts';
import { NotRunnable } from './not-runnable.ts';
import type { Frame, Place, Running, Value } from './running.ts';
import { behind, pointerTo, type RunType, sizeOf, U64 } from './types.ts';

const INT: RunType = { name: 's32', stars: 0 };

export function isTrue(value: Expression, run: Running, frame: Frame): boolean {
  return evaluate(value, run, frame).value !== 0n;
}

/** What an expression comes to. */
export function evaluate(value: Expression, run: Running, frame: Frame): Value {
  run.step();
  const { op, text = '', args } = value;
  const [first, second, third] = args as [Expression, Expression, Expression];
  switch (op) {
    case 'number':
      return { value: numberOf(text), type: /[lL]/.test(text) ? U64 : INT };
    case 'local':
    case 'index':
    case 'deref':
    case 'member':
      return run.load(placeOf(value, run, frame));
    case 'name':
      return named(text, run);
    case 'address':
      return addressOf(first, run, frame);
    case 'cast':
      return castOf(value, run, frame);
    case 'sizeof-type':
      return { value: BigInt(sizeOf(run.types.of(value.type ?? { name: 'i32', stars: 0 }))), type: U64 };
    case 'sizeof':
      return { value: BigInt(sizeOf(typeOf(first, run, frame))), type: U64 };
    case 'block':
      return run.block(value.body ?? [], frame);
    case 'call':
      return callOf(args, run, frame);
    case '=':
      return assign(first, second, run, frame);
    case ',':
      evaluate(first, run, frame);
      return evaluate(second, run, frame);
    case '?:':
      return isTrue(first, run, frame) ? evaluate(second, run, frame) : evaluate(third, run, frame);
    case '&&':
      return { value: isTrue(first, run, frame) && isTrue(second, run, frame) ? 1n : 0n, type: INT };
    case '||':
      return { value: isTrue(first, run, frame) || isTrue(second, run, frame) ? 1n : 0n, type: INT };
    case '!':
      return { value: isTrue(first, run, frame) ? 0n : 1n, type: INT };
    case 'pre++':
    case 'pre--':
    case 'post++':
    case 'post--':
      return counted(op, first, run, frame);
    case 'string':
      return { value: run.textAt(text), type: { name: 'u8', stars: 1 } };
    default:
      return args.length === 1
        ? unary(op, evaluate(first, run, frame))
        : binary(op, evaluate(first, run, frame), evaluate(second, run, frame));
  }
}

/** Where what an expression names lies. */
export function placeOf(value: Expression, run: Running, frame: Frame): Place {
  const { op, text = '', args } = value;
  const [first, second] = args as [Expression, Expression];
  if (op === 'local') {
    const place = frame.places.get(text);
    if (!place) throw new NotRunnable(`${text} is not set`);
    return place;
  }
  if (op === 'name') {
    const place = run.global(text);
    if (place) return place;
  }
  if (op === 'member') return run.inner(placeOf(first, run, frame), text);
  if (op === 'deref') return behindOf(evaluate(first, run, frame));
  if (op === 'index') {
    const row = evaluate(first, run, frame);
    const { at, type } = behindOf(row);
    return { at: at + Number(evaluate(second, run, frame).value) * sizeOf(type), type };
  }
  // The value of a struct is where it lies.
  const { value: at, type } = evaluate(value, run, frame);
  if (type.stars === 0 && type.shape) return { at: Number(at), type };
  throw new NotRunnable(`${op} is no place`);
}

function behindOf({ value, type }: Value): Place {
  if (type.stars === 0 && type.count === undefined) throw new NotRunnable(`${type.name} is no pointer`);
  return { at: Number(value), type: behind(type) };
}

/** The type of an expression, which is not run but for the places in it. */
function typeOf(value: Expression, run: Running, frame: Frame): RunType {
  const [first] = value.args as [Expression];
  if (value.op === 'deref' || value.op === 'index') return behind(typeOf(first, run, frame));
  if (value.op === 'member') {
    const { shape } = typeOf(first, run, frame);
    const member = shape?.member(value.text ?? '');
    if (!member) throw new NotRunnable(`no member ${value.text}`);
    return member.type;
  }
  if (value.op === 'cast' && value.type) return run.types.of(value.type);
  if (value.op === 'local') {
    const place = frame.places.get(value.text ?? '');
    if (place) return place.type;
  }
  return evaluate(value, run, frame).type;
}

const DIGITS = /^(0[xX][\da-fA-F]+|0[0-7]*|[1-9]\d*)[uUlL]*$/;

function numberOf(text: string): bigint {
  const digits = DIGITS.exec(text)?.[1];
  if (digits === undefined) throw new NotRunnable(`the number ${text}`);
  return BigInt(/^0\d/.test(digits) ? `0o${digits.slice(1)}` : digits);
}

function named(text: string, run: Running): Value {
  const known = KERNEL_NUMBERS.get(text);
  if (known !== undefined) return { value: known, type: U64 };
  const place = run.global(text);
  if (place) return run.load(place);
  const value = run.number(text);
  if (value !== undefined) return { value, type: U64 };
  if (run.knows(text)) return { value: run.addressOf(text), type: { name: 'void', stars: 1 } };
  throw new NotRunnable(`what ${text} is is not known`);
}

function addressOf(of: Expression, run: Running, frame: Frame): Value {
  if (of.op === 'name' && run.knows(of.text ?? '')) return named(of.text ?? '', run);
  const { at, type } = placeOf(of, run, frame);
  return { value: BigInt(at), type: pointerTo(type.count === undefined ? type : behind(type)) };
}

function castOf({ type, args: [first] }: Expression, run: Running, frame: Frame): Value {
  // A type that is that of another expression is its own.
  const to = type && type.name !== 'typeof' ? run.types.of(type) : undefined;
  if (first?.op === 'list') {
    if (!to) throw new NotRunnable('a value of no type');
    const at = run.allocate(sizeOf(to));
    run.initialize({ at: Number(at), type: to }, first, frame);
    return { value: at, type: to };
  }
  const { value, type: from } = evaluate(first as Expression, run, frame);
  return to ? { value: fitting(value, to), type: to } : { value, type: from };
}

/** A number as one of a type. */
function fitting(value: bigint, type: RunType): bigint {
  if (type.stars > 0 || !/^[us]\d/.test(type.name)) return value;
  const bits = 8 * sizeOf(type);
  return type.name.startsWith('s') ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value);
}

function callOf([callee, ...args]: readonly Expression[], run: Running, frame: Frame): Value {
  if (callee?.op === 'name' && !run.global(callee.text ?? ''))
    return run.callIn(callee.text ?? '', args, frame);
  const { value } = evaluate(callee as Expression, run, frame);
  return run.callIn(run.functionAt(value), args, frame);
}

function assign(target: Expression, from: Expression, run: Running, frame: Frame): Value {
  const { value } = evaluate(from, run, frame);
  const place = placeOf(target, run, frame);
  run.store(place, value);
  return run.load(place);
}

function counted(op: string, target: Expression, run: Running, frame: Frame): Value {
  const place = placeOf(target, run, frame);
  const before = run.load(place);
  const by = before.type.stars > 0 ? BigInt(sizeOf(behind(before.type))) : 1n;
  run.store(place, before.value + (op.endsWith('++') ? by : -by));
  return op.startsWith('post') ? before : run.load(place);
}

function unary(op: string, { value, type }: Value): Value {
  if (op === 'neg') return { value: -value, type };
  if (op === '~') return { value: fitting(~value, type), type };
  if (op === 'pos') return { value, type };
  throw new NotRunnable(`the operator ${op}`);
}

const COMPARED: Readonly<Record<string, (a: bigint, b: bigint) => boolean>> = {
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '>': (a, b) => a > b,
  '<=': (a, b) => a <= b,
  '>=': (a, b) => a >= b,
};

const COMPUTED: Readonly<Record<string, (a: bigint, b: bigint) => bigint>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / nonZero(b),
  '%': (a, b) => a % nonZero(b),
  '&': (a, b) => a & b,
  '|': (a, b) => a | b,
  '^': (a, b) => a ^ b,
  '<<': (a, b) => a << within(b),
  '>>': (a, b) => positive(a) >> within(b),
};

function nonZero(value: bigint): bigint {
  if (value === 0n) throw new NotRunnable('a division by zero');
  return value;
}

/** A number is kept with a sign that code may not give it: where that would tell, there is no answer. */
function positive(value: bigint): bigint {
  if (value < 0n) throw new NotRunnable('a shift of what is less than nothing');
  return value;
}

function within(bits: bigint): bigint {
  if (bits < 0n || bits > 63n) throw new NotRunnable('a shift by more than a number has');
  return bits;
}

function binary(op: string, left: Value, right: Value): Value {
  const compared = COMPARED[op];
  if (compared) return { value: compared(left.value, right.value) ? 1n : 0n, type: INT };
  const computed = COMPUTED[op];
  if (!computed) throw new NotRunnable(`the operator ${op}`);
  const [one, other] = [asPointer(left), asPointer(right)];
  if (one && other && op === '-') {
    const size = BigInt(sizeOf(behind(one)));
    return { value: (left.value - right.value) / nonZero(size), type: { name: 's64', stars: 0 } };
  }
  const pointer = one ?? other;
  if (pointer && (op === '+' || op === '-')) {
    const size = BigInt(sizeOf(behind(pointer)));
    const [at, by] = one ? [left.value, right.value] : [right.value, left.value];
    return { value: computed(at, by * size), type: pointer };
  }
  const type = sizeOf(left.type) === 8 || sizeOf(right.type) === 8 ? wider(left.type, right.type) : INT;
  return {
    value:
      type === INT ? computed(left.value, right.value) : fitting(computed(left.value, right.value), type),
    type,
  };
}

function wider(one: RunType, other: RunType): RunType {
  return sizeOf(one) === 8 ? one : other;
}

/** A row is a pointer to its first. */
function asPointer(value: Value): RunType | undefined {
  const { type } = value;
  if (type.count !== undefined) return pointerTo(behind(type));
  return type.stars > 0 ? type : undefined;
}
