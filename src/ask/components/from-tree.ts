import { createRequire } from 'node:module';
import { findComponent, type MissingDeclaration } from '../../capture/check-component.ts';
import { openKernelSource } from '../../capture/open.ts';
import { proposeComponents } from '../../capture/propose.ts';
import { DeclarationReader } from '../../capture/reader.ts';
import { initParser } from '../../cdecl/index.ts';
import { withComponents } from '../../components/index.ts';
import { ToolError } from '../../errors.ts';
import type { ComponentCheckOutput, FoundDeclaration } from '../../model/component-check.ts';
import type { ComponentDefinition, Era } from '../../model/component-definition.ts';
import { COMPONENT_SCHEMA_VERSION } from '../../model/component-definition.ts';
import type { ComponentState } from '../../model/component-state.ts';
import { nearest } from '../../model/nearest.ts';
import { faultAt, type WrittenFile } from '../../schema/yaml-file.ts';
import type { TreeEvidence } from '../../sources/index.ts';
import { explainLocator } from '../capture/explain-locator.ts';
import { openOwnComponents } from '../files/components.ts';

// Components of a user's own: a first one from what a tree shows, and what of one a tree has.

async function openTree(locator: string): Promise<TreeEvidence> {
  const [evidence] = await Promise.all([explainLocator(locator, openKernelSource(locator)), initParser()]);
  return evidence;
}

/** The inferred component of a tree as the text of a file; NAME is needed where there are several. */
export async function proposedComponent(locator: string, name: string | undefined): Promise<string> {
  const proposals = proposeComponents(await openTree(locator));
  const ids = proposals.map(({ id }) => id);
  if (proposals.length === 0)
    throw new ToolError('COMPONENT_UNKNOWN', `${locator}: hands over nothing that no component describes`);
  const found = name === undefined ? proposals : named(proposals, name);
  const [only, ...others] = found;
  if (only && others.length === 0) return textOf(name === undefined ? only : { ...only, id: name });
  const near = name === undefined ? [] : nearest(name, ids);
  const which =
    name === undefined ? 'name one of' : `no ${name}; ${near.length > 0 ? 'nearest' : 'there are'}`;
  throw new ToolError(
    'COMPONENT_UNKNOWN',
    `${locator}: ${which}: ${(near.length > 0 ? near : ids).join(', ')}`,
  );
}

/** Those of a name, else those with it in their name or in a file of theirs. */
function named(proposals: readonly ComponentDefinition[], name: string): ComponentDefinition[] {
  const exact = proposals.filter(({ id }) => id === name);
  if (exact.length > 0) return exact;
  return proposals.filter(({ id, anchor }) => [id, ...anchor.files].some((text) => text.includes(name)));
}

/** A definition as somebody would write it: what is empty is left out. */
function textOf({ eras, ...definition }: ComponentDefinition): string {
  const { stringify } = createRequire(import.meta.url)('yaml') as typeof import('yaml');
  const written = { schemaVersion: COMPONENT_SCHEMA_VERSION, ...definition, eras: eras.map(withoutEmpty) };
  const head = [
    '# yaml-language-server: $schema=./node_modules/luo-abi/schemas/component.schema.json',
    '# What a tree shows of it by the conventions of the field. Look at each line: which structs are handed over and how they lie',
    '# (placement), what each constant decides (role), what the reader does with what it does not take (onRefused, onMissing).',
  ];
  return `${head.join('\n')}\n${stringify(written, { aliasDuplicateObjects: false, lineWidth: 110 })}`;
}

function withoutEmpty(era: Era): Partial<Era> {
  return Object.fromEntries(
    Object.entries(era).filter(
      ([, value]) => !(typeof value === 'object' && Object.keys(value).length === 0),
    ),
  );
}

/**
 * What of a component's file a tree has.
 * @throws ToolError DOCUMENT_INVALID with the line of what the file demands and the tree lacks
 */
export async function checkedComponent(file: string, locator: string): Promise<ComponentCheckOutput> {
  const [opened, ...others] = openOwnComponents(file);
  if (!opened || others.length > 0) throw new ToolError('USAGE', `${file}: give the file of one component`);
  const { definition, written } = opened;
  return withComponents([opened], async () => {
    const evidence = await openTree(locator);
    const { isThere, missing, state, findings } = findComponent(definition, new DeclarationReader(evidence));
    const lacking = missing.find(({ isOptional }) => !isOptional);
    if (lacking) throw notDeclared(lacking, definition, written, locator);
    const [error] = state.available === 'unknown' ? findings : [];
    return {
      component: definition.id,
      file,
      source: evidence.name,
      release: evidence.release ?? null,
      isFound: isThere === true && state.era !== undefined,
      era: state.era ?? null,
      ...(state.reason !== undefined && { reason: error?.message ?? state.reason }),
      found: declarationsOf(state),
      missing: missing.map(({ kind, name }) => `${kind} ${name}`),
      doubts: (state.doubts ?? []).map(({ code, message }) => ({ code, message })),
    };
  });
}

function notDeclared(
  { era, kind, name }: MissingDeclaration,
  { eras }: ComponentDefinition,
  written: WrittenFile,
  locator: string,
): ToolError {
  const part = {
    constant: ['constants', name],
    function: ['code'],
    marker: ['marker'],
    struct: ['structs', name],
  };
  const files = eras[era]?.files.join(', ');
  return faultAt(
    written,
    ['eras', era, ...part[kind]],
    `${kind === 'marker' ? 'macro' : kind} ${name} is not in ${files} of ${locator}`,
  );
}

/** Every fact of a component with its place. */
function declarationsOf(state: ComponentState): FoundDeclaration[] {
  const { marker, structs, constants, fdt, code, places } = state;
  const at = (key: string): { where: string | null } => ({ where: places[key] ?? null });
  const shown = (value: unknown): string =>
    value !== null && typeof value === 'object'
      ? [...new Set(Object.values(value).map(String))].join(', ')
      : String(value);
  return [
    ...(marker?.writes === undefined
      ? []
      : [
          {
            kind: 'marker' as const,
            name: marker.macro ?? marker.carrier,
            value: shown(marker.writes),
            ...at('marker'),
          },
        ]),
    ...Object.entries(structs).map(([name, { layout }]) => ({
      kind: 'struct' as const,
      name,
      value: `${[...new Set(Object.values(layout).map(({ size }) => size))].join(', ')} bytes`,
      ...at(`struct ${name}`),
    })),
    ...Object.entries(constants).map(([name, { value }]) => ({
      kind: 'constant' as const,
      name,
      value: shown(value),
      ...at(`constant ${name}`),
    })),
    ...fdt.flatMap(({ path, properties }) => [
      { kind: 'node' as const, name: path, value: null, ...at(`fdt ${path}`) },
      ...properties.map(({ name, type }) => ({
        kind: 'property' as const,
        name: `${path} ${name}`,
        value: type,
        ...at(`fdt ${path} ${name}`),
      })),
    ]),
    ...code
      .filter(({ entry }) => entry)
      .map(({ function: name, side }) => ({
        kind: 'function' as const,
        name,
        value: side,
        ...at(`function ${name}`),
      })),
  ];
}
