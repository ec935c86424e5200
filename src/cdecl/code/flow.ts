import type { Canon, Known } from './canon.ts';
import { isConstant, truthOf } from './constants.ts';
import { isDropped, isGuard } from './dropped.ts';
import { type FlowNode, FlowNodes, FlowUnknown, textOf } from './flow-nodes.ts';
import { type Frame, Frames, type Result } from './frames.ts';
import { Inliner } from './inliner.ts';
import type { Expression, FunctionCode, Local, Statement } from './syntax.ts';
import { expressionsIn, hasEffect, type LocalUse, localUses, statementsIn } from './walk.ts';

export interface FlowOptions {
  canon: Canon;
  /** The functions whose calls are followed into; none where calls stay what they are. */
  inlined(name: string): FunctionCode | undefined;
  /** The most nodes. */
  limit: number;
}

const NONE: Known = new Map();
const INLINE_DEPTH = 12;
/** The most steps one behind the other: each costs some of the call stack. */
const MAX_DEPTH = 400;

/**
 * Follows a function along every way that it can take, with what is known of its locals on the way: `goto` leads where it
 * leads, a call of a helper is its body, an error number that is set is not tested again. Throws FlowUnknown.
 */
export class Flow {
  readonly #canon: Canon;
  readonly #nodes: FlowNodes;
  readonly #frames = new Frames();
  readonly #inliner: Inliner;
  readonly #locals = new Map<string, Local>();
  readonly #uses = new Map<string, LocalUse>();
  readonly #memo = new Map<string, FlowNode | undefined>();
  readonly #wantedByFrame = new Map<number, ReadonlySet<string>>();
  readonly #copies = new WeakMap<object, readonly Statement[]>();
  readonly #texts = new Map<Expression, string>();
  #depth = 0;

  constructor({ canon, inlined, limit }: FlowOptions) {
    this.#canon = canon;
    this.#nodes = new FlowNodes(limit);
    this.#inliner = new Inliner(inlined, (code) => this.#learn(code));
  }

  /** A local as it is declared, whatever its type is called in other kernels. */
  declared(name: string): Local | undefined {
    return this.#locals.get(name);
  }

  local(name: string): Local | undefined {
    const local = this.#locals.get(name);
    return local && { ...local, type: this.#canon.typeNamed(local.type) };
  }

  use(name: string): LocalUse | undefined {
    return this.#uses.get(name);
  }

  /** The flow of a function from its start. */
  of(code: FunctionCode): FlowNode {
    this.#learn(code);
    const end = this.#frames.call(code.name, { kind: 'returned' }, undefined);
    return this.#run(this.#frames.code(code.body, 0, end) ?? end, NONE);
  }

  /** The flow of a value that is no function: an initializer. */
  ofValue(value: Expression): FlowNode {
    return this.#nodes.make({ op: 'return', value: this.#canon.of(value, NONE), line: 0 });
  }

  #learn(code: FunctionCode): void {
    for (const [name, local] of code.locals) this.#locals.set(name, local);
    for (const [name, use] of localUses(code)) this.#uses.set(name, use);
  }

  #run(frame: Frame | undefined, known: Known): FlowNode {
    if (!frame) return this.#nodes.make({ op: 'return', line: 0 });
    const kept = this.#pruned(frame, known);
    const key = `${frame.id}|${this.#textOfKnown(kept)}`;
    if (this.#memo.has(key)) {
      // A way that leads back to where it comes from.
      return this.#memo.get(key) ?? this.#nodes.make({ op: 'again', loop: key, line: 0 });
    }
    if (this.#depth >= MAX_DEPTH) throw new FlowUnknown();
    this.#memo.set(key, undefined);
    this.#depth += 1;
    const node = this.#step(frame, kept);
    this.#depth -= 1;
    this.#memo.set(key, node);
    return node;
  }

  #textOfKnown(known: Known): string {
    let text = '';
    for (const [name, value] of known) {
      const own = this.#texts.get(value) ?? textOf(value);
      this.#texts.set(value, own);
      text += text === '' ? `${name}=${own}` : `,${name}=${own}`;
    }
    return text;
  }

  /** What is known, as far as the rest of the way can use it. */
  #pruned(frame: Frame, known: Known): Known {
    if (known.size === 0) return known;
    const wanted = this.#wanted(frame);
    return new Map(
      [...known].filter(([name]) => wanted.has(name)).sort(([one], [other]) => (one < other ? -1 : 1)),
    );
  }

  #wanted(frame: Frame): ReadonlySet<string> {
    const found = this.#wantedByFrame.get(frame.id);
    if (found) return found;
    const wanted = new Set<string>();
    // A frame within a loop leads to itself through the loop's head.
    this.#wantedByFrame.set(frame.id, wanted);
    const add = (other: Frame | undefined): void => {
      if (other) for (const name of this.#wanted(other)) wanted.add(name);
    };
    if (frame.kind === 'code') {
      const hasLabels = frame.list.some(({ kind }) => kind === 'label');
      const rest = hasLabels ? frame.list : frame.list.slice(frame.at);
      for (const statement of rest) for (const local of localsIn(statement)) wanted.add(local);
    } else if (frame.kind === 'loop') {
      for (const local of localsIn(frame.loop)) wanted.add(local);
    } else if (frame.kind === 'call') {
      if (frame.result.kind === 'tested') {
        add(frame.result.yes);
        add(frame.result.no);
      }
    }
    add(frame.next);
    return wanted;
  }

  #step(frame: Frame, known: Known): FlowNode {
    switch (frame.kind) {
      case 'code':
        return this.#statement(frame.list[frame.at] as Statement, frame, known);
      case 'loop':
        return this.#loopEnd(frame, known);
      case 'again':
        return this.#nodes.make({ op: 'again', line: 0 });
      case 'exit':
        return this.#run(frame.next, known);
      case 'call':
        return this.#return(frame, undefined, known, 0);
    }
  }

  #statement(statement: Statement, frame: Frame & { kind: 'code' }, known: Known): FlowNode {
    const rest = this.#frames.code(frame.list, frame.at + 1, frame.next);
    const { line } = statement;
    switch (statement.kind) {
      case 'expression':
        return this.#execute(statement.value, rest, known, line);
      case 'declare':
        return this.#declare(statement, rest, known);
      case 'if': {
        const yes = this.#frames.code(statement.body, 0, rest);
        return this.#branch(statement.test, yes, this.#frames.code(statement.other, 0, rest), known, line);
      }
      case 'block':
        return this.#run(this.#frames.code(statement.body, 0, rest), known);
      case 'while':
        return this.#loop(statement, frame, rest, known);
      case 'each':
        return this.#each(statement, rest, known);
      case 'switch':
        return this.#switch(statement, rest, known);
      case 'case':
      case 'label':
        return this.#run(rest, known);
      case 'goto':
        return this.#run(this.#labelled(statement.label, frame), known);
      case 'return':
        return this.#leave(frame, statement.value, known, line);
      case 'break':
      case 'continue':
        return this.#run(this.#outOf(statement.kind, frame), known);
    }
  }

  #declare(
    { local, value, line }: Statement & { kind: 'declare' },
    rest: Frame | undefined,
    known: Known,
  ): FlowNode {
    if (!value) return this.#run(rest, without(known, [local]));
    const target: Expression = this.#localExpression(local);
    return this.#execute(this.#assignment(value, target), rest, known, line);
  }

  #localExpression(name: string): Expression {
    const type = this.#locals.get(name)?.type;
    return { op: 'local', text: name, args: [], ...(type && { type }) };
  }

  /** The assignment that a declaration makes, the same object each time. */
  #assignment(value: Expression, target: Expression): Expression {
    const [made] = this.#copy(value, () => [
      { kind: 'expression', value: { op: '=', args: [target, value] }, line: 0 },
    ]);
    return (made as Statement & { kind: 'expression' }).value;
  }

  /** What a statement is turned into, the same objects each time. */
  #copy(of: object, make: () => readonly Statement[]): readonly Statement[] {
    const copy = this.#copies.get(of) ?? make();
    this.#copies.set(of, copy);
    return copy;
  }

  #execute(value: Expression, rest: Frame | undefined, known: Known, line: number): FlowNode {
    const { op, args } = value;
    const [first, second] = args as [Expression, Expression];
    if (op === ',') {
      const both = this.#copy(value, () => args.map((part) => ({ kind: 'expression', value: part, line })));
      return this.#run(this.#frames.code(both, 0, rest), known);
    }
    if (op === '?:') {
      const test = this.#copy(value, () => [
        {
          kind: 'if',
          test: first,
          body: [{ kind: 'expression', value: second, line }],
          other: [{ kind: 'expression', value: args[2] as Expression, line }],
          line,
        },
      ]);
      return this.#run(this.#frames.code(test, 0, rest), known);
    }
    if (op === 'cast') return this.#execute(first, rest, known, line);
    if (op === 'block' && value.body) return this.#run(this.#frames.code(value.body, 0, rest), known);
    if (op.includes('++') || op.includes('--')) return this.#increment(value, rest, known, line);
    if (op === '=') return this.#assign(value, rest, known, line);
    if (op === 'call') return this.#callStatement(value, rest, known, line);
    return hasEffect(value)
      ? this.#do(this.#canon.of(value, known), rest, known, line)
      : this.#run(rest, known);
  }

  #increment(value: Expression, rest: Frame | undefined, known: Known, line: number): FlowNode {
    const [target] = value.args as [Expression];
    const made = this.#copy(value, () => {
      const one: Expression = { op: 'number', text: '1', args: [] };
      const sum: Expression = { op: value.op.includes('++') ? '+' : '-', args: [target, one] };
      return [{ kind: 'expression', value: { op: '=', args: [target, sum] }, line }];
    });
    return this.#run(this.#frames.code(made, 0, rest), known);
  }

  #callStatement(value: Expression, rest: Frame | undefined, known: Known, line: number): FlowNode {
    const name = nameOf(value);
    if (isDropped(value)) return this.#run(rest, known);
    const [, first] = value.args;
    if (/^WARN(?:_ON)?(?:_ONCE)?$/.test(name) && first) return this.#execute(first, rest, known, line);
    const inside = this.#enter(value, { kind: 'ignored' }, rest);
    return inside ? this.#run(inside, known) : this.#do(this.#canonical(value, known), rest, known, line);
  }

  /** The frame of a helper's body in place of its call; undefined where the call stays. */
  #enter(call: Expression, result: Result, rest: Frame | undefined): Frame | undefined {
    const name = nameOf(call);
    let depth = 0;
    for (let at: Frame | undefined = rest; at; at = at.next) {
      if (at.kind !== 'call') continue;
      depth += 1;
      if (at.name === name || depth > INLINE_DEPTH) return undefined;
    }
    const body = this.#inliner.bodyFor(call);
    if (!body) return undefined;
    return this.#frames.code(body, 0, this.#frames.call(name, result, rest));
  }

  /** The one form of an expression, helpers that only give a value put in. */
  #canonical(value: Expression, known: Known): Expression {
    return this.#canon.of(this.#inliner.expanded(value), known);
  }

  #assign(value: Expression, rest: Frame | undefined, known: Known, line: number): FlowNode {
    const [target, from] = value.args as [Expression, Expression];
    if (from.op === '?:' || from.op === '=' || from.op === ',') {
      const parts = this.#copy(value, () => splitAssignment(target, from, line));
      return this.#run(this.#frames.code(parts, 0, rest), known);
    }
    if (from.op === 'call') {
      const inside = this.#enter(from, { kind: 'assigned', target }, rest);
      if (inside) return this.#run(inside, known);
    }
    if (from.op === 'block' && from.body) {
      const end = this.#frames.call('({})', { kind: 'assigned', target }, rest);
      return this.#run(this.#frames.code(this.#valueBlock(from), 0, end), known);
    }
    return this.#store(target, this.#canonical(from, known), rest, known, line);
  }

  /** A statement expression as a body that returns its last value. */
  #valueBlock(block: Expression): readonly Statement[] {
    return this.#copy(block, () => {
      const body = block.body ?? [];
      const last = body.at(-1);
      if (last?.kind !== 'expression') return body;
      return [...body.slice(0, -1), { kind: 'return', value: last.value, line: last.line }];
    });
  }

  #store(
    target: Expression,
    value: Expression,
    rest: Frame | undefined,
    known: Known,
    line: number,
  ): FlowNode {
    const name = target.op === 'local' ? (target.text ?? '') : undefined;
    if (name !== undefined && this.#isTracked(name)) {
      if (isConstant(value) || (this.#uses.get(name)?.assigned === 1 && this.#isStable(value)))
        return this.#run(rest, new Map([...known, [name, value]]));
      const without_ = without(known, [name]);
      return this.#do({ op: '=', args: [target, value] }, rest, without_, line);
    }
    const place = target.op === 'local' ? target : this.#canonical(target, known);
    return this.#do({ op: '=', args: [place, value] }, rest, known, line);
  }

  #isTracked(name: string): boolean {
    const local = this.#locals.get(name);
    const use = this.#uses.get(name);
    if (!local || local.isStatic || !use || use.isAddressTaken || local.type.isArray) return false;
    return local.type.stars > 0 || !/^(?:struct|union) /.test(local.type.name);
  }

  /** Whether a value is the same wherever it is computed on the way: nothing is read for it. */
  #isStable({ op, text = '', args }: Expression): boolean {
    if (op === 'local') {
      const use = this.#uses.get(text);
      const isParameter = use !== undefined && use.assigned === 0;
      return use !== undefined && !use.isAddressTaken && (isParameter || use.assigned === 1);
    }
    if (op === 'address') return args.every((arg) => this.#isPlace(arg));
    if (op === 'name') return /^[A-Z0-9_]+$/.test(text);
    if (/^(?:number|string|char|sizeof-type|sizeof|type)$/.test(op)) return true;
    if (/^(?:[-+*/%&|^]|<<|>>|cast|neg|~|!)$/.test(op)) return args.every((arg) => this.#isStable(arg));
    return false;
  }

  #isPlace({ op, text = '', args }: Expression): boolean {
    if (op === 'name' || op === 'local') return op === 'name' || this.#isStable({ op, text, args });
    if (op === 'wire' || op === 'member') return args.every((arg) => this.#isPlace(arg));
    return op === 'deref' && args.every((arg) => arg.op === 'local' && this.#isStable(arg));
  }

  #do(value: Expression, rest: Frame | undefined, known: Known, line: number): FlowNode {
    return this.#nodes.make({ op: 'do', value, children: [this.#run(rest, known)], line });
  }

  #branch(
    test: Expression,
    yes: Frame | undefined,
    no: Frame | undefined,
    known: Known,
    line: number,
  ): FlowNode {
    const { op, args } = test;
    const [left, right] = args as [Expression, Expression];
    if (op === '!') return this.#branch(left, no, yes, known, line);
    if (op === '&&' || op === '||') {
      const second = this.#copy(test, () => [{ kind: 'if', test: right, body: [], other: [], line }]);
      const frame = this.#testFrame(second[0] as Statement & { kind: 'if' }, yes, no);
      return op === '&&'
        ? this.#branch(left, frame, no, known, line)
        : this.#branch(left, yes, frame, known, line);
    }
    if (op === '!=') {
      const equal = this.#copy(test, () => [
        { kind: 'expression', value: { op: '==', args: [left, right] }, line },
      ]);
      const [made] = equal as [Statement & { kind: 'expression' }];
      return this.#branch(made.value, no, yes, known, line);
    }
    if (op === '==' && isZero(right)) return this.#branch(left, no, yes, known, line);
    if (op === '==' && isZero(left)) return this.#branch(right, no, yes, known, line);
    const name = nameOf(test);
    if (/^(?:un)?likely$|^WARN(?:_ON)?(?:_ONCE)?$/.test(name) && right)
      return this.#branch(right, yes, no, known, line);
    if (op === '=' && left) return this.#assignAndTest(test, yes, no, known, line);
    if (op === 'call' && yes && no) {
      const inside = this.#enter(test, { kind: 'tested', yes, no }, yes);
      if (inside) return this.#run(inside, known);
    }
    if (op === 'block' && test.body && yes && no) {
      const end = this.#frames.call('({})', { kind: 'tested', yes, no }, yes);
      return this.#run(this.#frames.code(this.#valueBlock(test), 0, end), known);
    }
    return this.#if(this.#canonical(test, known), yes, no, known, line);
  }

  #if(
    value: Expression,
    yes: Frame | undefined,
    no: Frame | undefined,
    known: Known,
    line: number,
  ): FlowNode {
    const truth = truthOf(value);
    if (truth !== undefined) return this.#run(truth ? yes : no, known);
    if (value.op === '!') return this.#if(value.args[0] as Expression, no, yes, known, line);
    if (value.op === '<=') {
      const [left, right] = value.args as [Expression, Expression];
      return this.#if({ op: '<', args: [right, left] }, no, yes, known, line);
    }
    const children = [this.#run(yes, known), this.#run(no, known)];
    if (children[0] === children[1] && !hasEffect(value)) return children[0] as FlowNode;
    return this.#nodes.make({ op: 'if', value, children, line });
  }

  /** A frame that tests something and goes to one of two others. */
  #testFrame(
    statement: Statement & { kind: 'if' },
    yes: Frame | undefined,
    no: Frame | undefined,
  ): Frame | undefined {
    const end = this.#frames.call('()', { kind: 'tested', yes: yes as Frame, no: no as Frame }, yes ?? no);
    const body = this.#copy(statement, () => [
      { kind: 'return', value: statement.test, line: statement.line },
    ]);
    return this.#frames.code(body, 0, end);
  }

  #assignAndTest(
    test: Expression,
    yes: Frame | undefined,
    no: Frame | undefined,
    known: Known,
    line: number,
  ): FlowNode {
    const [target] = test.args as [Expression];
    const both = this.#copy(test, () => [
      { kind: 'expression', value: test, line },
      { kind: 'return', value: target, line },
    ]);
    const end = this.#frames.call('()', { kind: 'tested', yes: yes as Frame, no: no as Frame }, yes ?? no);
    return this.#run(this.#frames.code(both, 0, end), known);
  }

  #leave(frame: Frame, value: Expression | undefined, known: Known, line: number): FlowNode {
    let at: Frame | undefined = frame;
    while (at && at.kind !== 'call') at = at.next;
    if (!at) return this.#nodes.make({ op: 'return', line });
    return this.#return(at, value, known, line);
  }

  #return(
    frame: Frame & { kind: 'call' },
    value: Expression | undefined,
    known: Known,
    line: number,
  ): FlowNode {
    const { result, next } = frame;
    if (result.kind === 'tested') {
      if (!value) return this.#run(result.no, known);
      return this.#branch(value, result.yes, result.no, known, line);
    }
    if (result.kind === 'assigned') {
      if (!value) return this.#run(next, known);
      const made = this.#copy(value, () => [{ kind: 'block', body: [], line }]);
      return this.#assign(this.#assigned(made[0] as object, result.target, value), next, known, line);
    }
    if (result.kind === 'ignored')
      return value ? this.#execute(value, next, known, line) : this.#run(next, known);
    if (next) return this.#leave(next, value, known, line);
    return this.#last(value, frame, known, line);
  }

  readonly #assigns = new Map<string, Expression>();

  #assigned(place: object, target: Expression, value: Expression): Expression {
    const key = `${this.#frames.idOf(place)}.${this.#frames.idOf(target)}`;
    const made = this.#assigns.get(key) ?? { op: '=', args: [target, value] };
    this.#assigns.set(key, made);
    return made;
  }

  /** The return that ends the whole function. */
  #last(value: Expression | undefined, frame: Frame, known: Known, line: number): FlowNode {
    if (!value) return this.#nodes.make({ op: 'return', line });
    if (value.op === '?:') {
      const [test, yes, no] = value.args as [Expression, Expression, Expression];
      const made = this.#copy(value, () => [
        {
          kind: 'if',
          test,
          body: [{ kind: 'return', value: yes, line }],
          other: [{ kind: 'return', value: no, line }],
          line,
        },
      ]);
      return this.#run(this.#frames.code(made, 0, frame), known);
    }
    if (value.op === 'block' && value.body)
      return this.#run(this.#frames.code(this.#valueBlock(value), 0, frame), known);
    if (value.op === 'call') {
      const inside = this.#enter(value, { kind: 'returned' }, frame);
      if (inside) return this.#run(inside, known);
    }
    return this.#nodes.make({ op: 'return', value: this.#canonical(value, known), line });
  }

  /** Where a label of this function stands, seen from inside. */
  #labelled(label: string, frame: Frame): Frame | undefined {
    for (let at: Frame | undefined = frame; at && at.kind !== 'call'; at = at.next) {
      if (at.kind !== 'code') continue;
      const index = at.list.findIndex((statement) => statement.kind === 'label' && statement.label === label);
      if (index >= 0) return this.#frames.code(at.list, index + 1, at.next);
    }
    throw new FlowUnknown(`goto ${label} leads into a block`);
  }

  #outOf(kind: 'break' | 'continue', frame: Frame): Frame | undefined {
    for (let at: Frame | undefined = frame; at && at.kind !== 'call'; at = at.next) {
      if (kind === 'continue' && (at.kind === 'loop' || at.kind === 'again')) return at;
      if (kind === 'break' && at.kind === 'exit') return at.next;
    }
    throw new FlowUnknown(`${kind} outside of a loop`);
  }

  /** A loop: its test stands at its head, whatever its form. What it changes is not known in it. */
  #loop(
    statement: Statement & { kind: 'while' },
    frame: Frame & { kind: 'code' },
    rest: Frame | undefined,
    known: Known,
  ): FlowNode {
    if (statement.isPost && isZero(statement.test))
      return this.#run(this.#frames.code(statement.body, 0, this.#frames.exit(rest)), known);
    const changed = changedIn(statement);
    const kept = without(known, changed);
    const key = `${frame.id}.${this.#textOfKnown(kept)}`;
    const head = this.#headOf(statement, frame, rest);
    const loop = this.#nodes.make({
      op: 'loop',
      children: [this.#run(head, kept)],
      loop: key,
      line: statement.line,
    });
    return this.#setDown(changed, known, loop);
  }

  /** What is known of some locals, as assignments before a node, in the order in which the names are given: that of the code, which a new name leaves as it is. */
  #setDown(names: Iterable<string>, known: Known, before: FlowNode): FlowNode {
    return [...names].reduceRight<FlowNode>((next, name) => {
      const value = known.get(name);
      if (value === undefined) return next;
      const set: Expression = { op: '=', args: [this.#localExpression(name), value] };
      return this.#nodes.make({ op: 'do', value: set, children: [next], line: before.line });
    }, before);
  }

  /** What stands at the head of a loop: the test, or for `do` the body. */
  #headOf(statement: Statement & { kind: 'while' }, frame: Frame, rest: Frame | undefined): Frame {
    const out = this.#frames.exit(rest);
    const end = this.#frames.loop(frame, statement, out);
    const body = this.#frames.code(statement.body, 0, end) ?? end;
    if (statement.isPost) return body;
    const made = this.#copy(statement, () => [
      { kind: 'if', test: statement.test, body: [], other: [], line: statement.line },
    ]);
    return this.#testFrame(made[0] as Statement & { kind: 'if' }, body, out) as Frame;
  }

  #loopEnd(frame: Frame & { kind: 'loop' }, known: Known): FlowNode {
    const { loop } = frame;
    if (loop.kind !== 'while') return this.#nodes.make({ op: 'again', line: 0 });
    const again = this.#frames.again(loop, undefined);
    if (loop.isPost) {
      const made = this.#copy(loop, () => [
        { kind: 'if', test: loop.test, body: [], other: [], line: loop.line },
      ]);
      return this.#run(this.#testFrame(made[0] as Statement & { kind: 'if' }, again, frame.next), known);
    }
    if (!loop.step) return this.#flushed(loop, again, known);
    const step = this.#copy(loop.step, () => [
      { kind: 'expression', value: loop.step as Expression, line: loop.line },
    ]);
    return this.#flushed(loop, this.#frames.code(step, 0, again) as Frame, known);
  }

  /** Before a loop starts anew, what is known of the locals that it changes is set down. */
  #flushed(loop: Statement, next: Frame, known: Known): FlowNode {
    const changed = changedIn(loop);
    const declared = new Set(
      statementsIn([loop]).flatMap((one) => (one.kind === 'declare' ? one.local : [])),
    );
    const kept = [...changed].filter((name) => !declared.has(name));
    return this.#setDown(kept, known, this.#run(next, without(known, changed)));
  }

  #each(statement: Statement & { kind: 'each' }, rest: Frame | undefined, known: Known): FlowNode {
    if (isGuard(statement.test)) return this.#run(this.#frames.code(statement.body, 0, rest), known);
    const changed = changedIn(statement);
    const kept = without(known, changed);
    const out = this.#frames.exit(rest);
    const end = this.#frames.loop(out, statement, out);
    const body = this.#run(this.#frames.code(statement.body, 0, end), kept);
    const each = this.#nodes.make({
      op: 'each',
      value: this.#canonical(statement.test, kept),
      children: [body, this.#run(rest, kept)],
      line: statement.line,
    });
    return this.#setDown(changed, known, each);
  }

  #switch(statement: Statement & { kind: 'switch' }, rest: Frame | undefined, known: Known): FlowNode {
    const body = statement.body.flatMap((inner) => (inner.kind === 'block' ? inner.body : [inner]));
    const list = this.#copy(statement, () => body);
    const out = this.#frames.exit(rest);
    const kept = without(known, changedIn(statement));
    const cases = list.flatMap((inner, at) => (inner.kind === 'case' ? [{ inner, at }] : []));
    const labels = cases.map(({ inner }) =>
      inner.value ? textOf(this.#canon.of(inner.value, NONE)) : 'default',
    );
    const children = cases.map(({ at }) => this.#run(this.#frames.code(list, at, out), kept));
    if (!labels.includes('default')) {
      labels.push('default');
      children.push(this.#run(rest, kept));
    }
    return this.#nodes.make({
      op: 'switch',
      value: this.#canonical(statement.test, known),
      children,
      labels,
      line: statement.line,
    });
  }
}

function nameOf({ op, args }: Expression): string {
  const [callee] = args;
  return op === 'call' && callee?.op === 'name' ? (callee.text ?? '') : '';
}

function isZero(value: Expression): boolean {
  return (
    (value.op === 'number' && /^0[uUlLxX0]*$/.test(value.text ?? '')) ||
    (value.op === 'name' && value.text === 'NULL')
  );
}

function without(known: Known, names: Iterable<string>): Known {
  const rest = new Map(known);
  for (const name of names) rest.delete(name);
  return rest;
}

const setIn = new WeakMap<Statement, ReadonlySet<string>>();
const namedIn = new WeakMap<Statement, ReadonlySet<string>>();

function remembered<V>(
  known: WeakMap<Statement, V>,
  statement: Statement,
  find: (statement: Statement) => V,
): V {
  const value = known.get(statement) ?? find(statement);
  known.set(statement, value);
  return value;
}

/** The locals that a statement speaks of. */
function localsIn(statement: Statement): ReadonlySet<string> {
  return remembered(
    namedIn,
    statement,
    () => new Set(expressionsIn([statement]).flatMap(({ op, text = '' }) => (op === 'local' ? text : []))),
  );
}

/** The locals that a statement sets. */
function changedIn(statement: Statement): ReadonlySet<string> {
  return remembered(setIn, statement, findChanged);
}

function findChanged(statement: Statement): Set<string> {
  const changed = new Set<string>();
  for (const inner of statementsIn([statement])) {
    if (inner.kind === 'declare') changed.add(inner.local);
    if (inner.kind === 'each')
      for (const arg of inner.test.args) if (arg.op === 'local') changed.add(arg.text ?? '');
  }
  for (const { op, args } of expressionsIn([statement])) {
    const [target] = args;
    const isChange = op === '=' || op.includes('++') || op.includes('--') || op === 'address';
    if (isChange && target?.op === 'local') changed.add(target.text ?? '');
  }
  return changed;
}

/** An assignment of a choice or of another assignment, as statements. */
function splitAssignment(target: Expression, from: Expression, line: number): Statement[] {
  const set = (value: Expression): Statement => ({
    kind: 'expression',
    value: { op: '=', args: [target, value] },
    line,
  });
  const [one, two, three] = from.args as [Expression, Expression, Expression];
  if (from.op === '?:') return [{ kind: 'if', test: one, body: [set(two)], other: [set(three)], line }];
  return [
    { kind: 'expression', value: from.op === '=' ? from : one, line },
    set(from.op === '=' ? one : two),
  ];
}
