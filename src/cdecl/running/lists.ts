import type { Expression } from '../code/syntax.ts';
import { NotRunnable } from './not-runnable.ts';
import type { KernelCall, KernelLoop, Place, Running, Value } from './running.ts';
import { behind, pointerTo, type RunType, U64 } from './types.ts';

// The kernel's lists: a member of type `struct list_head` leads to the next and the previous one, and the last to the head.

const next = (run: Running, at: bigint): bigint => run.load({ at: Number(at), type: U64 }).value;
const previous = (run: Running, at: bigint): bigint => run.load({ at: Number(at) + 8, type: U64 }).value;

function link(run: Running, before: bigint, after: bigint): void {
  run.store({ at: Number(before), type: U64 }, after);
  run.store({ at: Number(after) + 8, type: U64 }, before);
}

/** Puts something between two neighbours. */
function between(run: Running, own: bigint, before: bigint, after: bigint): void {
  link(run, before, own);
  link(run, own, after);
}

/** An empty list. */
export function emptyList(run: Running, head: bigint): void {
  link(run, head, head);
}

function values(does: (run: Running, ...values: bigint[]) => bigint | undefined): KernelCall {
  return (run, args, frame) => does(run, ...args.map((arg) => run.evaluate(arg, frame).value)) ?? 0n;
}

/** The struct of which the member lies at an address. */
function containing(run: Running, at: bigint, type: RunType, member: string): Value {
  const { at: offset } = run.inner({ at: 0, type }, member);
  return { value: at - BigInt(offset), type: pointerTo(type) };
}

function typeIn(value: Expression | undefined, run: Running): RunType {
  if (value?.op === 'type' && value.type) return run.types.of(value.type);
  throw new NotRunnable('a type is expected');
}

function entry(find: (run: Running, head: bigint) => bigint, orNull: boolean): KernelCall {
  return (run, [head, type, member], frame) => {
    const { value } = run.evaluate(head as Expression, frame);
    const found = find(run, value);
    const own = typeIn(type, run);
    if (orNull && next(run, value) === value) return { value: 0n, type: pointerTo(own) };
    return containing(run, found, own, member?.text ?? '');
  };
}

/** The neighbour of a struct in its list. */
function neighbour(find: (run: Running, at: bigint) => bigint): KernelCall {
  return (run, [one, member], frame) => {
    const { value, type } = run.evaluate(one as Expression, frame);
    const own = behind(type);
    const place = run.inner({ at: Number(value), type: own }, member?.text ?? '');
    return containing(run, find(run, BigInt(place.at)), own, member?.text ?? '');
  };
}

const owner: KernelCall = (run, [at, type, member], frame) =>
  containing(run, run.evaluate(at as Expression, frame).value, typeIn(type, run), member?.text ?? '');

const isTrue = (is: boolean): bigint => (is ? 1n : 0n);

export const LISTS: Readonly<Record<string, KernelCall>> = {
  INIT_LIST_HEAD: values((run, head = 0n) => void emptyList(run, head)),
  list_add: values((run, own = 0n, head = 0n) => void between(run, own, head, next(run, head))),
  list_add_tail: values((run, own = 0n, head = 0n) => void between(run, own, previous(run, head), head)),
  list_del: values((run, own = 0n) => void link(run, previous(run, own), next(run, own))),
  list_empty: values((run, head = 0n) => isTrue(next(run, head) === head)),
  list_is_last: values((run, own = 0n, head = 0n) => isTrue(next(run, own) === head)),
  list_is_first: values((run, own = 0n, head = 0n) => isTrue(previous(run, own) === head)),
  list_is_singular: values((run, head = 0n) =>
    isTrue(next(run, head) !== head && next(run, head) === previous(run, head)),
  ),
  list_first_entry: entry(next, false),
  list_first_entry_or_null: entry(next, true),
  list_last_entry: entry(previous, false),
  list_last_entry_or_null: entry(previous, true),
  list_next_entry: neighbour(next),
  list_prev_entry: neighbour(previous),
  container_of: owner,
  list_entry: owner,
};

function* over(
  run: Running,
  { counter, head, member }: { counter: Place; head: bigint; member: string },
  step: (run: Running, at: bigint) => bigint,
): Iterable<void> {
  const own = behind(counter.type);
  for (let at = step(run, head); at !== head; ) {
    run.step();
    const after = step(run, at);
    run.store(counter, containing(run, at, own, member).value);
    yield;
    // One that was taken out while it was looked at leads on as it did.
    at = after;
  }
}

function loop(step: (run: Running, at: bigint) => bigint, headAt: number): KernelLoop {
  return (run, args, frame) => {
    const counter = run.placeOf(args[0] as Expression, frame);
    const head = run.evaluate(args[headAt] as Expression, frame).value;
    return over(run, { counter, head, member: args[headAt + 1]?.text ?? '' }, step);
  };
}

export const LOOPS_OVER_LISTS: Readonly<Record<string, KernelLoop>> = {
  list_for_each_entry: loop(next, 1),
  list_for_each_entry_reverse: loop(previous, 1),
  list_for_each_entry_safe: loop(next, 2),
  list_for_each_entry_safe_reverse: loop(previous, 2),
};
