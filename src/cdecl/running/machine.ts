import type { CodeType, Expression, FunctionCode, Statement } from '../code/syntax.ts';
import { partsOf, substituted } from '../code/walk.ts';
import { evaluate, isTrue, placeOf } from './evaluate.ts';
import { DIRECT_MAP, KERNEL_CALLS, LOOPS, returnTypeOf } from './kernel-calls.ts';
import { Memory } from './memory.ts';
import { NotRunnable } from './not-runnable.ts';
import type { Frame, Place, Running, Value } from './running.ts';
import { type Declared, isAggregate, isSigned, type RunType, sizeOf, Types, U64 } from './types.ts';

/** A function or macro of the kernel whose code is run. */
export interface RunFunction {
  readonly kind: 'function' | 'macro';
  /** Undefined where the parser does not know a construct in it. */
  readonly code: FunctionCode | undefined;
}

/** The kernel whose code is run, as a file of it sees its names. */
export interface RunKernel extends Declared {
  function(name: string): RunFunction | undefined;
  /** The type of a variable at file level. */
  variableType(name: string): { readonly name: string; readonly stars: number } | undefined;
  /** Whether such a variable has a value from its definition. */
  isSetAtFirst(name: string): boolean;
  number(name: string): bigint | undefined;
}

/** What stands in for functions of the kernel, by their names, over what is known of all kernels. */
export type StandIns = Readonly<Record<string, (...args: bigint[]) => bigint>>;

const PHYSICAL_START = 0x4000_0000;
const STACK_AT = 0x2800_0000_0000;
const FUNCTIONS_AT = 0x3000_0000_0000;
const PAGE = 4096;
const MOST_STEPS = 300_000;
const DEEPEST = 60;

type End =
  | { readonly kind: 'break' | 'continue' }
  | { readonly kind: 'goto'; readonly label: string }
  | { readonly kind: 'return'; readonly value: Value };

const ZERO: Value = { value: 0n, type: U64 };

/** A machine on which code of a kernel runs: memory, and what stands in for the rest of the kernel. */
export class Run implements Running {
  readonly kernel: RunKernel;
  readonly memory = new Memory();
  readonly types: Types;
  readonly #standIns = new Map<string, (...args: bigint[]) => bigint>();
  readonly #functions: string[] = [];
  readonly #texts = new Map<string, bigint>();
  readonly #globals = new Map<string, Place | undefined>();
  readonly #numbers = new Map<string, bigint | undefined>();
  readonly #found = new Map<string, RunFunction | undefined>();
  #next = PHYSICAL_START;
  #stack = STACK_AT;
  #steps = 0;
  #depth = 0;

  constructor(kernel: RunKernel) {
    this.kernel = kernel;
    this.types = new Types(kernel);
  }

  /** The memory stays, and nothing is known of what ran. */
  restart(): void {
    this.#standIns.clear();
    this.#globals.clear();
    this.#steps = 0;
  }

  /** The functions that another stands in for. */
  get standsIn(): string[] {
    return [...this.#standIns.keys()];
  }

  standIn(functions: StandIns): void {
    for (const [name, does] of Object.entries(functions)) this.#standIns.set(name, does);
  }

  /** Memory of whole pages, by the address that code uses. */
  allocate(bytes: number): bigint {
    const at = this.#next;
    this.#next += Math.max(1, Math.ceil(bytes / PAGE)) * PAGE;
    return BigInt(at) + DIRECT_MAP;
  }

  /** A struct of the kernel in which nothing is set. */
  make(tag: string): bigint {
    const { size } = this.types.shape(tag);
    const at = this.allocate(size);
    this.memory.unset(Number(at), size);
    return at;
  }

  /** Where a member of a struct lies. */
  member(at: bigint, tag: string, name: string): Place {
    const member = this.types.shape(tag).member(name);
    if (!member) throw new NotRunnable(`struct ${tag} has no member ${name}`);
    return { at: Number(at) + member.offset, type: member.type };
  }

  set(at: bigint, tag: string, name: string, value: bigint): void {
    this.store(this.member(at, tag, name), value);
  }

  load({ at, type }: Place): Value {
    if (isNothing(type)) throw new NotRunnable('what is read is nothing');
    if (type.count !== undefined || isAggregate(type)) return { value: BigInt(at), type };
    return { value: this.memory.load(at, sizeOf(type), isSigned(type)), type };
  }

  store({ at, type }: Place, value: bigint): void {
    if (isNothing(type)) throw new NotRunnable('what is written to is nothing');
    if (isAggregate(type)) this.memory.copy(at, Number(value), sizeOf(type));
    else this.memory.store(at, sizeOf(type), type.name === 'bool' && type.stars === 0 ? truth(value) : value);
  }

  /** The address of a function of the kernel, or of one that stands in. */
  addressOf(name: string): bigint {
    if (!this.#functions.includes(name)) this.#functions.push(name);
    return BigInt(FUNCTIONS_AT + this.#functions.indexOf(name));
  }

  functionAt(address: bigint): string {
    const name = this.#functions[Number(address) - FUNCTIONS_AT];
    if (name === undefined) throw new NotRunnable('a call of what is no function');
    return name;
  }

  /** A variable of the kernel at file level. */
  global(name: string): Place | undefined {
    if (this.#globals.has(name)) return this.#globals.get(name);
    const declared = this.kernel.variableType(name);
    const type = declared && this.types.of(declared);
    const place = type && { at: Number(this.allocate(sizeOf(type))), type };
    // What it is set to at first is not looked at.
    if (place && this.kernel.isSetAtFirst(name)) this.memory.unset(place.at, sizeOf(place.type));
    this.#globals.set(name, place);
    return place;
  }

  /** A number that the kernel's headers define. */
  number(name: string): bigint | undefined {
    if (!this.#numbers.has(name)) this.#numbers.set(name, this.kernel.number(name));
    return this.#numbers.get(name);
  }

  #function(name: string): RunFunction | undefined {
    if (!this.#found.has(name)) this.#found.set(name, this.kernel.function(name));
    return this.#found.get(name);
  }

  /** Whether something answers to a name when it is called. */
  knows(name: string): boolean {
    return this.#standIns.has(name) || this.#function(name)?.kind === 'function';
  }

  /** Calls a function with values. */
  call(name: string, ...args: readonly bigint[]): bigint {
    const standIn = this.#standIns.get(name);
    if (standIn) return standIn(...args);
    const found = this.#function(name);
    if (found?.kind !== 'function') throw new NotRunnable(`no function ${name}()`);
    return this.#enter(name, found, args).value;
  }

  /** A call as it stands in code. */
  callIn(name: string, args: readonly Expression[], frame: Frame): Value {
    const values = (): bigint[] => args.map((arg) => evaluate(arg, this, frame).value);
    const standIn = this.#standIns.get(name);
    if (standIn) return { value: standIn(...values()), type: this.#returned(name) };
    const kernelCall = KERNEL_CALLS.get(name);
    if (kernelCall) {
      const answer = kernelCall(this, args, frame);
      return typeof answer === 'bigint' ? { value: answer, type: U64 } : answer;
    }
    const found = this.#function(name);
    if (found?.kind === 'macro') return this.#expand(name, found, args, frame);
    if (found) return this.#enter(name, found, values());
    throw new NotRunnable(`nothing stands in for ${name}()`);
  }

  #returned(name: string): RunType {
    const found = this.#function(name);
    return found?.code ? this.types.of(found.code.returnType) : returnTypeOf(name, this.types);
  }

  #enter(name: string, { code }: RunFunction, args: readonly bigint[]): Value {
    if (!code) throw new NotRunnable(`${name}() is beyond the parser`);
    if (code.parameters.length !== args.length)
      throw new NotRunnable(`${name}() takes ${code.parameters.length} arguments`);
    if ([...code.locals.values()].some(({ isStatic }) => isStatic))
      throw new NotRunnable(`${name}() remembers something`);
    const top = this.#stack;
    const frame: Frame = { places: new Map(), types: typesOf(code) };
    for (const [index, { name: local, type }] of code.parameters.entries())
      this.store(this.#declare(local, this.types.of(type), frame), args[index] as bigint);
    const { value, type } = this.#deeper(() => this.#whole(code.body, frame));
    this.#stack = top;
    const returned = this.types.of(code.returnType);
    return { value, type: isAggregate(returned) ? type : returned };
  }

  /** A macro runs where it stands: its parameters are what stands there. */
  #expand(name: string, { code }: RunFunction, args: readonly Expression[], frame: Frame): Value {
    if (!code || code.isVariadic || code.parameters.length !== args.length)
      throw new NotRunnable(`${name}() is beyond the parser`);
    const given = new Map(
      code.parameters.map(({ name: local }, index) => [local, args[index] as Expression]),
    );
    const rename = (local: string): string => `${local} of ${name}`;
    const body = substituted(
      code.body,
      (local) => given.get(local.text ?? '') ?? { ...local, text: rename(local.text ?? '') },
      rename,
    );
    for (const [local, type] of typesOf(code)) frame.types.set(rename(local), type);
    return this.#deeper(() => this.#whole(body, frame));
  }

  #deeper<T>(does: () => T): T {
    this.#depth += 1;
    if (this.#depth > DEEPEST) throw new NotRunnable('too many calls within each other');
    try {
      return does();
    } finally {
      this.#depth -= 1;
    }
  }

  #whole(body: readonly Statement[], frame: Frame): Value {
    const end = this.#all(body, frame);
    if (end && end.kind !== 'return') throw new NotRunnable(`${end.kind} leads nowhere`);
    return end?.value ?? ZERO;
  }

  /** A statement expression: its value is that of its last statement. */
  block(body: readonly Statement[], frame: Frame): Value {
    const last = body.at(-1);
    const end = this.#all(body.slice(0, -1), frame);
    if (end || last?.kind !== 'expression') throw new NotRunnable('a block without a value');
    return evaluate(last.value, this, frame);
  }

  #declare(local: string, type: RunType, frame: Frame): Place {
    const known = frame.places.get(local);
    if (known && sizeOf(known.type) === sizeOf(type)) return { at: known.at, type };
    const place = { at: this.#stack, type };
    // A row of a length that is not told has room enough.
    this.#stack += type.count === 0 ? PAGE : 8 * Math.ceil(sizeOf(type) / 8);
    frame.places.set(local, place);
    return place;
  }

  /** Where a text lies. */
  textAt(text: string): bigint {
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    const at = this.allocate(text.length + 1);
    for (const [index, code] of [...Buffer.from(text)].entries())
      this.memory.fill(Number(at) + index, 1, code);
    this.#texts.set(text, at);
    return at;
  }

  evaluate(value: Expression, frame: Frame): Value {
    return evaluate(value, this, frame);
  }

  placeOf(value: Expression, frame: Frame): Place {
    return placeOf(value, this, frame);
  }

  step(): void {
    this.#steps += 1;
    if (this.#steps > MOST_STEPS) throw new NotRunnable('it does not come to an end');
  }

  #all(body: readonly Statement[], frame: Frame): End | undefined {
    for (let at = 0; at < body.length; at += 1) {
      const end = this.#one(body[at] as Statement, frame);
      if (end?.kind !== 'goto') {
        if (end) return end;
        continue;
      }
      const label = body.findIndex((one) => one.kind === 'label' && one.label === end.label);
      if (label < 0) return end;
      at = label;
    }
    return undefined;
  }

  #one(statement: Statement, frame: Frame): End | undefined {
    this.step();
    switch (statement.kind) {
      case 'expression':
        if (!isIgnored(statement.value)) evaluate(statement.value, this, frame);
        return undefined;
      case 'declare':
        this.#define(statement.local, statement.value, frame);
        return undefined;
      case 'if':
        return this.#all(isTrue(statement.test, this, frame) ? statement.body : statement.other, frame);
      case 'while':
        return this.#loop(statement, frame);
      case 'each':
        return this.#each(statement.test, statement.body, frame);
      case 'switch':
        return this.#switch(statement.test, statement.body, frame);
      case 'block':
        return this.#all(statement.body, frame);
      case 'return':
        return { kind: 'return', value: statement.value ? evaluate(statement.value, this, frame) : ZERO };
      case 'goto':
        return { kind: 'goto', label: statement.label };
      case 'break':
      case 'continue':
        return statement;
      default:
        return undefined;
    }
  }

  #define(local: string, value: Expression | undefined, frame: Frame): void {
    const declared = this.#declared(frame.types.get(local));
    if (value?.op === 'list') {
      this.initialize(this.#declare(local, declared ?? U64, frame), value, frame);
      return;
    }
    // It is there before it has a value: `p = alloc(*p)`.
    const place = declared && this.#declare(local, declared, frame);
    const given = value && evaluate(value, this, frame);
    if (given) this.store(place ?? this.#declare(local, given.type, frame), given.value);
  }

  /** The type that a local is declared with; undefined where it has that of its value. */
  #declared(type: CodeType | undefined): RunType | undefined {
    if (!type || /^(?:typeof|\?|__auto_type)$/.test(type.name)) return undefined;
    const known = this.types.of(type);
    return type.isArray ? { ...known, count: 0 } : known;
  }

  initialize({ at, type }: Place, { args }: Expression, frame: Frame): void {
    this.memory.fill(at, type.count === undefined ? sizeOf(type) : 0, 0);
    for (const item of args) {
      if (item.op === 'number') continue;
      if (item.op !== 'designate' || item.args.length !== 1)
        throw new NotRunnable('a list of values in a row');
      const place = (item.text ?? '')
        .split('.')
        .slice(1)
        .reduce<Place>((outer, name) => this.inner(outer, name), { at, type });
      const [value] = item.args as [Expression];
      if (value.op === 'list') this.initialize(place, value, frame);
      else this.store(place, evaluate(value, this, frame).value);
    }
  }

  /** A member of what lies somewhere. */
  inner({ at, type }: Place, name: string): Place {
    const member = type.stars === 0 ? type.shape?.member(name) : undefined;
    if (!member) throw new NotRunnable(`${type.name} has no member ${name}`);
    return { at: at + member.offset, type: member.type };
  }

  #loop(loop: Statement & { kind: 'while' }, frame: Frame): End | undefined {
    for (let isFirst = loop.isPost; isFirst || isTrue(loop.test, this, frame); isFirst = false) {
      const end = this.#all(loop.body, frame);
      if (end?.kind === 'break') return undefined;
      if (end && end.kind !== 'continue') return end;
      if (loop.step) evaluate(loop.step, this, frame);
    }
    return undefined;
  }

  /** A macro that loops, or one that guards what follows. */
  #each({ args: [callee, ...args] }: Expression, body: readonly Statement[], frame: Frame): End | undefined {
    const loop = LOOPS.get(callee?.text ?? '');
    if (!loop) throw new NotRunnable(`nothing stands in for ${callee?.text}()`);
    for (const _ of loop(this, args, frame)) {
      const end = this.#all(body, frame);
      if (end?.kind === 'break') return undefined;
      if (end && end.kind !== 'continue') return end;
    }
    return undefined;
  }

  #switch(test: Expression, body: readonly Statement[], frame: Frame): End | undefined {
    const { value } = evaluate(test, this, frame);
    const [block] = body;
    const cases = block?.kind === 'block' ? block.body : body;
    const isIt = (one: Statement): boolean =>
      one.kind === 'case' && one.value !== undefined && evaluate(one.value, this, frame).value === value;
    const found = cases.findIndex(isIt);
    const at = found >= 0 ? found : cases.findIndex((one) => one.kind === 'case' && one.value === undefined);
    const end = at < 0 ? undefined : this.#all(cases.slice(at), frame);
    return end?.kind === 'break' ? undefined : end;
  }
}

function typesOf({ locals }: FunctionCode): Map<string, CodeType> {
  return new Map([...locals].map(([name, { type, exact = type }]) => [name, exact]));
}

/** What a pointer to nothing in particular leads to. */
function isNothing({ name, stars, count }: RunType): boolean {
  return name === 'void' && stars === 0 && count === undefined;
}

function truth(value: bigint): bigint {
  return value === 0n ? 0n : 1n;
}

/** Whether the code of a function never runs: what it does is known of all kernels, or does not matter. */
export function isAnswered(name: string): boolean {
  return KERNEL_CALLS.has(name) || IGNORED.test(name);
}

/** Whether a call is made for nothing that is known here: what it gives is not asked for, and nothing is set on its way. */
function isIgnored({ op, args: [callee, ...args] }: Expression): boolean {
  // `guard(mutex)(&lock);`
  if (op === 'call' && callee?.op === 'call') return isIgnored(callee);
  const isSetting = (part: Expression): boolean => part.op === '=' || /^(?:pre|post)/.test(part.op);
  return (
    op === 'call' &&
    callee?.op === 'name' &&
    IGNORED.test(callee.text ?? '') &&
    !args.some((arg) => partsOf(arg).some(isSetting))
  );
}

/** What changes nothing of the data, called for what it says or guards. */
const IGNORED =
  /^(?:pr_\w+|(?:mutex|spin|rw|down|up|lockdep|trace|kasan|memblock)_\w+|might_sleep\w*|cond_resched|typecheck|clear_page_tag_ref|adjust_managed_page_count|static_assert|BUILD_BUG_ON|guard|CLASS)$/;
