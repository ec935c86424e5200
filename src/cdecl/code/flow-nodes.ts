import { createHash } from 'node:crypto';
import type { Expression, Local } from './syntax.ts';
import { expressionsIn, type LocalUse } from './walk.ts';

/**
 * A step of a function on its way, with all that may follow: a function is a tree of such steps in which equal rests are
 * one. How the way is spelled (`goto` or `else`, a loop's form, a helper) no longer shows.
 * - `do`: `value`, then the child; `if`: the child for true, the child for false; `return`
 * - `loop`: the child ends in `again`; `each`: a loop that a macro makes, its body and what follows
 * - `switch`: a child for each of `labels`
 */
export interface FlowNode {
  readonly op: 'again' | 'do' | 'each' | 'if' | 'loop' | 'return' | 'switch';
  readonly value: Expression | undefined;
  readonly children: readonly FlowNode[];
  readonly labels: readonly string[];
  /** For `loop` and `again`: which. */
  readonly loop: string;
  readonly line: number;
}

/** Makes nodes, equal ones once. Throws FlowUnknown. */
export class FlowNodes {
  readonly #nodes = new Map<string, FlowNode>();
  readonly #ids = new Map<FlowNode, number>();
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  make(node: Pick<FlowNode, 'line' | 'op'> & Partial<FlowNode>): FlowNode {
    const { op, value, children = [], labels = [], loop = '', line } = node;
    const ids = children.map((child) => this.#ids.get(child)).join();
    const key = `${op}|${value ? textOf(value) : ''}|${labels.join()}|${loop}|${ids}`;
    let known = this.#nodes.get(key);
    if (!known) {
      if (this.#nodes.size >= this.#limit) throw new FlowUnknown();
      known = { op, value, children, labels, loop, line };
      this.#nodes.set(key, known);
      this.#ids.set(known, this.#nodes.size);
    }
    return known;
  }
}

/** Thrown where the ways of a function are not followed: there are too many, or one leads where none can be. */
export class FlowUnknown extends Error {}

const OPEN = '\u0001';

/** An expression as text, with its locals marked. */
export function textOf({ op, text = '', type, args, body }: Expression): string {
  if (op === 'local') return `${OPEN}${text}${OPEN}`;
  const kind = type ? `<${type.name}${'*'.repeat(type.stars)}>` : '';
  const block = body
    ? `{${expressionsIn(body)
        .map((one) => (one.body ? '' : `${one.op} ${one.op === 'local' ? '' : one.text}`))
        .join()}}`
    : '';
  return `${op}${text === '' ? '' : ` ${text}`}${kind}${block}${args.length > 0 ? `(${args.map(textOf).join()})` : ''}`;
}

/** What is known of the locals in a flow. */
export interface FlowLocals {
  local(name: string): Local | undefined;
  use(name: string): LocalUse | undefined;
}

/** The hash of a flow in which locals bear no names, only their order. */
export function hashOfFlow(root: FlowNode, locals: FlowLocals): string {
  const hash = createHash('sha256');
  const numbers = new Map<string, string>();
  const seen = new Map<FlowNode, number>();
  const loops = new Map<string, number>();
  const rename = (_whole: string, name: string): string => {
    let number = numbers.get(name);
    if (number === undefined) {
      number = `$${numbers.size}${kindOf(name, locals)}`;
      numbers.set(name, number);
    }
    return number;
  };
  const stack: FlowNode[] = [root];
  while (stack.length > 0) {
    const node = stack.pop() as FlowNode;
    const known = seen.get(node);
    if (known !== undefined) {
      hash.update(`=${known}\n`);
      continue;
    }
    seen.set(node, seen.size);
    if (node.loop !== '' && !loops.has(node.loop)) loops.set(node.loop, loops.size);
    const text = node.value ? textOf(node.value).replace(MARKED, rename) : '';
    hash.update(`${node.op} ${loops.get(node.loop) ?? ''} ${node.labels.join()} ${text}\n`);
    for (const child of [...node.children].reverse()) stack.push(child);
  }
  return hash.digest('hex').slice(0, 32);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: the mark must not be a character of C
const MARKED = /\u0001([^\u0001]*)\u0001/g;

/** What of a local's type can change what is written: none of a counter's, the width of a number, all where it is a place. */
function kindOf(name: string, locals: FlowLocals): string {
  const known = locals.local(name);
  if (!known) return '';
  const { type, isStatic } = known;
  if (type.name === '?') return '';
  const uses = locals.use(name);
  const isPlain = type.stars === 0 && !type.isArray && /^i\d+$/.test(type.name);
  if (isPlain && uses?.isCounter && !uses.isAddressTaken) return '';
  return `:${isStatic ? 'static ' : ''}${type.name}${'*'.repeat(type.stars)}${type.isArray ? '[]' : ''}`;
}
