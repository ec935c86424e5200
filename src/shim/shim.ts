import { markerText } from '../diff/marker-text.ts';
import type { SideFacts } from '../diff/rule.ts';
import { ToolError } from '../errors.ts';
import { canonicalJson } from '../model/canonical.ts';
import type { Erratum } from '../model/erratum.ts';
import type { ReviewDocument } from '../model/review.ts';
import type {
  ShimDecision,
  ShimDirection,
  ShimMember,
  ShimOutput,
  ShimQuestion,
  ShimStruct,
} from '../model/shim.ts';
import type { Target } from '../model/target.ts';
import { TARGETS } from '../model/target.ts';
import { answeringMarker, haveSameMarker } from '../verdict/answering-marker.ts';
import type { Kernel } from '../verdict/kernel.ts';
import { factsOf, isAvailable, layoutLookup } from '../verdict/kernel.ts';
import { checksOf } from './c-checks.ts';
import type { ShimCode } from './c-header.ts';
import { headerOf, incomingHeaderOf, prefixOf } from './c-header.ts';
import { kunitOf, programOf } from './c-programs.ts';
import type { CodeNames } from './code-names.ts';
import { codeNames } from './code-names.ts';
import { decide } from './decisions.ts';
import { shimOverlay } from './overlay.ts';
import type { PlannedMember, PlannedStruct, ShimPlan } from './plan.ts';
import { leftToPeople, markerWords, planShim } from './plan.ts';
import { treeRowsOf } from './tree-rows.ts';

export interface ShimInput {
  outgoing: Kernel;
  incoming: Kernel;
  component: string;
  target: Target;
  /** The way back as well. */
  both: boolean;
  errata: readonly Erratum[];
  reviews: readonly ReviewDocument[];
  erratumApplies(erratum: Erratum, release: string): boolean;
  /** Answers to the questions; without them the code has an #error for each. */
  decisions?: {
    path: string;
    forward: Readonly<Record<string, ShimDecision>>;
    back: Readonly<Record<string, ShimDecision>>;
  };
}

/** What is written, and the text of each file by its name. */
export interface Shim {
  output: ShimOutput;
  files: ReadonlyMap<string, string>;
  /** What the code was made from. */
  plan: ShimPlan;
  names: CodeNames;
}

/**
 * The code by which the incoming kernel reads what the outgoing one wrote of a component.
 * @throws ToolError SHIM_UNFIT for a component that one of them has not, or of which there is nothing to convert, and for names
 *   that C does not take; DOCUMENT_INVALID for decisions that do not answer what is asked
 */
export function makeShim(input: ShimInput): Shim {
  const { outgoing, incoming, component, target, both, decisions } = input;
  checkConvertible(input);
  const forward = planOn(input, { from: outgoing, to: incoming, target });
  const back = both ? planOn(input, { from: incoming, to: outgoing, target }) : undefined;
  const isNeeded = forward.isNeeded || back?.isNeeded === true;
  const questions = decided(
    forward.questions,
    decisions && { path: decisions.path, decisions: decisions.forward },
  );
  const backQuestions = decided(
    back?.questions ?? [],
    back && decisions && { path: `${decisions.path}: back`, decisions: decisions.back },
  );
  const names = { forward: codeNames(forward, false), back: codeNames(back ?? forward, true) };
  const code: ShimCode = {
    forward,
    back,
    targets: targetsLike(input, forward, back),
    questions,
    backQuestions,
    names,
    prefix: prefixOf(forward),
  };
  const alike = isNeeded ? indistinct(input) : undefined;
  const overlay = alike === undefined ? shimOverlay(forward, questions) : { reason: alike };
  const files = isNeeded ? filesOf(code, overlay) : new Map<string, string>();
  const output: ShimOutput = {
    component,
    outgoing: outgoing.release,
    incoming: incoming.release,
    target,
    targets: [...code.targets],
    markers: { outgoing: markerWords(forward.outgoing), incoming: markerWords(forward.incoming) },
    isNeeded,
    directions: [
      directionOf(forward, questions, names.forward),
      ...(back ? [directionOf(back, backQuestions, names.back)] : []),
    ],
    tree: treeRowsOf(forward.outgoing, forward.incoming),
    notGenerated: [
      ...(alike === undefined ? [] : [alike]),
      ...notGeneratedIn(forward),
      ...underItsMarker(input),
    ],
    overlay: 'overlay' in overlay ? { release: overlay.overlay.release } : { reason: overlay.reason },
    files: [...files.keys()],
  };
  return { output, files, plan: forward, names: names.forward };
}

function decided(
  questions: readonly ShimQuestion[],
  given: Parameters<typeof decide>[1] | undefined,
): ShimQuestion[] {
  return given ? decide(questions, given) : [...questions];
}

/** @throws ToolError SHIM_UNFIT where one of the kernels has no such state, or nothing of it is known */
export function checkConvertible({ outgoing, incoming, component }: Omit<ShimInput, 'both'>): void {
  for (const kernel of [outgoing, incoming]) {
    const facts = factsOf(kernel, component);
    const { available, reason } = facts;
    if (isAvailable(facts)) continue;
    const why = reason ?? (available === 'no' ? 'it has no such state' : 'nothing is known of it');
    throw new ToolError('SHIM_UNFIT', `${component}: ${kernel.release}: ${why}`);
  }
  const isEmpty = [outgoing, incoming].every((kernel) => {
    const { structs, fdt } = factsOf(kernel, component);
    return Object.keys(structs).length === 0 && fdt.length === 0;
  });
  if (isEmpty) {
    throw new ToolError(
      'SHIM_UNFIT',
      `${component}: neither struct nor tree of it is known, so there is nothing to convert`,
    );
  }
}

function sideOf(kernel: Kernel, component: string, target: Target): SideFacts {
  return {
    release: kernel.release,
    facts: factsOf(kernel, component),
    layoutOf: layoutLookup(kernel, target),
  };
}

/** The plan of one direction on one target. */
export function planOn(
  { component, errata, reviews, erratumApplies }: Omit<ShimInput, 'both'>,
  { from, to, target }: { from: Kernel; to: Kernel; target: Target },
): ShimPlan {
  const touching = errata.filter(
    (erratum) =>
      erratum.component === component &&
      erratumApplies(erratum, erratum.side === 'outgoing' ? from.release : to.release),
  );
  return planShim({
    component,
    target,
    outgoing: sideOf(from, component, target),
    incoming: sideOf(to, component, target),
    errata: touching,
    reviews,
  });
}

/** The targets on which the plans are the same, so that the code is. */
function targetsLike(input: ShimInput, forward: ShimPlan, back: ShimPlan | undefined): Target[] {
  const textOf = (plan: ShimPlan | undefined): string =>
    JSON.stringify(plan && [plan.structs, plan.questions]);
  return TARGETS.filter((target) => {
    if (target === input.target) return true;
    const isKnown = [input.outgoing, input.incoming].every(
      ({ targets }) => targets?.includes(target) ?? true,
    );
    if (!isKnown) return false;
    const { outgoing, incoming } = input;
    const isSame = textOf(planOn(input, { from: outgoing, to: incoming, target })) === textOf(forward);
    if (!isSame || !back) return isSame;
    return textOf(planOn(input, { from: incoming, to: outgoing, target })) === textOf(back);
  });
}

function filesOf(code: ShimCode, overlay: ReturnType<typeof shimOverlay>): Map<string, string> {
  const { prefix, forward } = code;
  const files = new Map<string, string>();
  if (forward.structs.length > 0) {
    files.set(`${prefix}_compat.h`, headerOf(code));
    files.set(`${prefix}_incoming.h`, incomingHeaderOf(code));
    files.set(`${prefix}_checks.h`, checksOf(code));
    files.set(`${prefix}_test.c`, programOf(code));
    files.set(`${prefix}_kunit.c`, kunitOf(code));
  }
  if ('overlay' in overlay) files.set(`${prefix}_overlay.json`, canonicalJson(overlay.overlay));
  return files;
}

function directionOf(
  { outgoing, incoming, structs }: ShimPlan,
  questions: readonly ShimQuestion[],
  names: CodeNames,
): ShimDirection {
  return {
    outgoing: outgoing.release,
    incoming: incoming.release,
    structs: structs.map((struct) => shownStruct(struct, names)),
    questions: [...questions],
  };
}

function shownStruct(struct: PlannedStruct, names: CodeNames): ShimStruct {
  return {
    outgoing: struct.outgoing,
    name: names.outgoingTag(struct.outgoing),
    incoming: struct.incoming,
    sizes: { outgoing: struct.written.size, incoming: struct.read.size },
    converter: names.converter(struct),
    members: struct.members.map(shownMember),
  };
}

function shownMember({ from, to, how, conversion }: PlannedMember): ShimMember {
  const check = conversion?.check;
  return {
    from: from?.name ?? null,
    to: to?.name ?? null,
    how: how === 'convert' ? (check === undefined ? 'copied' : 'checked') : how,
    ...(check !== undefined && { check }),
  };
}

/** What no code is written for, in words. */
function notGeneratedIn(plan: ShimPlan): string[] {
  const hasElements = plan.structs.some(({ members }) => members.some(({ how }) => how === 'elements'));
  const elements =
    'how many elements follow a header is for the caller to say: he converts each with the function of its struct';
  return [...handWork(plan), ...(hasElements ? [elements] : [])];
}

/** What is left to people beside calling the converters: the carrier, the tree, the shape of the data. */
export function handWork({ component, outgoing, incoming, findings }: ShimPlan): string[] {
  const carriers = [outgoing, incoming].map(({ facts }) => facts.marker?.carrier ?? '');
  const isTree = carriers.some((carrier) => carrier.startsWith('fdt:'));
  const words: string[] = [];
  if (isTree) {
    words.push(
      `${component} is carried by an FDT (${[...new Set(carriers)].join(' and ')}): finding its nodes and properties is code of the reader`,
    );
  } else if (carriers[0] !== carriers[1]) {
    words.push(
      `${component} lies in ${carriers[0]} on one side and in ${carriers[1]} on the other: what looks for it is code of the reader`,
    );
  }
  const shapes = findings.filter(({ rule, impact }) => rule === 'constant-changed' && impact !== 'none');
  if (shapes.length > 0) {
    words.push(
      `what follows from ${shapes.map(({ subject }) => subject).join(', ')}: the shape of the data, not of a struct`,
    );
  }
  if (incoming.facts.fdtUnread || outgoing.facts.fdtUnread)
    words.push('the names in its tree could not be read');
  words.push(...leftToPeople(findings).map(({ message }) => message.replace(/\.$/, '')));
  return [...new Set(words)];
}

/** Why no reader can tell what it is given; undefined where it can. */
function indistinct({ component, outgoing, incoming }: ShimInput): string | undefined {
  if (!haveSameMarker(outgoing, incoming, component)) return undefined;
  const marker = answeringMarker(outgoing, component);
  const text = marker ? markerText(marker.writes, marker) : 'no marker';
  return `both kernels write ${text}, so that no reader can tell which layout lies before it`;
}

/** Components that the same marker answers for: accepting it counts for them too. */
function underItsMarker(input: ShimInput): string[] {
  const { component, outgoing, incoming, target } = input;
  const guarded = [...incoming.components.keys()].filter(
    (id) => factsOf(incoming, id).marker?.guardedBy === component && factsOf(outgoing, id).available !== 'no',
  );
  const needing = guarded.filter(
    (id) => planOn({ ...input, component: id }, { from: outgoing, to: incoming, target }).isNeeded,
  );
  if (needing.length === 0) return [];
  return [
    `the marker of ${component} answers for ${needing.join(' and ')} as well: accept it only with a shim for each`,
  ];
}
