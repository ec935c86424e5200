import { livingTokens, type OptionValue } from '../lex/living-calls.ts';
import type { PlacedText } from '../lex/place.ts';
import { Canon, type CodeNames } from './canon.ts';
import { Flow } from './flow.ts';
import { type FlowNode, FlowUnknown, textOf } from './flow-nodes.ts';
import type { Expression, FunctionCode } from './syntax.ts';
import { functionsWith } from './text-functions.ts';
import { partsOf } from './walk.ts';

// Whether an error that a function gives changes what its caller does: it is tested, and what follows is left out; or it is
// handed on to whoever called.

/** Names of which nothing is known but how they are spelled. */
export const BARE_NAMES: CodeNames = {
  wire: () => undefined,
  memberType: () => undefined,
  memberName: (_struct, member) => member,
  structName: (name) => name,
  variableType: () => undefined,
  returnType: () => undefined,
  name: (name) => name,
  isMarker: () => false,
};

const MOST_STEPS = 4000;

/** Whether some function of a text obeys what a call of `name` gives; undefined where none that calls it can be followed. */
export function isObeyed(source: PlacedText, name: string, isOn: OptionValue): boolean | undefined {
  const callers = functionsWith(livingTokens(source, isOn), (word) => word === name);
  const answers = callers.flatMap(({ code }) => (code && obeysIn(code, name)) ?? []);
  return answers.length === 0 ? undefined : answers.includes(true);
}

function obeysIn(code: FunctionCode, name: string): boolean | undefined {
  try {
    const flow = new Flow({ canon: new Canon(BARE_NAMES), inlined: () => undefined, limit: MOST_STEPS });
    const isCall = (value: Expression): boolean => value.op === 'call' && value.args[0]?.text === name;
    return allSteps(flow.of(code)).some((node) => obeysAt(node, isCall));
  } catch (error) {
    if (!(error instanceof FlowUnknown)) throw error;
    return undefined;
  }
}

function obeysAt(node: FlowNode, isCall: (value: Expression) => boolean): boolean {
  const { op, value } = node;
  if (!value || !partsOf(value).some(isCall)) return false;
  if (op === 'return') return true;
  if (op === 'if') return leavesOut(node);
  if (op !== 'do' || isCall(value)) return false;
  const [target, from] = value.args;
  if (value.op === '=' && target?.op === 'local' && from && isCall(from))
    return isLocalObeyed(node, target.text ?? '');
  return true;
}

/** Whether a local, as it is set in a step, decides what is done until it is set anew. */
function isLocalObeyed(from: FlowNode, local: string): boolean {
  const names = (value: Expression): boolean =>
    partsOf(value).some(({ op, text }) => op === 'local' && text === local);
  const seen = new Set<FlowNode>([from]);
  const open = from.children.map((node) => ({ node, isFar: false }));
  for (let next = open.pop(); next; next = open.pop()) {
    const { node, isFar } = next;
    if (seen.has(node)) continue;
    seen.add(node);
    const { op, value, children } = node;
    if (value && op === 'return' && !isFar && names(value)) return true;
    if (value && op === 'if' && names(value) && leavesOut(node)) return true;
    const isSet = op === 'do' && value?.op === '=' && value.args[0]?.text === local;
    if (isSet) continue;
    const isDone = op === 'do' && value !== undefined && !isGivingBack(value);
    open.push(...children.map((child) => ({ node: child, isFar: isFar || isDone })));
  }
  return false;
}

/** What is done whether there was an error or not. */
function isGivingBack(value: Expression): boolean {
  return value.op === 'call' && /unlock|put|free|release|exit|end/.test(value.args[0]?.text ?? '');
}

/** Whether something is done only where a test fails: an error is what is not zero. */
function leavesOut({ children: [yes, no] }: FlowNode): boolean {
  if (!yes || !no) return false;
  const done = new Set(deedsFrom(yes));
  return deedsFrom(no).some((deed) => !done.has(deed));
}

function deedsFrom(root: FlowNode): string[] {
  return allSteps(root).flatMap(({ op, value }) => (op === 'do' && value ? textOf(value) : []));
}

function allSteps(root: FlowNode): FlowNode[] {
  const seen = new Set<FlowNode>([root]);
  for (const node of seen) for (const child of node.children) seen.add(child);
  return [...seen];
}
