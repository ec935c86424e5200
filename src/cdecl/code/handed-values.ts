import { Canon, type CodeNames } from './canon.ts';
import { called, evaluate, normalSink, originOf, pointing, type Scope } from './evaluate.ts';
import type { Flow } from './flow.ts';
import { type FlowNode, textOf } from './flow-nodes.ts';
import { computed, keyOf, leaf, type Sum } from './symbol.ts';
import type { CodeType, Expression, FunctionCode } from './syntax.ts';
import { partsOf } from './walk.ts';

/** A value on its way into handed-over data, or out of them. */
export interface HandedValue {
  /**
   * Where it goes: `=memfd_luo_ser@64` and `=property blob-size` are written, `i_size_write#1` is handed to a function, `.size`
   * is kept in a member, `*parameter 1` in what a parameter points to; `at luo_flb_ser` is where such a struct is looked for.
   */
  at: string;
  value: Sum;
}

/** Memory that is kept for the next kernel, or that a function is called with which may do so. */
export interface KeptMemory {
  /** The key of what it is known by, under each of its names. */
  key: string;
  /** It is known by what the function is given: another function means something else by it. */
  isParameter: boolean;
  /** The function that is called with it. */
  by: string;
}

type Known = ReadonlyMap<string, Sum>;

const ONLY_READS = /^(?:fdt_(?:property|setprop|appendprop)\w*|mem(?:cpy|move)|strscpy)$/;

/** Keeps memory that is there already. */
const KEEPS = /^kho_preserve_\w+$/;

/** Follows what a function does with its locals: what it writes to handed-over data, and what it does with what it reads there. */
export class HandedValues {
  readonly #flow: Flow;
  readonly #names: Omit<Scope, 'local'>;
  readonly #canon: Canon;
  readonly #defined = new Map<string, Expression[]>();
  readonly #found: HandedValue[] = [];
  readonly #kept = new Map<string, KeptMemory>();
  readonly #passed = new Map<string, KeptMemory>();

  /** @param names asked while this is at work: what the flow was drawn from may be gone */
  constructor(flow: Flow, names: Omit<Scope, 'local'> & CodeNames) {
    this.#flow = flow;
    this.#names = names;
    this.#canon = new Canon(names);
  }

  of(root: FlowNode, { parameters }: Pick<FunctionCode, 'parameters'>): readonly HandedValue[] {
    const order = inOrder(root);
    for (const { value } of order) if (value) this.#define(value);
    const first = parameters.map(({ name, type }, at) => {
      const stars = '*'.repeat(type.stars);
      return [name, this.#typed(name, leaf(`parameter ${at}${stars}`))] as const;
    });
    const before = new Map<FlowNode, Known[]>([[root, [new Map(first)]]]);
    for (const node of order) {
      const after = this.#step(node, joined(before.get(node) ?? []));
      before.delete(node);
      for (const child of new Set(node.children)) {
        const ways = before.get(child);
        if (ways) ways.push(after);
        else before.set(child, [after]);
      }
    }
    return this.#found;
  }

  /** The memory that is kept, each once. */
  get kept(): readonly KeptMemory[] {
    return [...this.#kept.values()];
  }

  /** What else functions are called with: one whose code is not at hand may keep it. */
  get passed(): readonly KeptMemory[] {
    return [...this.#passed.values()];
  }

  #pass(memory: Sum, by: string): void {
    const { leaves } = originOf(memory);
    if (leaves.size === 0) return;
    const key = memoryKey(memory);
    const isParameter = [...leaves].some((one) => one.startsWith('parameter '));
    const isKept = KEEPS.test(by);
    (isKept ? this.#kept : this.#passed).set(isKept ? key : `${by} ${key}`, { key, isParameter, by });
  }

  #define(value: Expression): void {
    for (const { op, args } of partsOf(value)) {
      const [target, from] = args;
      if (op !== '=' || target?.op !== 'local' || !from) continue;
      const name = target.text ?? '';
      this.#defined.set(name, [...(this.#defined.get(name) ?? []), from]);
    }
  }

  #step(node: FlowNode, known: Known): Known {
    const { op, value } = node;
    if (op === 'loop') return this.#inLoop(known);
    if (!value) return known;
    if (op === 'if') this.#branch(node, this.#valueOf(value, known));
    const after = new Map(known);
    this.#see(value, known, after);
    if (op === 'return') this.#found.push({ at: 'return', value: this.#valueOf(value, known) });
    return after;
  }

  /** For which answer to a question something is done that is otherwise left out. */
  #branch({ children: [yes, no] }: FlowNode, test: Sum): void {
    if (!yes || !no) return;
    const ifYes = doneUntil(yes, no);
    const done = ifYes ?? doneUntil(no, yes);
    if (!done || !(isHanded(test) || writes(done))) return;
    const parts = [leaf(`test ${keyOf(test)}`), leaf(`doing ${done.map(textIn).join()}`)];
    this.#found.push({ at: 'if', value: computed(parts, () => (ifYes ? 1n : 2n)) });
  }

  /** In a loop a local that is set more than once is any of what it is set to. */
  #inLoop(known: Known): Known {
    const after = new Map(known);
    for (const name of this.#defined.keys())
      if ((this.#flow.use(name)?.assigned ?? 2) > 1) after.set(name, this.#any(name));
    return after;
  }

  /** A local where no single way leads to its value: all that it is set to. */
  #any(name: string): Sum {
    const shapes = (this.#defined.get(name) ?? []).map(textIn);
    return this.#typed(name, leaf(`local ${[...new Set(shapes)].sort().join(' or ')}`));
  }

  #typed(name: string, value: Sum): Sum {
    const declared = this.#flow.declared(name);
    const type = declared && this.#canon.typeNamed(declared.type);
    return type && type.stars > 0 ? pointing(value, type) : value;
  }

  #valueOf(value: Expression, known: Known): Sum {
    const local = (name: string): Sum => known.get(name) ?? this.#any(name);
    return evaluate(value, { ...this.#names, local });
  }

  #see(value: Expression, known: Known, after: Map<string, Sum>): void {
    const { op, args } = value;
    if (op === '=') {
      this.#assign(args as [Expression, Expression], known, after);
      return;
    }
    for (const arg of args) this.#see(arg, known, after);
    if (op === 'call') this.#call(args, known, after);
    if (op === 'wire') this.#place(value, known);
  }

  #assign([target, from]: readonly [Expression, Expression], known: Known, after: Map<string, Sum>): void {
    this.#see(from, known, after);
    const value = this.#valueOf(from, known);
    if (target.op === 'local') after.set(target.text ?? '', this.#typed(target.text ?? '', value));
    else this.#store(target, value, known);
  }

  #store(target: Expression, value: Sum, known: Known): void {
    for (const arg of target.args) this.#see(arg, known, new Map());
    const { place, indexes } = placeOf(target);
    for (const index of indexes)
      if (place.op === 'wire')
        this.#found.push({ at: `in ${place.text}`, value: this.#valueOf(index, known) });
    if (place.op === 'wire') {
      this.#found.push({ at: `=${place.text}`, value });
      this.#place(place, known);
    } else if (place.op === 'local') {
      const [pointer = ''] = this.#valueOf(place, known).leaves;
      if (pointer.startsWith('parameter ')) this.#found.push({ at: `*${pointer}`, value });
    } else if (place.op === 'member' && (value.pointer || isHanded(value)))
      this.#found.push({ at: `.${place.text}`, value });
  }

  /** Where a struct of handed-over data is looked for. */
  #place({ text = '', args: [object] }: Expression, known: Known): void {
    const pointer = object?.op === 'deref' ? object.args[0] : object;
    if (pointer) this.#found.push({ at: `at ${text.split('@')[0]}`, value: this.#valueOf(pointer, known) });
  }

  #call([callee, ...args]: readonly Expression[], known: Known, after: Map<string, Sum>): void {
    const name = callee?.op === 'name' ? (callee.text ?? '') : '?';
    const texts = args.filter(({ op }) => op === 'string');
    const [memory] = args;
    if (memory && KEEPS.test(name)) this.#pass(this.#valueOf(memory, known), name);
    const named = /^fdt_(?:property|setprop|appendprop)/.test(name)
      ? args.findIndex(({ op }) => op === 'string')
      : -1;
    for (const [at, arg] of args.entries()) {
      const [inner] = arg.args;
      const filled = arg.op === 'address' && inner?.op === 'local' ? inner.text : undefined;
      const value = this.#valueOf(filled === undefined ? arg : (inner as Expression), known);
      if (name !== '?' && !KEEPS.test(name)) this.#pass(value, name);
      if (named >= 0 && at === named + 1) {
        const written = arg.op === 'address' && inner ? this.#valueOf(inner, known) : value;
        this.#found.push({ at: `=property ${args[named]?.text}`, value: written });
      } else if (isHanded(value)) {
        const sink = normalSink(name, at, value);
        this.#found.push({ at: `${sink.name}#${at}`, value: sink.value });
      }
      if (filled !== undefined && !ONLY_READS.test(name)) {
        const known_ = texts.map((text) => this.#valueOf(text, known));
        after.set(filled, this.#typed(filled, called(`out ${name} ${at}`, known_)));
      }
    }
  }
}

/** Tells memory from other memory, whether a value is its page, its address or its number. */
export function memoryKey(value: Sum): string {
  return keyOf(originOf(value));
}

/** Whether a value comes from handed-over data: they are read, or handed on by who read them. */
function isHanded({ leaves }: Sum): boolean {
  for (const one of leaves) if (one.startsWith('wire ') || /^parameter \d+$/.test(one)) return true;
  return false;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: the mark must not be a character of C
const LOCAL = /\u0001[^\u0001]*\u0001/g;

/** The place that is written to: of a row the row, with which of it. */
function placeOf(target: Expression): { place: Expression; indexes: Expression[] } {
  const indexes: Expression[] = [];
  let place = target;
  while (isAround(place) && place.args[0]) {
    if (place.op === 'index' && place.args[1]) indexes.push(place.args[1]);
    place = place.args[0];
  }
  return { place, indexes };
}

/** What leads to a place within handed-over data: one of a row, a part of a union. */
function isAround({ op, args: [inner] }: Expression): boolean {
  return /^(?:index|deref|cast)$/.test(op) || (op === 'member' && inner?.op === 'wire');
}

/** What is known where several ways come together. */
function joined(ways: readonly Known[]): Known {
  const [first = new Map<string, Sum>(), ...others] = ways;
  if (others.length === 0) return first;
  const names = new Set(ways.flatMap((known) => [...known.keys()]));
  return new Map([...names].map((name) => [name, either(ways.flatMap((known) => known.get(name) ?? []))]));
}

function either(values: readonly Sum[]): Sum {
  const [first, ...others] = values as [Sum];
  if (others.every((other) => other === first)) return first;
  const keys = [...new Set(values.map(keyOf))].sort();
  if (keys.length === 1) return first;
  const type: CodeType | undefined = first.pointer;
  return pointing(leaf(`either ${keys.join()}`), type);
}

const MOST_STEPS = 4;

/** What is done on a way until it meets another. */
function doneUntil(from: FlowNode, end: FlowNode): Expression[] | undefined {
  const done: Expression[] = [];
  for (let node = from; node !== end; node = node.children[0] as FlowNode) {
    if (node.op !== 'do' || !node.value || done.length === MOST_STEPS) return undefined;
    done.push(node.value);
  }
  return done;
}

function writes(values: readonly Expression[]): boolean {
  return values.some((value) => partsOf(value).some(({ op }) => op === 'wire'));
}

function textIn(value: Expression): string {
  return textOf(value).replace(LOCAL, '$');
}

/** Every step, each before all that follow it. */
function inOrder(root: FlowNode): FlowNode[] {
  const done = new Set<FlowNode>();
  const order: FlowNode[] = [];
  const stack = [{ node: root, isLeft: false }];
  for (let next = stack.pop(); next; next = stack.pop()) {
    const { node, isLeft } = next;
    if (isLeft) order.push(node);
    else if (!done.has(node)) {
      done.add(node);
      stack.push({ node, isLeft: true });
      for (const child of node.children) stack.push({ node: child, isLeft: false });
    }
  }
  return order.reverse();
}
