import { createHash } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { components, type OwnDefinition, withComponents } from '../../components/index.ts';
import { ToolError } from '../../errors.ts';
import { byCodeUnit } from '../../model/canonical.ts';
import { CALLERS_ID } from '../../model/component-state.ts';
import { definitionIn, openComponentFile } from '../../schema/component-file.ts';
import { readTextFile } from '../../schema/validate.ts';
import { faultAt, type WrittenFile } from '../../schema/yaml-file.ts';

// A user's own components: files in the form of those that come with the program, read by the same code and held against them.

const FILE_LIMIT = 256;
/** Headers that are about nothing but what is handed over: that one is there shows something. */
const OWN_HEADER = /^include\/linux\/kho\/|(?:^|\/)(?:kho|luo|liveupdate)[\w-]*\.h$/;

/** A component with the file that it was read from. */
export interface OpenedComponent extends OwnDefinition {
  written: WrittenFile;
}

/**
 * Runs something with the components of a folder, or of one file, beside those in force.
 * @throws ToolError FILE_UNREADABLE, DOCUMENT_INVALID with the line
 */
export function withOwnComponents<T>(path: string, run: () => T): T {
  return withComponents(openOwnComponents(path), run);
}

/** The components of a folder, or of one file. @throws ToolError FILE_UNREADABLE, DOCUMENT_INVALID */
export function openOwnComponents(path: string): OpenedComponent[] {
  const opened = filesAt(path).map(readOne);
  checkSet(opened);
  return opened;
}

function filesAt(path: string): string[] {
  if (isFile(path)) return [path];
  let names: string[];
  try {
    names = readdirSync(path);
  } catch (cause) {
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    throw new ToolError('FILE_UNREADABLE', `${path}: cannot be read (${reason})`, { path, cause });
  }
  const files = names
    .filter((name) => /\.(?:ya?ml|json)$/.test(name))
    .sort(byCodeUnit)
    .map((name) => join(path, name));
  const odd = files.find((file) => !isFile(file));
  if (odd !== undefined) throw new ToolError('FILE_UNREADABLE', `${odd}: not a regular file`, { path: odd });
  if (files.length === 0)
    throw new ToolError('FILE_UNREADABLE', `${path}: holds no component (*.yaml, *.yml, *.json)`, { path });
  if (files.length > FILE_LIMIT)
    throw new ToolError('DOCUMENT_INVALID', `${path}: more than ${FILE_LIMIT} components`, { path });
  return files;
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

function readOne(path: string): OpenedComponent {
  const text = readTextFile(path);
  const written = openComponentFile(text, path);
  const definition = definitionIn(written);
  const sha256 = createHash('sha256').update(text).digest('hex');
  return { definition, file: { name: basename(path), sha256 }, written };
}

/** Components among those in force: each has a name of its own, and what it needs is there and leads nowhere back. */
function checkSet(opened: readonly OpenedComponent[]): void {
  const known = new Map(components().map((definition) => [definition.id, definition] as const));
  const own = new Map<string, OpenedComponent>();
  for (const one of opened) {
    const { definition, written } = one;
    const { id } = definition;
    if (id === CALLERS_ID || known.has(id)) throw faultAt(written, ['id'], `${id} comes with luo-abi`);
    const other = own.get(id);
    if (other) throw faultAt(written, ['id'], `${id} is in ${other.file.name} too`);
    own.set(id, one);
    checkAnchor(one);
  }
  const needsOf = (id: string): string[] =>
    (own.get(id)?.definition ?? known.get(id))?.eras.flatMap(({ needs }) => needs) ?? [];
  for (const { definition, written } of opened) {
    for (const [index, { needs, marker }] of definition.eras.entries()) {
      const at = ['eras', index] as const;
      const named = [...needs, ...[marker.guardedBy, marker.dispatcher].flatMap((id) => id ?? [])];
      const stranger = named.find((id) => !own.has(id) && !known.has(id));
      if (stranger !== undefined) {
        const place = needs.includes(stranger) ? 'needs' : 'marker';
        throw faultAt(written, [...at, place], `no component ${stranger}`);
      }
      for (const need of needs) {
        const way = wayTo(definition.id, need, needsOf);
        if (way) throw faultAt(written, [...at, 'needs'], `a cycle: ${[definition.id, ...way].join(' > ')}`);
      }
      const { dispatcher } = marker;
      if (dispatcher !== undefined && !needs.includes(dispatcher)) {
        const message = `${dispatcher} is not among what the era needs`;
        throw faultAt(written, [...at, 'marker', 'dispatcher'], message);
      }
    }
  }
}

/** The way from a component to another over what each needs; undefined where there is none. */
function wayTo(
  target: string,
  from: string,
  needsOf: (id: string) => readonly string[],
): string[] | undefined {
  const open: string[][] = [[from]];
  const seen = new Set<string>();
  for (let way = open.shift(); way; way = open.shift()) {
    const last = way.at(-1) as string;
    if (last === target) return way;
    if (seen.has(last)) continue;
    seen.add(last);
    for (const need of needsOf(last)) open.push([...way, need]);
  }
  return undefined;
}

/** What shows that a kernel has the component must be something that other kernels lack. */
function checkAnchor({ definition: { anchor, eras }, written }: OpenedComponent): void {
  const others = components();
  const named = (macro: string | undefined, struct: string | undefined): string | undefined =>
    others.find(({ eras: known }) =>
      known.some(
        (era) =>
          (macro !== undefined &&
            (era.marker.macro === macro ||
              era.marker.nameMacro === macro ||
              Object.hasOwn(era.constants, macro))) ||
          (struct !== undefined && Object.hasOwn(era.structs, struct)),
      ),
    )?.id;
  const all = [
    { anchor, keys: ['anchor'] as (number | string)[] },
    ...eras.flatMap(({ recognizedBy }, era) =>
      recognizedBy.length === 1
        ? [{ anchor: recognizedBy[0] as typeof anchor, keys: ['eras', era, 'recognizedBy', 0] }]
        : [],
    ),
  ];
  for (const { anchor: one, keys } of all) {
    const { files, macro, struct, tokens } = one;
    const owner = named(macro, struct);
    if (owner !== undefined && !tokens)
      throw faultAt(written, keys, `matches always: ${macro ?? struct} is of ${owner}`);
    if (macro !== undefined || struct !== undefined || tokens) continue;
    const taken = others.flatMap((other) => [
      ...other.anchor.files,
      ...other.eras.flatMap((era) => era.files),
    ]);
    const common = files.find((file) => !OWN_HEADER.test(file) || taken.includes(file));
    if (common !== undefined)
      throw faultAt(
        written,
        keys,
        `matches always: ${common} may be in every kernel; name a macro, a struct or tokens`,
      );
  }
}
