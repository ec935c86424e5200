import {
  Canon,
  type CodeNames,
  type Expression,
  Flow,
  type FlowNode,
  FlowUnknown,
  type FunctionCode,
  type HandedValue,
  HandedValues,
  hashOfFlow,
  type KeptMemory,
  partsOf,
} from '../cdecl/index.ts';
import type { CodeBase, CodePiece } from './code-base.ts';
import { entryPoints } from './code-entries.ts';
import { isLiveUpdateCode } from './code-files.ts';
import { Recall } from './recall.ts';

/** A flow with what is known of the locals in it. */
export interface FollowedCode {
  root: FlowNode;
  flow: Flow;
}

const NO_MARKERS: ReadonlySet<string> = new Set();

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

/** What decides where a flow leads, beside the piece that it starts at. */
interface FlowSource extends CodeNames {
  limit(): number;
  /** The body of a function that is followed into. */
  inlined(name: string): FunctionCode | undefined;
}

function sourceOf(
  { file }: CodePiece,
  base: CodeBase,
  { isByOrder = false, markers = NO_MARKERS, isFollowed, limit }: FollowOptions,
): FlowSource {
  return {
    limit: () => limit,
    inlined: (name) => {
      const helper = isFollowed(name) ? base.find(name, file) : undefined;
      return helper && isLiveUpdateCode(helper.file, name) ? helper.code : undefined;
    },
    ...base.names(file, { isByOrder, markers }),
  };
}

/** Follows a piece of code; undefined where it cannot be followed. */
function follow({ code, value }: CodePiece, source: FlowSource): FollowedCode | undefined {
  try {
    const flow = new Flow({ canon: new Canon(source), inlined: source.inlined, limit: source.limit() });
    const root = code ? flow.of(code) : value && flow.ofValue(value);
    return root && { root, flow };
  } catch (error) {
    if (!(error instanceof FlowUnknown)) throw error;
    return undefined;
  }
}

const ways = new Recall<CodePiece, FlowSource, FollowedCode | undefined>();
const hashes = new Recall<CodePiece, FlowSource, string | undefined>();

/** The hash of a piece of code, followed; undefined where it cannot be. */
export function hashOfPiece(piece: CodePiece, base: CodeBase, options: FollowOptions): string | undefined {
  return hashes.of(piece, sourceOf(piece, base, options), (source) => {
    const way = follow(piece, source);
    return way && hashOfFlow(way.root, way.flow);
  });
}

function followed(piece: CodePiece, base: CodeBase, options: FollowOptions): FollowedCode | undefined {
  return ways.of(piece, sourceOf(piece, base, options), (source) => follow(piece, source));
}

/** The most steps of one function with its helpers, and of a whole way in from an initcall. */
const WITH_HELPERS = 2500;
const WHOLE_WAY = 8000;

/**
 * A function by one of its names with its helpers in their places, up to the entry points that it calls; by itself where that
 * is too much.
 * @param apart a further function whose calls stay what they are
 */
export function withHelpers(
  names: readonly string[],
  base: CodeBase,
  apart?: string,
): FollowedCode | undefined {
  const piece = names.map((name) => base.find(name)).find((found) => found);
  return (
    piece &&
    (followed(piece, base, {
      isFollowed: (name) => name !== apart && !entryPoints().has(name),
      limit: WITH_HELPERS,
    }) ??
      followed(piece, base, { isFollowed: () => false, limit: WITH_HELPERS }))
  );
}

/** What a function hands over, of what memory it sees to it that it is kept, and what it calls others with. */
export interface HandedOver {
  readonly values: readonly HandedValue[];
  readonly kept: readonly KeptMemory[];
  readonly passed: readonly KeptMemory[];
}

const NOTHING: HandedOver = { values: [], kept: [], passed: [] };

const handed = new Recall<CodePiece, ValueSource, HandedOver | undefined>();

interface ValueSource extends FlowSource {
  numbersOf(name: string): string | undefined;
  sizeOf(struct: string): number | undefined;
  storesOf(member: string): string;
}

/**
 * What a function makes of the values that it hands over or takes, its helpers put in as far as that can be followed.
 *
 * @param storesOf what all code of its side keeps in a member, as one text
 */
export function handedValues(
  piece: CodePiece,
  base: CodeBase,
  storesOf: (member: string) => string,
): HandedOver {
  const find = (isFollowed: FollowOptions['isFollowed']): HandedOver | undefined => {
    const source = sourceOf(piece, base, { isFollowed, limit: WITH_HELPERS });
    const own = {
      numbersOf: (name: string) => base.numbersOf(name),
      sizeOf: (struct: string) => base.sizeOf(struct),
      storesOf,
    };
    return handed.of(piece, { ...source, ...own }, (asked) => {
      const way = ways.of(piece, asked, (names) => follow(piece, names));
      if (!way || !piece.code) return undefined;
      const found = new HandedValues(way.flow, asked);
      return { values: found.of(way.root, piece.code), kept: found.kept, passed: found.passed };
    });
  };
  return find((name) => !entryPoints().has(name)) ?? find(() => false) ?? NOTHING;
}

/** A function with all that it calls in the live-update files. */
export function wholeWay(name: string, base: CodeBase): FollowedCode | undefined {
  const piece = base.find(name);
  return piece && followed(piece, base, { isFollowed: () => true, limit: WHOLE_WAY });
}

/** Every step of a flow, each once, in the order in which it is come to. */
export const stepsOf: (root: FlowNode | undefined) => readonly FlowNode[] = foundOnce(findSteps);

function findSteps(root: FlowNode): FlowNode[] {
  const seen = new Set<FlowNode>();
  const stack = [root];
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
export const callsOf = foundOnce(findCalls);

function findCalls(root: FlowNode): Call[] {
  return stepsOf(root).flatMap(({ value, line }) =>
    value === undefined
      ? []
      : partsOf(value).flatMap(({ op, args }) => {
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

/** Looks through each flow once; there is nothing in what is no flow. */
function foundOnce<T>(find: (root: FlowNode) => readonly T[]): (root: FlowNode | undefined) => readonly T[] {
  const known = new WeakMap<FlowNode, readonly T[]>();
  return (root) => {
    if (!root) return [];
    const found = known.get(root) ?? find(root);
    known.set(root, found);
    return found;
  };
}
