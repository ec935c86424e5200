import { type Expression, type FlowNode, partsOf } from '../cdecl/index.ts';
import type { Era } from '../model/component-definition.ts';
import type { FdtNode, Reader } from '../model/component-state.ts';
import type { Effect } from '../model/verdict-kind.ts';
import type { CodeBase } from './code-base.ts';
import { stepsOf, wholeWay, withHelpers } from './code-flow.ts';

// What a refusal does is where the code goes from it: into a panic, back with an error, or on.

type End = 'again' | 'error' | 'fine' | 'panic';

const PANICS = /^(?:panic|BUG|BUG_ON|nmi_panic)$/;
const COMPARES = /^(?:fdt_node_check_compatible|strn?cmp|memcmp)$/;

/** The reader with the effects that its code has, those of the era where the code does not tell. */
export function readEffects(era: Era, reader: Reader, base: CodeBase): Reader {
  return { ...reader, ...refusal(era, reader, base), ...unknownName(era, reader, base) };
}

/** A refusal ends the boot where its reader panics; LUO's only where its initcall ends in a panic. */
function refusal(era: Era, reader: Reader, base: CodeBase): Partial<Reader> {
  if (reader.onRefused !== 'boot-panic') return isFatal(era, base) ? { onRefused: 'boot-panic' } : {};
  if (era.reader.initcall === undefined) return {};
  const way = wholeWay(era.reader.initcall, base);
  const refused = way && stepsOf(way.root).filter(({ op, value }) => op === 'if' && isTextTest(value));
  if (!refused || refused.length === 0) return {};
  const ends = new Set(refused.flatMap(({ children }) => [...endsOf(children[0] as FlowNode)]));
  return ends.has('panic') ? {} : { onRefused: 'component-absent' };
}

/** Whether what is read at boot, out of the tree that KHO hands over, ends in a panic where its marker is another one. */
function isFatal({ reader: { function: name }, marker }: Era, base: CodeBase): boolean {
  if (name === undefined || !/^(?:fdt|struct):/.test(marker.carrier)) return false;
  const refused = stepsOf(withHelpers([name], base)?.root).flatMap(({ op, value, children: [next] }) => {
    if (op === 'if' && isTextTest(value)) return next ?? [];
    const isKept = op === 'do' && value?.op === '=' && isTextTest(value.args[1]);
    return isKept && next?.op === 'if' && next.value?.text === value.args[0]?.text
      ? (next.children[0] ?? [])
      : [];
  });
  return refused.length > 0 && refused.every((way) => endsOf(way).has('panic'));
}

/** The node that stands for what a reader demands although nothing may have been preserved; none where it goes on. */
export function demandedNode(era: Era, base: CodeBase): FdtNode | undefined {
  const { maybeEmpty } = era.reader;
  const root = maybeEmpty && withHelpers([maybeEmpty.function], base)?.root;
  const empty = root && firstTest(root)?.children[1];
  if (!maybeEmpty || !empty) return undefined;
  const ends = endsOf(empty);
  if (!ends.has('panic') && !ends.has('error')) return undefined;
  return { path: maybeEmpty.path, onMissing: 'boot-panic', properties: [] };
}

/** A test whose truth is that two texts differ. */
function isTextTest(value: Expression | undefined): boolean {
  if (value?.op !== 'call') return false;
  const [callee, ...args] = value.args;
  return COMPARES.test(callee?.text ?? '') && args.some(({ op }) => op === 'string');
}

/** What becomes of the sessions with a file that no handler knows. */
function unknownName(era: Era, reader: Reader, base: CodeBase): Partial<Reader> {
  if (era.reader.opener === undefined || reader.onUnknownName === undefined) return {};
  const way = wholeWay(era.reader.opener, base);
  const search = way && stepsOf(way.root).find(isHandlerSearch);
  const missing = search && firstTest(search.children[1] as FlowNode);
  const ends = missing && endsOf(missing.children[1] as FlowNode);
  if (!ends) return {};
  const effect: Effect = ends.has('panic')
    ? 'boot-panic'
    : ends.has('error')
      ? 'all-sessions-lost'
      : 'file-lost';
  return { onUnknownName: effect };
}

/** A loop over what is registered that compares names. */
function isHandlerSearch({ op, children }: FlowNode): boolean {
  if (op !== 'each') return false;
  const body = children[0] as FlowNode;
  const [first] = stepsOf(body).filter((step) => step.op === 'if');
  return (
    first?.value !== undefined &&
    partsOf(first.value).some(({ op, text }) => op === 'name' && text === 'strcmp')
  );
}

function firstTest(root: FlowNode): FlowNode | undefined {
  let at: FlowNode | undefined = root;
  while (at && at.op === 'do') at = at.children[0];
  return at?.op === 'if' ? at : undefined;
}

/** How the ways from a step on end. A loop that begins on them is none of the loops that they are in. */
function endsOf(root: FlowNode): Set<End> {
  const ends = new Set<End>();
  const steps = stepsOf(root);
  const inner = new Set(steps.flatMap(({ op, loop }) => (op === 'loop' ? [loop] : [])));
  const isPanic = (value: Expression | undefined): boolean =>
    value !== undefined && partsOf(value).some(({ op, text = '' }) => op === 'name' && PANICS.test(text));
  const seen = new Set<FlowNode>();
  const visit = (node: FlowNode): void => {
    if (seen.has(node)) return;
    seen.add(node);
    if (node.op !== 'return' && isPanic(node.value)) {
      ends.add('panic');
      return;
    }
    if (node.op === 'again' && node.loop !== '' && !inner.has(node.loop)) ends.add('again');
    if (node.op === 'return') ends.add(isError(node.value) ? 'error' : 'fine');
    for (const child of node.children) visit(child);
  };
  visit(root);
  return ends;
}

function isError(value: Expression | undefined): boolean {
  return value?.op === 'neg' || (value?.op === 'local' && value.text !== undefined);
}
