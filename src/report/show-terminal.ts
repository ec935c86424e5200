import { fidelityText } from '../model/fidelity.ts';
import type { Layout, Member } from '../model/layout.ts';
import type { ShownComponent, ShowOutput } from '../model/outputs.ts';
import type { ShownUapi } from '../model/uapi.ts';
import { ioctlText } from '../model/uapi.ts';
import type { RenderOptions } from './style.ts';

/** What one kernel says of its components: markers, layouts, constants, tree, and where each stands. */
export function renderShow(shown: ShowOutput, options: RenderOptions): string {
  const { chalk } = options;
  const { release, base, vendor, date, target, origin, provenance } = shown;
  const from = provenance.package
    ? `${provenance.name} (${provenance.package.name} ${provenance.package.version})`
    : provenance.name;
  const lines = [
    `${chalk.bold(release)} on ${target}: base ${base}${vendor ? `, vendor ${vendor}` : ''}${date ? `, ${date}` : ''}`,
    `  ${origin} from ${provenance.kind} ${from}, ${provenance.files.length} files`,
    ...(provenance.others ?? []).map(({ kind, name }) => `  and from ${kind} ${name}`),
    ...(provenance.note ? [`  ${provenance.note}`] : []),
    ...shown.findings.map(
      ({ code, message, where }) => `  ${chalk.yellow(code)} ${message}${where ? ` (${where})` : ''}`,
    ),
    ...Object.entries(shown.components).flatMap(([id, component]) => renderComponent(id, component, options)),
    ...renderUapi(shown, options),
    ...renderTests(shown, options),
  ];
  return `${lines.join('\n')}\n`;
}

/** What programs may ask of the kernel. */
function renderUapi({ uapi }: ShowOutput, { chalk }: RenderOptions): string[] {
  if (uapi === undefined) return [];
  if (uapi === null) return ['', `${chalk.bold('uAPI')}  not captured`];
  const { file, from, ioctls, structs, constants } = uapi;
  if (!file) return ['', `${chalk.bold('uAPI')}  none: the kernel has no header for it`];
  const at = (line: number): string => place(`${file.path}:${line}`, chalk);
  return [
    '',
    `${chalk.bold('uAPI')}  ${offerText(uapi)}${from === undefined ? '' : `  as ${from} declares it`}`,
    ...Object.entries(ioctls).map(
      ([name, ioctl]) => `  ioctl      ${name} ${ioctlText(ioctl, structs)}${at(ioctl.line)}`,
    ),
    ...Object.entries(constants).map(([name, value]) => `  constant   ${name} = ${JSON.stringify(value)}`),
    ...Object.entries(structs).flatMap(([name, layout]) => renderLayout(name, layout, chalk)),
  ];
}

function offerText({ available, reason }: ShownUapi): string {
  if (available === 'yes') return 'offered to programs';
  if (available === 'no') return `declared and not offered: ${reason ?? 'not built'}`;
  if (available === 'unknown')
    return `declared; whether it is offered is not known: ${reason ?? 'no reason'}`;
  return 'offered to programs where it is built';
}

const OPEN = { inferred: 'inferred', unchecked: 'not checked' };

/** The tests that the kernel took part in, oldest first. */
function renderTests({ evidence = [] }: ShowOutput, { chalk }: RenderOptions): string[] {
  if (evidence.length === 0) return [];
  const rows = evidence.map(({ outgoing, incoming, profile, outcome, date, changed }) => {
    const note = changed === undefined ? '' : '  (a changed kernel)';
    return `  ${`${outgoing} -> ${incoming}`.padEnd(22)} ${profile.padEnd(8)} ${outcome.padEnd(18)} ${date}${note}`;
  });
  return ['', `${chalk.bold('tests')}  ${evidence.length} recorded`, ...rows];
}

function renderComponent(id: string, component: ShownComponent, { chalk }: RenderOptions): string[] {
  const { available, reason, options, needs, fidelity } = component;
  const state = `${available}${reason ? ` (${reason})` : ''}`;
  const option = options.map(({ name, value }) => (value ? `${name}=${value}` : name)).join(' ');
  return [
    '',
    `${chalk.bold(id)}  ${state}${needs.length > 0 ? `  needs ${needs.join(', ')}` : ''}`,
    ...(option === '' ? [] : [`  options    ${option}`]),
    ...renderMarker(component, chalk),
    ...renderConstants(component, chalk),
    ...renderFdt(component),
    ...Object.entries(component.layouts).flatMap(([name, layout]) => renderLayout(name, layout, chalk)),
    `  facts      ${fidelityText(fidelity)}`,
    ...(['inferred', 'unchecked'] as const).flatMap((kind) =>
      component[kind].length > 0 ? [`  ${OPEN[kind]}: ${component[kind].join(', ')}`] : [],
    ),
    ...component.doubts.map(({ code, message }) => `  in doubt   ${chalk.yellow(code)} ${message}`),
  ];
}

function renderMarker({ marker }: ShownComponent, chalk: RenderOptions['chalk']): string[] {
  if (!marker) return [];
  const writes = marker.guardedBy
    ? `under the marker of ${marker.guardedBy}`
    : `writes ${JSON.stringify(marker.writes)}, accepts ${JSON.stringify(marker.accepts)}`;
  const macro = marker.macro ? `  ${marker.macro}` : '';
  return [`  marker     ${marker.kind}: ${writes}${macro}${place(marker.where, chalk)}`];
}

function renderConstants({ constants, where }: ShownComponent, chalk: RenderOptions['chalk']): string[] {
  return Object.entries(constants).map(
    ([name, value]) =>
      `  constant   ${name} = ${JSON.stringify(value)}${place(where[`constant ${name}`], chalk)}`,
  );
}

function renderFdt({ fdt }: ShownComponent): string[] {
  return Object.entries(fdt).map(([path, properties]) => {
    const listed = Object.entries(properties).map(([name, type]) => `${name}: ${type}`);
    return `  node       ${path}${listed.length > 0 ? `  ${listed.join(', ')}` : ''}`;
  });
}

function renderLayout(
  name: string,
  layout: Layout & { where?: string },
  chalk: RenderOptions['chalk'],
): string[] {
  const packed = layout.packed ? ' packed' : '';
  const head = `  ${layout.kind} ${name}: ${layout.size} bytes, align ${layout.align}${packed}${place(layout.where, chalk)}`;
  return [head, ...layout.members.flatMap((member) => renderMember(member, 4))];
}

function renderMember({ name, bitOffset, bitSize, type, members }: Member, indent: number): string[] {
  const bits =
    bitOffset % 8 === 0 && bitSize % 8 === 0
      ? String(bitOffset / 8)
      : `${Math.floor(bitOffset / 8)}:${bitOffset % 8}`;
  const size = bitSize % 8 === 0 ? `${bitSize / 8}` : `${bitSize} bits`;
  const line = `${' '.repeat(indent)}${bits.padStart(6)}  ${size.padStart(7)}  ${type} ${name}`;
  return [line, ...(members ?? []).flatMap((member) => renderMember(member, indent + 2))];
}

function place(where: string | undefined, chalk: RenderOptions['chalk']): string {
  return where === undefined ? '' : chalk.dim(`  ${where}`);
}
