import type { ComponentDefinition, Era } from '../components/define.ts';
import type { CaptureDocument } from '../model/capture.ts';
import type { ComponentState } from '../model/component-state.ts';
import type { FoundDoubt } from '../model/doubt.ts';
import type { FactOrigin, Fidelity } from '../model/fidelity.ts';
import { FACT_KINDS } from '../model/fidelity.ts';
import type { Layout, Member } from '../model/layout.ts';
import type { Marker } from '../model/marker.ts';
import type { Target } from '../model/target.ts';
import { forTarget } from '../model/target.ts';
import type { BuildContext, BuiltComponent } from './bare-build.ts';
import { ENOUGH_FUNCTIONS, functionsOf } from './bare-build.ts';
import type { BuildDeclarations } from './build-declarations.ts';
import { withBuildConfig } from './configured.ts';
import { withDoubts } from './doubts.ts';
import { markerPattern } from './marker-strings.ts';

// What the source of a kernel says of a component, held against the build of the same kernel: the configuration says
// whether it is built, BTF has the same layouts, the image the same marker. A contradiction is written down with both sides.

/** Restricts and confirms what the source says. The source's facts stand; what the build says otherwise is a doubt. */
export function confirmByBuild(
  definition: ComponentDefinition,
  source: { state: ComponentState; fidelity: Fidelity },
  context: BuildContext,
): BuiltComponent {
  const confirmation = { fidelity: spread(source.fidelity), doubts: [], unchecked: [] };
  const era = definition.eras.find(({ id }) => id === source.state.era);
  const state = availability(source.state, { context, era }, confirmation);
  if (isThere(state)) {
    confirmTarget(state, { context, era }, confirmation);
    confirmMarker(definition, state, context, confirmation);
  }
  return { state: confirmed(state, confirmation), fidelity: confirmation.fidelity };
}

function isThere({ available }: ComponentState): boolean {
  return available === 'yes' || available === 'buildable';
}

function confirmed(state: ComponentState, { doubts, unchecked }: Confirmation): ComponentState {
  const open = [...new Set([...state.unchecked, ...unchecked])].sort();
  return withDoubts({ ...state, unchecked: open }, doubts);
}

/** A component's build, and the form of the component that its source was recognized as. */
interface Built {
  context: BuildContext;
  era: Era | undefined;
}

type Origins = { [Kind in (typeof FACT_KINDS)[number]]: FactOrigin[] };

function spread(fidelity: Fidelity): Origins {
  const entries = FACT_KINDS.map((kind) => [kind, [...(fidelity[kind] ?? fidelity.all ?? [])]]);
  return Object.fromEntries(entries) as Origins;
}

interface Confirmation {
  fidelity: Origins;
  doubts: FoundDoubt[];
  unchecked: string[];
}

function disagreement(subject: string, message: string): FoundDoubt {
  return { code: 'source-disagrees', subject, message };
}

/** A difference of a declaration, which its text names first. */
function differing(message: string): FoundDoubt {
  return disagreement(message.split(' ', 1)[0] ?? message, message);
}

function availability(
  state: ComponentState,
  { context: { facts, declarations, shownOptions }, era }: Built,
  { fidelity, doubts }: Confirmation,
): ComponentState {
  const names = era ? functionsOf(era) : [];
  const isBuilt = names.length === 0 ? undefined : declarations.hasSomeFunction(names);
  const none = `the BTF of the build has none of ${names.join(', ')}`;
  if (facts.config) {
    fidelity.availability = ['config'];
    const configured = withBuildConfig(state, facts.config.values);
    if (!isThere(configured)) return configured;
    if (isBuilt === true) fidelity.availability.push('btf');
    if (isBuilt === false && names.length >= ENOUGH_FUNCTIONS) {
      const options = configured.options.map(({ name }) => name).join(', ');
      doubts.push(
        disagreement(
          options || 'options',
          `${options || 'every option'} is set in ${facts.config.path}, and ${none}`,
        ),
      );
    }
    return configured;
  }
  if (state.available !== 'buildable') return state;
  fidelity.availability = isBuilt ? ['btf'] : ['inferred', 'btf'];
  if (isBuilt) return { ...state, available: 'yes' };
  if (isBuilt === undefined || names.length < ENOUGH_FUNCTIONS) {
    // What has no functions of its own is built where something is that was built under the same options.
    const isShown = state.options.length > 0 && state.options.every(({ name }) => shownOptions.has(name));
    return isShown ? { ...state, available: 'yes' } : { ...state, available: 'unknown', reason: NOT_TOLD };
  }
  const [option] = state.options;
  return {
    ...state,
    available: 'no',
    reason: option ? `${option.name} is not set, as it seems: ${none}` : none,
    options: state.options.map((each) => (each === option ? { ...each, value: 'n' } : each)),
    inferred: [...(state.inferred ?? []), option ? `${option.name} is not set` : 'it is not built'],
  };
}

/** Why a component of a build is unknown whose source is known. */
export const NOT_TOLD = 'neither a configuration nor BTF says whether it is built';

/** Options of components of which a build has some function. */
export function shownOptions(
  definitions: readonly ComponentDefinition[],
  source: CaptureDocument,
  declarations: BuildDeclarations,
): Set<string> {
  const built = definitions.flatMap(({ id, eras }) => {
    const state = source.components[id];
    const era = eras.find((each) => each.id === state?.era);
    return state && era && declarations.hasSomeFunction(functionsOf(era)) === true ? state.options : [];
  });
  return new Set(built.map(({ name }) => name));
}

/** What depends on the target: held against each that the build may be. Where that is more than one, none is certain. */
function confirmTarget(state: ComponentState, built: Built, confirmation: Confirmation): void {
  const { targets, declarations } = built.context;
  if (targets.length > 1) confirmation.unchecked.push('the page size of the build');
  if (!declarations.hasTypes) return;
  const found = targets.map((target) => comparedOn(state, target, declarations));
  const [first] = found;
  if (found.every(({ differences }) => differences.length > 0)) {
    confirmation.doubts.push(...(first?.differences ?? []).map(differing));
  }
  if (first?.structs) confirmation.fidelity.structs.push('btf');
  if (first?.constants) confirmation.fidelity.constants.push('btf');
  for (const [name, { optional }] of Object.entries(built.era?.structs ?? {})) {
    const isMissing = name in state.structs && declarations.layouts(name).length === 0;
    if (isMissing && !optional) confirmation.unchecked.push(name);
  }
}

/** Whether some struct and some constant of a component are in a build, and where they differ on a target. */
function comparedOn(
  { structs, constants }: ComponentState,
  target: Target,
  declarations: BuildDeclarations,
): { differences: string[]; structs: boolean; constants: boolean } {
  const found = { differences: [] as string[], structs: false, constants: false };
  for (const [name, state] of Object.entries(structs)) {
    const layout = forTarget(state.layout, target);
    const built = declarations.layouts(name);
    if (!layout || built.length === 0) continue;
    found.structs = true;
    const each = built.map((one) => layoutDifferences(name, layout, one.layout));
    if (each.every(({ length }) => length > 0)) found.differences.push(...(each[0] ?? []));
  }
  for (const [name, state] of Object.entries(constants)) {
    const value = forTarget(state.value, target);
    const built = declarations.enumerator(name);
    if (value === undefined || built === undefined) continue;
    found.constants = true;
    if (String(value) === String(built)) continue;
    found.differences.push(`${name} is ${value} in the source and ${built} in the build`);
  }
  return found;
}

/** Where two layouts of one struct are not the same bytes, in words. */
export function layoutDifferences(name: string, source: Layout, built: Layout): string[] {
  const differences: string[] = [];
  if (source.size !== built.size) {
    differences.push(`${name} has ${source.size} bytes in the source and ${built.size} in the build`);
  }
  const builtByName = new Map(built.members.map((member) => [member.name, member]));
  for (const member of source.members) {
    const other = builtByName.get(member.name);
    builtByName.delete(member.name);
    if (!other) differences.push(`${name}.${member.name} is in the source and not in the build`);
    else if (placeOf(member) !== placeOf(other)) {
      differences.push(
        `${name}.${member.name} is ${placeOf(member)} in the source and ${placeOf(other)} in the build`,
      );
    }
  }
  for (const missing of builtByName.keys()) {
    differences.push(`${name}.${missing} is in the build and not in the source`);
  }
  return differences;
}

function placeOf({ bitOffset, bitSize, encoding }: Member): string {
  return `${oneDimension(encoding)}, ${bitSize} bits at bit ${bitOffset}`;
}

/** BTF may have one dimension where the source has several: `u8[6]` for `u8[2][3]`. */
function oneDimension(encoding: string): string {
  return encoding.replace(/(?:\[\d+\]){2,}/, (dimensions) => {
    const lengths = [...dimensions.matchAll(/\d+/g)].map(Number);
    return `[${lengths.reduce((product, length) => product * length, 1)}]`;
  });
}

function confirmMarker(
  definition: ComponentDefinition,
  state: ComponentState,
  { facts }: BuildContext,
  { fidelity, doubts }: Omit<Confirmation, 'unchecked'>,
): void {
  const pattern = markerPattern(definition);
  const written = state.marker?.writes;
  if (!pattern || typeof written !== 'string') return;
  const strings = facts.strings?.(pattern);
  const accepted = (state.marker?.accepts ?? []).map(({ value }) => value);
  const others = strings?.filter((text) => !accepted.includes(text)) ?? [];
  const isThere = strings?.includes(written) || (others.length === 0 && isAnEnd(written, facts));
  if (isThere && others.length === 0) fidelity.marker.push('rodata');
  else if (strings) {
    const found = strings.length === 0 ? 'no such string' : strings.join(', ');
    doubts.push(disagreement('marker', `the marker is ${written} in the source, and the image has ${found}`));
  }
  const { handedOver } = facts;
  if (handedOver && state.marker?.carrier === 'fdt:KHO:/') {
    const told = handedOver.compatible.join(', ') || 'nothing';
    if (handedOver.compatible.includes(written)) fidelity.marker.push('handover');
    else {
      const message = `the marker is ${written} in the source, and the running kernel hands over ${told}`;
      doubts.push(disagreement('marker', message));
    }
  }
  confirmSection(pattern, state.marker as Marker, { facts, fidelity, doubts });
}

/** Linkers let one string be the end of another: `pci-v1` may lie in `vfio-pci-v1`. */
function isAnEnd(text: string, { strings }: BuildContext['facts']): boolean {
  return (strings?.(new RegExp(`${text.replace(/[^\w-]/g, '\\$&')}$`)) ?? []).length > 0;
}

/** The list of what a kernel says it accepts, where its build carries one, against the list of the source. */
function confirmSection(
  pattern: RegExp,
  { accepts }: Marker,
  { facts, fidelity, doubts }: Omit<Confirmation, 'unchecked'> & Pick<BuildContext, 'facts'>,
): void {
  const listed = facts.liveupdate?.versions.filter((version) => pattern.test(version)) ?? [];
  if (listed.length === 0) return;
  const known = accepts.flatMap(({ value }) => (typeof value === 'string' ? [value] : []));
  const isSame = listed.length === known.length && listed.every((version) => known.includes(version));
  if (isSame) fidelity.marker.push('section');
  else {
    const message = `the source accepts ${known.join(', ')}, and the image's .liveupdate_versions lists ${listed.join(', ')}`;
    doubts.push(disagreement('marker', message));
  }
}
