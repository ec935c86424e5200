import { bareState } from '../model/bare-state.ts';
import type { ComponentDefinition, Era } from '../model/component-definition.ts';
import type { ComponentState } from '../model/component-state.ts';
import type { Doubt, FoundDoubt } from '../model/doubt.ts';
import type { BuildAvailability, Candidate } from './build-availability.ts';
import { availabilityOf } from './build-availability.ts';
import { readConstants } from './build-constants.ts';
import type { BuildContext, BuiltComponent, Reading, SourceFacts } from './build-context.ts';
import { borrowed, contradicted, overruled, spreadOrigins } from './build-context.ts';
import { eraShownBy } from './build-era.ts';
import { readMarker } from './build-marker.ts';
import { readStructs } from './build-structs.ts';
import { readTree } from './build-tree.ts';
import { withDoubts } from './doubts.ts';

// One component of a build. What the build shows is its own, whatever a source says; what it does not show is taken from
// the source of the same release and said to be; without one it is not checked, and no verdict can pass on it.

/** Reads one component out of a build, beside its source where there is one. */
export function componentOfBuild(
  definition: ComponentDefinition,
  context: BuildContext,
  source?: SourceFacts,
): BuiltComponent {
  const known = source && hasFacts(source.state) ? source : undefined;
  const candidate = candidateOf(definition, context, known?.state);
  const absent = absentBySection(definition, context);
  const availability = absent ?? availabilityOf(candidate, context);
  if (known) return readBeside(candidate, known, { availability, context });
  const { era } = candidate;
  const isRead = availability.available === 'yes' && era !== undefined;
  if (source && !isRead) return source;
  if (!isRead) return bare(definition, availability, context);
  const built = read({ ...candidate, era }, context, availability);
  if (!source) return built;
  const message = `${definition.id} is in this build, and ${context.lender} does not have it`;
  return { ...built, state: withDoubts(built.state, [overruled(definition.id, message, context)]) };
}

/** The form of a component that a build is read as: that of its source, else the one that it shows. */
export function candidateOf(
  definition: ComponentDefinition,
  context: BuildContext,
  source: ComponentState | undefined,
): Candidate {
  const known = source && hasFacts(source) ? source : undefined;
  const era = known ? definition.eras.find(({ id }) => id === known.era) : eraShownBy(definition, context);
  return { definition, era, source: known };
}

/** Whether a source says more of a component than that it is not there or not known. */
function hasFacts({ era, marker, structs }: ComponentState): boolean {
  return era !== undefined || marker !== undefined || Object.keys(structs).length > 0;
}

/** What lies in a section of the image is not there where the image was read and has no such section. */
function absentBySection(
  definition: ComponentDefinition,
  { facts }: BuildContext,
): BuildAvailability | undefined {
  const sections = definition.eras.flatMap(({ marker }) => /^section:(.+)$/.exec(marker.carrier)?.[1] ?? []);
  if (sections.length === 0 || !facts.strings || facts.liveupdate) return undefined;
  const reason = `the image has no section ${sections.join(' or ')}`;
  return { available: 'no', reason, options: [], origins: ['section'], inferred: [], isShown: false };
}

function bare(
  { id, eras, boot }: ComponentDefinition,
  { available, reason, options, origins, inferred }: BuildAvailability,
  { declarations }: BuildContext,
): BuiltComponent {
  const none = declarations.hasTypes
    ? `the BTF of the build has not the structs of any form of ${id} that is known`
    : (reason ?? 'nothing at hand says what its data look like');
  const state = bareState({
    available: available === 'no' ? 'no' : 'unknown',
    reason: available === 'no' ? (reason ?? `no ${id}`) : none,
    boot,
    needs: eras[0]?.needs ?? [],
  });
  state.options = options.filter(({ value }) => available !== 'no' || value === 'n');
  if (inferred.length > 0) state.inferred = inferred;
  return { state, fidelity: { all: origins.length > 0 ? origins : ['inferred'] } };
}

/** The facts of a source as the build has them. What is not in the build keeps them, for a configuration to switch on. */
function readBeside(
  candidate: Candidate,
  source: SourceFacts,
  { availability, context }: { availability: BuildAvailability; context: BuildContext },
): BuiltComponent {
  const { available, reason, options, inferred } = availability;
  if (available === 'yes') return read(candidate, context, availability, source);
  const { available: _was, reason: _reason, places, inferred: known = [], ...facts } = source.state;
  const all = [...known, ...inferred];
  const state: ComponentState = {
    available,
    ...(reason !== undefined && { reason }),
    ...facts,
    options,
    ...(all.length > 0 && { inferred: all }),
    places,
  };
  return { state, fidelity: { ...spreadOrigins(source.fidelity), availability: availability.origins } };
}

function read(
  { definition, era, source }: Candidate,
  context: BuildContext,
  availability: BuildAvailability,
  beside?: SourceFacts,
): BuiltComponent {
  const reading: Reading = {
    definition,
    era,
    source,
    context,
    isModule: availability.options.some(({ value }) => value === 'm'),
    origins: spreadOrigins(beside?.fidelity ?? { checks: ['inferred'], code: ['btf'] }),
    doubts: [],
    unchecked: new Set(source?.unchecked),
    inferred: new Set([...(source?.inferred ?? []), ...availability.inferred]),
    confirmed: new Set(),
  };
  reading.origins.availability = [...availability.origins];
  if (context.targets.length !== 1) reading.unchecked.add('the page size of the build');
  if (!source) reading.inferred.add(`the form ${era?.id}, by its structs and strings`);
  if (availability.isShown === false) reading.doubts.push(unshown(reading, availability));
  const structs = readStructs(reading);
  const marker = readMarker(reading);
  const tree = readTree(reading);
  const constants = readConstants(reading);
  const code = codeOf(reading);
  const doubts = source?.doubts?.filter((doubt) => !isSettled(doubt, reading));
  const state: ComponentState = {
    ...(source ?? blank(definition, era as Era)),
    available: 'yes',
    options: availability.options,
    structs,
    constants,
    ...tree,
    code,
    unchecked: [...reading.unchecked].sort(),
    ...(doubts && { doubts }),
    places: source?.places ?? {},
  };
  // A source alone may say why it is not known or not built.
  delete state.reason;
  if (marker) state.marker = marker;
  if (reading.inferred.size > 0) state.inferred = [...reading.inferred].sort();
  return { state: ordered(withDoubts(state, reading.doubts)), fidelity: reading.origins };
}

/** Options that a source alone leaves open, the types of a build do not. */
function isSettled({ code, subject }: Doubt, { confirmed }: Reading): boolean {
  return code === 'config-dependent' && confirmed.has(subject);
}

function unshown({ definition, context }: Reading, { options }: BuildAvailability): FoundDoubt {
  const set = options.map(({ name }) => name).join(', ');
  const message = `${set || 'every option'} ${options.length > 1 ? 'are' : 'is'} set in ${context.facts.config?.path}, and the build shows nothing of ${definition.id}`;
  return contradicted(definition.id, message, context);
}

/** The facts of a form that no build says and that its data has: who needs what, what a reader does. */
function blank({ boot }: ComponentDefinition, { id, needs, checks, reader }: Era): ComponentState {
  return {
    ...bareState({ available: 'unknown', reason: '', boot, needs }),
    era: id,
    checks: checks.map((check) => ({ ...check })),
    reader: { ...reader },
  };
}

/** What a function does no build shows. */
function codeOf({ source, era, context, doubts }: Reading): ComponentState['code'] {
  const known = source?.code ?? [];
  if (known.some(({ hash }) => hash !== undefined)) {
    doubts.push(borrowed('code', context, 'what its functions do'));
  }
  if (source) return known;
  return (era?.code ?? [])
    .flatMap(({ side, functions }) =>
      functions.map((names) => ({ side, function: typeof names === 'string' ? names : names[0] })),
    )
    .sort((a, b) => (a.function < b.function ? -1 : 1));
}

/** Documents have their keys in one order, whichever way they were made. */
function ordered(state: ComponentState): ComponentState {
  const {
    available,
    reason,
    era,
    options,
    boot,
    needs,
    marker,
    structs,
    constants,
    fdt,
    fdtUnread,
    checks,
    reader,
    code,
    values,
    kept,
    roundTrips,
    calls,
    widths,
    unchecked,
    inferred,
    doubts,
    places,
  } = state;
  return {
    available,
    ...(reason !== undefined && { reason }),
    ...(era !== undefined && { era }),
    options,
    ...(boot !== undefined && { boot }),
    needs,
    ...(marker && { marker }),
    structs,
    constants,
    fdt,
    ...(fdtUnread !== undefined && { fdtUnread }),
    checks,
    ...(reader && { reader }),
    code,
    ...(values && { values }),
    ...(kept && { kept }),
    ...(roundTrips && { roundTrips }),
    ...(calls && { calls }),
    ...(widths && { widths }),
    unchecked,
    ...(inferred && { inferred }),
    ...(doubts && doubts.length > 0 && { doubts }),
    places,
  };
}
