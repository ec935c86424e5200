import { components, ownDefinitions } from '../components/index.ts';
import { sortKeys } from '../model/canonical.ts';
import type { ComponentDefinition, Era, PropertyFacts } from '../model/component-definition.ts';
import type { Check, ComponentState, FdtNode, Reader } from '../model/component-state.ts';
import type { FoundDoubt } from '../model/doubt.ts';
import type { Marker, MarkerValue } from '../model/marker.ts';
import type { CodeBase, CodePiece } from './code-base.ts';
import { demandedNode, readEffects } from './code-effects.ts';
import { entryNames, type RequiredEntry, requiredEntries } from './code-entries.ts';
import { callsOf, stepsOf, withHelpers } from './code-flow.ts';
import { readMarker } from './code-marker.ts';
import { spelledNames } from './code-names.ts';
import { readProperty } from './code-properties.ts';
import { tooEarly } from './initcalls.ts';
import { type Registered, registeredHandlers, registrationOf } from './registrations.ts';
import { BESIDE_HANDLERS } from './wanted.ts';

// What the declarations and the component's data say of a kernel, held against its code: what is written and compared, how
// long, and where a refusal leads. The code counts; what it does not show of a claim is in doubt for the side that relies on
// it. Code that is not at hand confirms nothing.

export interface CodeRequest {
  definition: ComponentDefinition;
  era: Era;
  state: ComponentState;
  base: CodeBase;
  valueNamed(name: string): MarkerValue | undefined;
}

/** A component as its code writes and reads it, with the doubts that the code leaves. */
export function confirmed(request: CodeRequest): { state: ComponentState; doubts: FoundDoubt[] } {
  const { era, state, base } = request;
  const doubts: FoundDoubt[] = [
    ...missing(era, base),
    ...unfollowed(era, base),
    ...unreached(request),
    ...tooEarly(era, base),
    ...unreadNodes(era, state, base),
    ...registeredElsewhere(request),
  ];
  const marker = state.marker && markerOf(request, state.marker, doubts);
  const fdt = state.fdt.map((node) => nodeOf(request, node, doubts));
  const demanded = demandedNode(era, base);
  if (demanded) fdt.push(demanded);
  const checks = state.checks.filter((check) => isChecked(era, check, base, doubts));
  const reader: Reader | undefined = state.reader && readEffects(era, state.reader, base);
  const spelled = spelledNames(era, base);
  doubts.push(...spelled.doubts);
  const constants = sortKeys({ ...state.constants, ...spelled.constants });
  const places = sortKeys({ ...state.places, ...spelled.places });
  const changed = {
    ...state,
    ...(marker && { marker }),
    constants,
    fdt,
    checks,
    ...(reader && { reader }),
    places,
  };
  return { state: { ...changed, ...unregistered(request) }, doubts };
}

function missing(era: Era, base: CodeBase): FoundDoubt[] {
  if (!base.hasCode) return [];
  return requiredEntries(era)
    .filter(({ names }) => !names.some((name) => base.find(name)))
    .map(({ side, names: [name = ''] }) => ({
      code: 'code-not-found',
      subject: name,
      ...reliedOnBy(side),
      message: `${name}() is nowhere in the live-update files: what it does is taken as known`,
      isNote: true,
      condition: `${name}() does what it did where it was last seen`,
    }));
}

/** Readers and writers that are at hand and that nobody can follow: too long, or with a construct that is not known. */
function unfollowed(era: Era, base: CodeBase): FoundDoubt[] {
  const { function: reader } = era.reader;
  const entries = requiredEntries(era);
  const isAmong = entries.some(({ names }) => reader === undefined || names.includes(reader));
  const all = isAmong ? entries : [...entries, { side: 'reader' as const, names: [reader as string] }];
  return all.flatMap(({ side, names }) => {
    const name = names.find((one) => base.find(one));
    if (name === undefined || withHelpers([name], base)) return [];
    return {
      code: 'check-not-confirmed',
      subject: name,
      ...reliedOnBy(side),
      message: `${name}() cannot be followed: what it does is not known`,
      ...placed(base, name),
    };
  });
}

/** Entry points of live update alone that nothing leads to any more: what they did is no longer done. */
function unreached({ definition, era, base }: CodeRequest): FoundDoubt[] {
  // A fragment, and a driver that its owner describes, may be called by what is not there; initcalls are by themselves.
  const isWhole = base.hasCode && !ownDefinitions().has(definition.id);
  return era.code.flatMap(({ side, functions }) =>
    functions.flatMap((names) => {
      const piece = entryNames(names)
        .map((name) => base.find(name))
        .find((found) => found);
      const isOwn =
        piece?.kind === 'function' && piece.file.endsWith('.c') && (isWhole || startsAtBoot(piece));
      if (!isOwn || base.isReached(piece.name, piece.file)) return [];
      return {
        code: 'check-not-confirmed' as const,
        subject: piece.name,
        ...reliedOnBy(side),
        message: `nothing calls ${piece.name}(): what it does is not done`,
        ...placed(base, piece.name),
      };
    }),
  );
}

/** An `__init` function without parameters, as initcalls are. */
function startsAtBoot({ tokens, code }: CodePiece): boolean {
  return tokens.slice(0, 6).some(({ text }) => text === '__init') && code?.parameters.length === 0;
}

/** Which side relies on what an entry point does. */
function reliedOnBy(side: RequiredEntry['side']): Pick<FoundDoubt, 'side'> {
  return side === 'both' ? {} : { side: side === 'writer' ? 'writes' : 'reads' };
}

function markerOf(
  { definition, era, base, valueNamed }: CodeRequest,
  marker: Marker,
  doubts: FoundDoubt[],
): Marker {
  const isOthers = (text: string): boolean => {
    const owner = ownerOf(text);
    return owner !== undefined && owner !== definition.id;
  };
  const reading = readMarker({ era, marker, base, valueNamed, isOthers });
  doubts.push(...reading.doubts);
  return reading.marker;
}

/** The component whose marker a text looks like: the one with the longest stem that it begins with. */
function ownerOf(text: string): string | undefined {
  const stems = components().flatMap((definition) =>
    (definition.markerStems ?? []).map((stem) => ({ id: definition.id, stem })),
  );
  const own = stems.filter(({ stem }) => text.startsWith(`${stem}-v`) || text.startsWith(`${stem}_v`));
  return own.sort((one, other) => other.stem.length - one.stem.length)[0]?.id;
}

function nodeOf({ era, state, base }: CodeRequest, node: FdtNode, doubts: FoundDoubt[]): FdtNode {
  const facts = era.fdt.flatMap(({ properties }) => properties);
  const properties = node.properties.map((property) => {
    const own = facts.find((one) => nameOf(one, state) === property.name || spelled(one) === property.macro);
    if (!own) return property;
    const reading = readProperty({ era, facts: own, property, base });
    doubts.push(...reading.doubts);
    return reading.property;
  });
  return { ...node, properties };
}

function spelled(facts: PropertyFacts): string | undefined {
  return 'macro' in facts ? facts.macro : undefined;
}

function nameOf(facts: PropertyFacts, _state: ComponentState): string | undefined {
  return 'name' in facts ? facts.name : undefined;
}

/** Nodes that the reader must look up, and does not. */
function unreadNodes(era: Era, { fdt }: ComponentState, base: CodeBase): FoundDoubt[] {
  const { function: name } = era.reader;
  const way = name === undefined ? undefined : withHelpers([name], base);
  if (!way) return [];
  const texts = new Set(
    callsOf(way.root).flatMap(({ args }) => args.flatMap(({ op, text }) => (op === 'string' ? [text] : []))),
  );
  return fdt
    .filter(
      ({ path, onMissing }) =>
        path.includes('/') && onMissing !== undefined && !path.includes('<') && path !== '/',
    )
    .filter(({ path }) => !texts.has(path.slice(path.lastIndexOf('/') + 1)))
    .map(({ path }) => ({
      code: 'check-not-confirmed',
      subject: path,
      side: 'reads',
      message: `that the node ${path} is looked up does not show in ${name}()`,
      ...placed(base, name),
    }));
}

/** Whether the reader still refuses a blob that is shorter than its struct. */
function isChecked(era: Era, check: Check, base: CodeBase, doubts: FoundDoubt[]): boolean {
  const { function: name } = era.reader;
  const way = name === undefined ? undefined : withHelpers([name], base);
  if (!way) return true;
  const struct = `struct ${base.knownName(check.struct)}`;
  const tests = stepsOf(way.root).flatMap(({ op, value }) =>
    op === 'if' &&
    value &&
    value.args.some(({ op: inner, type }) => inner === 'sizeof-type' && type?.name === struct)
      ? [value]
      : [],
  );
  if (tests.some(({ op, args }) => op === '<' && args[1]?.op === 'sizeof-type')) return true;
  doubts.push({
    code: 'check-not-confirmed',
    subject: check.struct,
    side: 'reads',
    message: `that a blob shorter than ${check.struct} is refused, and a longer one taken, does not show in ${name}()`,
    ...placed(base, name),
  });
  // Another comparison with its size is some check; none is none.
  return tests.length > 0;
}

/** Where a doubt about a function is shown. */
function placed(base: CodeBase, name: string | undefined): Pick<FoundDoubt, 'where'> {
  const where = name === undefined ? undefined : base.placeOf(name);
  return where === undefined ? {} : { where };
}

/** A handler that nothing registers is none. */
function unregistered({ era, state, base }: CodeRequest): Partial<ComponentState> {
  if (state.marker?.carrier !== 'file-handler' || !base.hasCode) return {};
  const handlers = registeredHandlers(era, base);
  const never = { available: 'no', reason: 'its handler is never registered' } as const;
  if (handlers.length === 0) return registrationOf(era, base) === 'never' ? never : {};
  return handlers.some((one) => isRun(one, base) || base.isReached(one.by, one.file)) ? {} : never;
}

/** Whether what registers a handler runs by what its own file says. */
function isRun({ by, file, isAtBoot }: Registered, base: CodeBase): boolean {
  return isAtBoot || base.isCalled(by, file);
}

/** A handler of which the component's own code says nothing, or not when, may be registered elsewhere, or nowhere. */
function registeredElsewhere({ era, state, base }: CodeRequest): FoundDoubt[] {
  if (state.marker?.carrier !== 'file-handler' || !base.hasCode) return [];
  const subject = state.marker.macro ?? 'its handler';
  const code = 'check-not-confirmed';
  if (registrationOf(era, base) === 'absent')
    return [{ code, subject, message: `nothing in its own files registers ${subject}` }];
  const handlers = registeredHandlers(era, base);
  const [first] = handlers;
  if (!first || handlers.some((one) => isRun(one, base)) || !base.isReached(first.by, first.file)) return [];
  const { by } = first;
  const caller = base.callerOf(by, BESIDE_HANDLERS);
  if (caller === undefined)
    return [{ code, subject, message: `nothing that is read calls ${by}(), which registers ${subject}` }];
  const message = `${by}(), which registers ${subject}, is called in ${caller} alone`;
  return [{ code, subject, message, isNote: true, condition: `${caller} calls ${by}() at boot` }];
}
