import {
  Canon,
  type Expression,
  Flow,
  type FlowNode,
  FlowUnknown,
  type FunctionCode,
  partsOf,
} from '../cdecl/index.ts';
import type { CodeBase, CodePiece } from './code-base.ts';
import { ENTRY_NAMES } from './code-entries.ts';

/** A flow with what is known of the locals in it. */
export interface FollowedCode {
  root: FlowNode;
  flow: Flow;
}

export interface FollowOptions {
  /** Members of structs that are not handed over stand by their place, not by their name. */
  isByOrder?: boolean;
  /** Texts that are compared by themselves: in code one stands for another. */
  markers?: ReadonlySet<string>;
  /** Whether a call of this function is followed into its body. */
  isFollowed(name: string): boolean;
  /** The most steps that are told apart. */
  limit: number;
}

const NO_MARKERS: ReadonlySet<string> = new Set();

/** Follows a piece of code; undefined where it cannot be followed. */
export function followed(
  { code, value, file }: CodePiece,
  base: CodeBase,
  { isByOrder = false, markers = NO_MARKERS, isFollowed, limit }: FollowOptions,
): FollowedCode | undefined {
  const inlined = (name: string): FunctionCode | undefined =>
    isFollowed(name) ? base.find(name, file)?.code : undefined;
  try {
    const flow = new Flow({
      canon: new Canon(base.names(file, { isByOrder, markers })),
      inlined,
      limit,
    });
    const root = code ? flow.of(code) : value && flow.ofValue(value);
    return root && { root, flow };
  } catch (error) {
    if (!(error instanceof FlowUnknown)) throw error;
    return undefined;
  }
}

/** The most steps of one function with its helpers, and of a whole way in from an initcall. */
const WITH_HELPERS = 2500;
const WHOLE_WAY = 8000;

const waysByBase = new WeakMap<CodeBase, Map<CodePiece, FollowedCode | undefined>>();

/** A function by one of its names with its helpers in their places, up to the entry points that it calls. */
export function withHelpers(names: readonly string[], base: CodeBase): FollowedCode | undefined {
  const piece = names.map((name) => base.find(name)).find((found) => found);
  if (!piece) return undefined;
  const ways = waysByBase.get(base) ?? new Map<CodePiece, FollowedCode | undefined>();
  waysByBase.set(base, ways);
  if (!ways.has(piece))
    ways.set(
      piece,
      followed(piece, base, { isFollowed: (name) => !ENTRY_NAMES.has(name), limit: WITH_HELPERS }),
    );
  return ways.get(piece);
}

/** A function with all that it calls in the live-update files. */
export function wholeWay(name: string, base: CodeBase): FollowedCode | undefined {
  const piece = base.find(name);
  return piece && followed(piece, base, { isFollowed: () => true, limit: WHOLE_WAY });
}

/** Every step of a flow, each once, in the order in which it is come to. */
export function stepsOf(root: FlowNode | undefined): FlowNode[] {
  const seen = new Set<FlowNode>();
  const stack = root ? [root] : [];
  while (stack.length > 0) {
    const node = stack.pop() as FlowNode;
    if (seen.has(node)) continue;
    seen.add(node);
    for (const child of [...node.children].reverse()) stack.push(child);
  }
  return [...seen];
}

/** A call with its name and what is handed to it. */
export interface Call {
  name: string;
  args: readonly Expression[];
  line: number;
}

/** Every call in a flow. */
export function callsOf(root: FlowNode | undefined): Call[] {
  return stepsOf(root).flatMap(({ value, line }) =>
    value === undefined
      ? []
      : [...partsOf(value)].flatMap(({ op, args }) => {
          const [callee, ...rest] = args;
          return op === 'call' && callee?.op === 'name'
            ? [{ name: callee.text ?? '', args: rest, line }]
            : [];
        }),
  );
}

/** The bytes of a type whose size code asks for: 8 for `sizeof(u64)`. */
export function sizeOf(value: Expression | undefined): number | undefined {
  if (value?.op === 'number') return Number(value.text);
  if (value?.op !== 'sizeof-type' || !value.type) return undefined;
  if (value.type.stars > 0) return 8;
  const bits = /^i(\d+)$/.exec(value.type.name)?.[1];
  return bits === undefined ? undefined : Number(bits) / 8;
}
