import { NotRunnable, Run, type RunKernel, shortDigest } from '../cdecl/index.ts';
import { byCodeUnit } from '../model/canonical.ts';
import type { RoundTripState } from '../model/component-state.ts';
import type { Layout } from '../model/layout.ts';
import type { CodeBase, CodePiece } from './code-base.ts';
import { hashOfPiece } from './code-flow.ts';
import { Recall } from './recall.ts';
import { ROUND_TRIPS, type RoundTrip } from './round-trip-programs.ts';

// Whether a kernel reads back what it writes, seen by running its code over made-up data. What cannot be run says nothing.

const ALONE = { isByOrder: true, isFollowed: () => false, limit: 2500 };

/** What came of each round trip of a component that the code at hand could be run for. */
export function roundTripsOf(component: string, base: CodeBase): RoundTripState[] {
  return ROUND_TRIPS.filter((trip) => trip.component === component).flatMap((trip): RoundTripState[] => {
    const ran = runs.of(trip, sourceOf(base), (source) => attempt(trip, source));
    if (!ran) return [];
    const { name, does } = trip;
    const [writer, reader] = [digestOf(ran.writing, base), digestOf(ran.reading, base)];
    return [{ name, does, writer, reader, isWhole: ran.isWhole }];
  });
}

/** What ran: the functions and macros, and the numbers of the headers that they asked for. */
interface Part {
  names: readonly string[];
  numbers: readonly string[];
}

interface Ran {
  writing: Part;
  reading: Part;
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
    numbersOf: (name) => base.numbersOf(name),
  };
}

function attempt({ write, read }: RoundTrip, source: RunSource): Ran | undefined {
  const run = new Run(kernelOf(source));
  try {
    const handed = write(run);
    const writing = partOf(run);
    run.restart();
    const isWhole = handed.length > 0 && read(run, handed);
    return { writing, reading: partOf(run), isWhole };
  } catch (error) {
    if (error instanceof NotRunnable) return undefined;
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
    memberType: source.memberType,
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

function partOf({ ran, numbers }: Run): Part {
  return {
    names: [...ran].sort(byCodeUnit),
    numbers: [...numbers].map(([name, value]) => `${name} ${value}`).sort(byCodeUnit),
  };
}

/** Of all code that ran, whatever its spelling. */
function digestOf({ names, numbers }: Part, base: CodeBase): string {
  const functions = names.map((name) => {
    const piece = base.find(name);
    const tokens = piece?.tokens.map(({ text }) => text).join(' ');
    return `${name} ${piece && (hashOfPiece(piece, base, ALONE) ?? tokens)}`;
  });
  return shortDigest([...functions, ...numbers].join('\n'));
}
