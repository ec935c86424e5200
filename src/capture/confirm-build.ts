import type { ComponentDefinition } from '../components/define.ts';
import type { ComponentState } from '../model/component-state.ts';
import type { FactOrigin, Fidelity } from '../model/fidelity.ts';
import { FACT_KINDS } from '../model/fidelity.ts';
import type { Layout, Member } from '../model/layout.ts';
import type { Marker } from '../model/marker.ts';
import { forTarget } from '../model/target.ts';
import type { BuildContext, BuiltComponent } from './bare-build.ts';
import { withBuildConfig } from './configured.ts';
import { markerPattern } from './marker-strings.ts';

// What the source of a kernel says of a component, held against the build of the same kernel: the configuration says
// whether it is built, BTF has the same layouts, the image the same marker. A contradiction is written down with both sides.

/** Restricts and confirms what the source says. The source's facts stand; what the build says otherwise is a disagreement. */
export function confirmByBuild(
  definition: ComponentDefinition,
  source: { state: ComponentState; fidelity: Fidelity },
  context: BuildContext,
): BuiltComponent {
  const fidelity = spread(source.fidelity);
  const disagreements: string[] = [];
  const state = booted(availability(source.state, context, fidelity), context.facts);
  if (state.available === 'yes' || state.available === 'buildable') {
    confirmStructs(state, context, { fidelity, disagreements });
    confirmMarker(definition, state, context, { fidelity, disagreements });
  }
  const all = [...(state.disagreements ?? []), ...disagreements];
  return { state: { ...state, ...(all.length > 0 && { disagreements: all }) }, fidelity };
}

type Origins = { [Kind in (typeof FACT_KINDS)[number]]: FactOrigin[] };

function spread(fidelity: Fidelity): Origins {
  const entries = FACT_KINDS.map((kind) => [kind, [...(fidelity[kind] ?? fidelity.all ?? [])]]);
  return Object.fromEntries(entries) as Origins;
}

interface Confirmation {
  fidelity: Origins;
  disagreements: string[];
}

function availability(
  state: ComponentState,
  { facts, declarations }: BuildContext,
  fidelity: Origins,
): ComponentState {
  if (facts.config) {
    fidelity.availability = ['config'];
    return withBuildConfig(state, facts.config.values);
  }
  if (state.available !== 'buildable') return state;
  const names = state.code.map((code) => code.function);
  const isBuilt = names.length === 0 ? undefined : declarations.hasSomeFunction(names);
  if (isBuilt === undefined) return state;
  fidelity.availability = isBuilt ? ['btf'] : ['inferred', 'btf'];
  if (isBuilt) return { ...state, available: 'yes' };
  const [option] = state.options;
  const none = `the BTF of the build has none of ${names.join(', ')}`;
  return {
    ...state,
    available: 'no',
    reason: option ? `${option.name} is not set, as it seems: ${none}` : none,
    options: state.options.map((each) => (each === option ? { ...each, value: 'n' } : each)),
    inferred: [...(state.inferred ?? []), option ? `${option.name} is not set` : 'it is not built'],
  };
}

/** A value that switches a boot parameter on (kstrtobool in lib/kstrtox.c). */
const ON = /^(?:1|on|t|true|y|yes)$/i;

/** A running kernel does not do what its command line left off, however it was built. */
function booted(
  state: ComponentState,
  { commandLine, config, handedOver }: BuildContext['facts'],
): ComponentState {
  const [name = ''] = state.boot?.split('=') ?? [];
  if (commandLine === undefined || name === '' || state.available === 'no') return state;
  const given = commandLine.split(/\s+/).filter((word) => word.startsWith(`${name}=`));
  const isOn = ON.test(given.at(-1)?.slice(name.length + 1) ?? '');
  const isDefault = config?.values.get('CONFIG_KEXEC_HANDOVER_ENABLE_DEFAULT') === 'y' && given.length === 0;
  if (isOn || (name === 'kho' && (isDefault || handedOver))) return state;
  return { ...state, available: 'no', reason: `the running kernel was booted without ${state.boot}` };
}

function confirmStructs(
  state: ComponentState,
  { declarations, targets }: BuildContext,
  { fidelity, disagreements }: Confirmation,
): void {
  const [target] = targets;
  if (!declarations.hasTypes || target === undefined || targets.length > 1) return;
  let confirmed = 0;
  const names = Object.keys(state.structs);
  for (const name of names) {
    const layout = state.structs[name] && forTarget(state.structs[name].layout, target);
    const built = declarations.layouts(name);
    if (!layout || built.length === 0) continue;
    confirmed += 1;
    const differences = built.map((each) => layoutDifferences(name, layout, each.layout));
    if (differences.every(({ length }) => length > 0)) disagreements.push(...(differences[0] ?? []));
  }
  if (confirmed > 0) fidelity.structs.push('btf');
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
  { fidelity, disagreements }: Confirmation,
): void {
  const pattern = markerPattern(definition);
  const written = state.marker?.writes;
  if (!pattern || typeof written !== 'string') return;
  const strings = facts.strings?.(pattern);
  if (facts.strings?.(endingIn(written)).length) fidelity.marker.push('rodata');
  else if (strings) {
    const found = strings.length === 0 ? 'no such string' : strings.join(', ');
    disagreements.push(`the marker is ${written} in the source, and the image has ${found}`);
  }
  const { handedOver } = facts;
  if (handedOver && state.marker?.carrier === 'fdt:KHO:/') {
    const told = handedOver.compatible.join(', ') || 'nothing';
    if (handedOver.compatible.includes(written)) fidelity.marker.push('handover');
    else
      disagreements.push(`the marker is ${written} in the source, and the running kernel hands over ${told}`);
  }
  confirmSection(pattern, state.marker as Marker, { facts, fidelity, disagreements });
}

/** Linkers let one string be the end of another: `pci-v1` may lie in `vfio-pci-v1`. */
function endingIn(text: string): RegExp {
  return new RegExp(`${text.replace(/[^\w-]/g, '\\$&')}$`);
}

/** The list of what a kernel says it accepts, where its build carries one, against the list of the source. */
function confirmSection(
  pattern: RegExp,
  { accepts }: Marker,
  { facts, fidelity, disagreements }: Confirmation & Pick<BuildContext, 'facts'>,
): void {
  const listed = facts.liveupdate?.versions.filter((version) => pattern.test(version)) ?? [];
  if (listed.length === 0) return;
  const known = accepts.flatMap(({ value }) => (typeof value === 'string' ? [value] : []));
  const isSame = listed.length === known.length && listed.every((version) => known.includes(version));
  if (isSame) fidelity.marker.push('section');
  else {
    disagreements.push(
      `the source accepts ${known.join(', ')}, and the image's .liveupdate_versions lists ${listed.join(', ')}`,
    );
  }
}
