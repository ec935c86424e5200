import { isAnswered, NotRunnable, Run, type RunKernel, shortDigest } from '../cdecl/index.ts';
import { byCodeUnit } from '../model/canonical.ts';
import type { RanCode, RoundTripState } from '../model/component-state.ts';
import type { Layout } from '../model/layout.ts';
import type { CodeBase, CodePiece } from './code-base.ts';
import { hashOfPiece } from './code-flow.ts';
import { Recall } from './recall.ts';
import { ROUND_TRIPS, type RoundTrip } from './round-trip-programs.ts';
import { widthsIn } from './widths.ts';

// Whether a kernel reads back what it writes, seen by running its code over made-up data. What cannot be run says nothing.

const ALONE = { isByOrder: true, isFollowed: () => false, limit: 2500 };

/** What came of each round trip of a component that the code at hand could be run for. */
export function roundTripsOf(component: string, base: CodeBase): RoundTripState[] {
  return ROUND_TRIPS.filter((trip) => trip.component === component).flatMap((trip): RoundTripState[] => {
    const ran = runs.of(trip, sourceOf(base), (source) => ranThrough(trip, source));
    if (!ran) return [];
    const { name, does, writers, readers, seenThrough } = trip;
    const [writing, reading] = [codeFrom(writers, ran.writing, base), codeFrom(readers, ran.reading, base)];
    const isSeen = seenThrough.every((group) =>
      group.some((one) => writing.names.has(one) || reading.names.has(one)),
    );
    if (!ran.isWhole && !isSeen) return [];
    const [writer, reader] = [ranCode(writers, writing), ranCode(readers, reading)];
    return [{ name, does, writer, reader, isWhole: ran.isWhole }];
  });
}

/** What ran, with the functions that others stood in for as it wrote and as it read. */
interface Ran {
  writing: readonly string[];
  reading: readonly string[];
  isWhole: boolean;
}

/** What decides how a round trip goes. */
interface RunSource {
  piece(name: string): CodePiece | undefined;
  variableType: RunKernel['variableType'];
  memberType: RunKernel['memberType'];
  /** As a text: the same for the same. */
  layout(struct: string): string | undefined;
  numbersOf(name: string): string | undefined;
  /** The names of a struct's members, with blanks between. */
  members(struct: string): string;
  [question: string]: (...of: string[]) => unknown;
}

const runs = new Recall<RoundTrip, RunSource, Ran | undefined>();

function sourceOf(base: CodeBase): RunSource {
  const names = base.names('', { isByOrder: false, markers: new Set() });
  return {
    piece: (name) => base.find(name),
    variableType: (name) => names.variableType(name),
    memberType: (struct, member) => names.memberType(struct, member),
    layout: (struct) => {
      const layout = base.layoutOf(struct);
      return layout && JSON.stringify(layout);
    },
    members: (struct) => base.membersOf(struct).join(' '),
    numbersOf: (name) => base.numbersOf(name),
  };
}

function ranThrough({ write, read }: RoundTrip, source: RunSource): Ran | undefined {
  const run = new Run(kernelOf(source));
  try {
    const handed = write(run);
    const writing = run.standsIn;
    run.restart();
    const isWhole = read(run, handed);
    return { writing, reading: run.standsIn, isWhole };
  } catch (error) {
    // Code of a kernel may call itself too deep, divide by nothing or count beyond all numbers.
    if (error instanceof NotRunnable || error instanceof RangeError) return undefined;
    throw error;
  }
}

function kernelOf(source: RunSource): RunKernel {
  return {
    function(name) {
      const piece = source.piece(name);
      return piece && piece.kind !== 'variable' ? { kind: piece.kind, code: piece.code } : undefined;
    },
    variableType: source.variableType,
    isSetAtFirst: (name) => source.piece(name)?.kind === 'variable',
    memberType: source.memberType,
    members: (struct) => source.members(struct).split(' ').filter(Boolean),
    layout(struct) {
      const text = source.layout(struct);
      return text === undefined ? undefined : (JSON.parse(text) as Layout);
    },
    number(name) {
      const [value] = source.numbersOf(name)?.split(' ') ?? [];
      return value === undefined ? undefined : BigInt(value);
    },
  };
}

/** All code that may run from some functions on: what ran is less where it ended early. */
interface CodeFrom {
  /** Each with its hash. */
  functions: readonly string[];
  /** Those of the headers that it asks for. */
  numbers: readonly string[];
  /** How wide the integers of each are, whatever their names. */
  widths: readonly string[];
  /** All that it names. */
  names: ReadonlySet<string>;
}

function codeFrom(entries: readonly string[], standsIn: readonly string[], base: CodeBase): CodeFrom {
  const reached = new Map<string, CodePiece>();
  const numbers = new Set<string>();
  const names = new Set(entries);
  for (const name of names) {
    if (standsIn.includes(name) || isAnswered(name)) continue;
    const number = base.numbersOf(name);
    if (number !== undefined) numbers.add(`${name} ${number}`);
    const piece = base.find(name);
    if (!piece || piece.kind === 'variable') continue;
    reached.set(name, piece);
    for (const { kind, text } of piece.tokens) if (kind === 'name') names.add(text);
  }
  const functions = [...reached].map(([name, piece]) => {
    const tokens = piece.tokens.map(({ text }) => text).join(' ');
    return `${name} ${hashOfPiece(piece, base, ALONE) ?? tokens}`;
  });
  const widths = [...reached].flatMap(([name, { kind, code }]) =>
    kind === 'function' && code ? `${name} ${widthsIn(code).match(/=i\d+/g)?.sort() ?? ''}` : [],
  );
  return { functions, numbers: [...numbers], widths, names };
}

function ranCode(entries: readonly string[], { functions, numbers, widths }: CodeFrom): RanCode {
  const digest = (lines: readonly string[]): string => shortDigest([...lines].sort(byCodeUnit).join('\n'));
  return {
    function: entries[0] as string,
    hash: digest([...functions, ...numbers]),
    widths: digest(widths),
  };
}
