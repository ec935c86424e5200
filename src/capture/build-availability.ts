import type { ComponentDefinition, Era } from '../model/component-definition.ts';
import type { ComponentState, OptionState } from '../model/component-state.ts';
import type { FactOrigin } from '../model/fidelity.ts';
import type { BuildContext } from './build-context.ts';

// Whether a component is in a build. A configuration decides; beside it, and where there is none, the structs of its BTF
// and the strings of its image show it. Functions are asked last, and only those that no compiler can inline.

/** A component, the form of it that is looked for, and what a source says. */
export interface Candidate {
  definition: ComponentDefinition;
  era: Era | undefined;
  source?: ComponentState | undefined;
}

export interface BuildAvailability {
  available: 'no' | 'unknown' | 'yes';
  reason?: string;
  options: OptionState[];
  origins: FactOrigin[];
  inferred: string[];
  /** What the build shows although the configuration has it on: false where it should and does not. */
  isShown: boolean | undefined;
}

/** Why a component of a build is unknown whose source is known. */
export const NOT_TOLD = 'neither a configuration nor BTF says whether it is built';

/** Whether a build has a component, by what of it decides. */
export function availabilityOf(candidate: Candidate, context: BuildContext): BuildAvailability {
  const options = optionsOf(candidate, context);
  const off = options.find(({ value }) => value !== undefined && value !== 'y' && value !== 'm');
  const base = { options, inferred: [] as string[] };
  if (off) {
    const reason = `${off.name} is not set`;
    return { ...base, available: 'no', reason, origins: ['config'], isShown: undefined };
  }
  const shown = evidenceOf(candidate, context);
  return context.facts.config
    ? withConfig(candidate, { ...base, shown }, context)
    : withoutConfig(candidate, { ...base, shown }, context);
}

interface Shown {
  options: OptionState[];
  inferred: string[];
  shown: Evidence;
}

function withConfig(
  { definition, source }: Candidate,
  { options, shown }: Shown,
  { facts }: BuildContext,
): BuildAvailability {
  const told = { options, inferred: [], isShown: shown.isShown };
  const isModule = options.some(({ value }) => value === 'm');
  if (shown.isShown === true) return { ...told, available: 'yes', origins: ['config', ...shown.origins] };
  // A source of this kernel has it, so that its options are what decides.
  if (source)
    return { ...told, available: 'yes', origins: ['config'], ...(isModule && { isShown: undefined }) };
  if (shown.isShown === false && !isModule) {
    const reason = `${shown.lacks} of ${definition.id}`;
    return {
      ...told,
      available: 'no',
      reason,
      origins: shown.origins,
      inferred: [`${definition.id} is not there`],
    };
  }
  const on = options.map(({ name }) => name).join(', ');
  const path = facts.config?.path;
  const set = `${on || 'every option'} ${options.length > 1 ? 'are' : 'is'} set in ${path}`;
  const reason = `${set}, so that it is built, but nothing at hand says what its data look like; give the base: capture ${path} SOURCE`;
  return { ...told, available: 'unknown', reason, origins: ['config'] };
}

function withoutConfig(
  { definition, source }: Candidate,
  { options, shown }: Shown,
  { shownOptions }: BuildContext,
): BuildAvailability {
  const told = { options, inferred: [] as string[], isShown: shown.isShown };
  if (shown.isShown === true) return { ...told, available: 'yes', origins: shown.origins };
  // What shows nothing of its own is built where something is that was built under the same options.
  const isImplied =
    source !== undefined && options.length > 0 && options.every(({ name }) => shownOptions.has(name));
  if (isImplied && shown.isShown === undefined) {
    return { ...told, available: 'yes', origins: ['inferred', ...ANY_EVIDENCE] };
  }
  if (shown.isShown === undefined) {
    return { ...told, available: 'unknown', reason: NOT_TOLD, origins: ['inferred'] };
  }
  const own = options.find(({ name }) => !shownOptions.has(name));
  const none = `${shown.lacks} of ${definition.id}`;
  return {
    ...told,
    available: 'no',
    reason: own ? `${own.name} is not set, as it seems: ${none}` : none,
    options: options.map((option) => (option === own ? { ...option, value: 'n' } : option)),
    origins: ['inferred', ...shown.origins],
    inferred: [own ? `${own.name} is not set` : `${definition.id} is not there`],
  };
}

const ANY_EVIDENCE: readonly FactOrigin[] = ['btf'];

/** The options of the form that is looked for, or those that all forms have; with values where there is a configuration. */
function optionsOf({ definition, era, source }: Candidate, { facts }: BuildContext): OptionState[] {
  const values = facts.config?.values;
  const names = era?.options ?? source?.options.map(({ name }) => name) ?? commonOptions(definition);
  return names.map((name) => ({ name, ...(values && { value: values.get(name) ?? 'n' }) }));
}

/** Options that every form of a component is built under. */
function commonOptions({ eras }: ComponentDefinition): string[] {
  const [first, ...others] = eras.map(({ options }) => options);
  return (first ?? []).filter((option) => others.every((options) => options.includes(option)));
}

interface Evidence {
  /** Undefined where nothing at hand could show it. */
  isShown: boolean | undefined;
  origins: FactOrigin[];
  /** What could show it and does not, in words: `the build has none of the structs`. */
  lacks: string;
}

/** What the types, strings and entry points of a build say. */
function evidenceOf(candidate: Candidate, context: BuildContext): Evidence {
  const found: [origin: FactOrigin, isShown: boolean | undefined, what: string][] = [
    ['btf', byStructs(candidate, context), 'its BTF has none of the structs'],
    ['rodata', byMarker(candidate, context), 'its image has none of the marker strings'],
  ];
  const shown = found.filter(([, isShown]) => isShown === true).map(([origin]) => origin);
  if (shown.length > 0) return { isShown: true, origins: shown, lacks: '' };
  const { entryPoints = [] } = candidate.definition;
  const entry = entryPoints.length === 0 ? undefined : context.declarations.hasSomeFunction(entryPoints);
  if (entry) return { isShown: true, origins: ['btf'], lacks: '' };
  const lacking = found.filter(([, isShown]) => isShown === false);
  const origins = [...new Set(lacking.map(([origin]) => origin))];
  if (lacking.length > 0)
    return { isShown: false, origins, lacks: lacking.map(([, , what]) => what).join(' and ') };
  if (entry === false)
    return { isShown: false, origins: ['btf'], lacks: 'its BTF has none of the entry points' };
  return { isShown: undefined, origins: [], lacks: '' };
}

/** Structs without which no form, or not this one, can be: all there, none there, or neither. */
function byStructs({ definition, era }: Candidate, { declarations }: BuildContext): boolean | undefined {
  if (!declarations.hasTypes) return undefined;
  const eras = era ? [era] : definition.eras;
  const needed = eras.map(requiredStructs).filter((names) => names.length > 0);
  if (needed.length < eras.length || needed.length === 0) return undefined;
  const there = needed.map((names) => names.filter((name) => declarations.layouts(name).length > 0).length);
  if (there.some((count, index) => count === needed[index]?.length)) return true;
  return there.every((count) => count === 0) ? false : undefined;
}

/** Names of the structs that an era cannot do without. */
export function requiredStructs({ structs }: Era): string[] {
  return Object.entries(structs).flatMap(([name, { optional, targets }]) =>
    optional || targets ? [] : [name],
  );
}

function byMarker({ definition, source }: Candidate, { strings }: BuildContext): boolean | undefined {
  if (!strings || (definition.markerStems ?? []).length === 0) return undefined;
  if (strings.markers(definition).length > 0) return true;
  const written = source?.marker?.writes;
  // The end of a longer string may be one, or not.
  if (typeof written === 'string' && strings.standing(written) === 'end') return undefined;
  return hasMarkerString(definition) ? false : undefined;
}

/** Whether every form has a marker that is a string with a version in it. */
function hasMarkerString({ eras }: ComponentDefinition): boolean {
  return eras.every(({ marker }) => marker.macro !== undefined && marker.nameMacro === undefined);
}

/** Options of components that a build shows, where no configuration says them. */
export function shownOptions(candidates: readonly Candidate[], context: BuildContext): Set<string> {
  const shown = candidates.filter((candidate) => evidenceOf(candidate, context).isShown === true);
  return new Set(shown.flatMap((candidate) => optionsOf(candidate, context).map(({ name }) => name)));
}
