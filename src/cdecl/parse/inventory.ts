import { ToolError } from '../../errors.ts';
import { whereOf } from '../lex/place.ts';
import type { FileView } from '../preprocess/file-view.ts';
import type { DeclaredEnumerator, DeclaredMacro, DeclaredStruct } from './declared.ts';
import { type FileDeclarations, type ParsedDeclaration, specifiersOf } from './file-declarations.ts';

/** The declarations that can be read; what is wrong with the others shows when they are asked for. */
function* readable(declarations: FileDeclarations): Generator<ParsedDeclaration> {
  for (const [number, raw] of declarations.raw.entries()) {
    if (raw.body !== undefined || !raw.tokens.some((token) => token.text === '{')) continue;
    try {
      yield declarations.parsed(number);
    } catch (error) {
      if (!(error instanceof ToolError) || error.code === 'INTERNAL') throw error;
    }
  }
}

/** Structs and unions with a body and a name, those within others included; also those that cannot be read but have a tag. */
export function listStructs(declarations: FileDeclarations): DeclaredStruct[] {
  const found = new Map<string, DeclaredStruct>();
  for (const parsed of readable(declarations)) {
    for (const node of specifiersOf(parsed.node)) {
      if (node.node !== 'record' || !node.fields) continue;
      const typedefName =
        parsed.node.isTypedef && node === parsed.node.specifier
          ? parsed.node.declarators[0]?.name
          : undefined;
      const name = node.tag ?? typedefName;
      const line = parsed.tokens[node.at]?.line ?? 1;
      if (name !== undefined)
        found.set(`${node.kind} ${name}`, { name, kind: node.kind, where: whereOf(parsed.view, line) });
    }
  }
  for (const [key, number] of declarations.index.byTag) {
    const [kind, name = ''] = key.split(' ');
    if ((kind !== 'struct' && kind !== 'union') || found.has(key)) continue;
    found.set(key, {
      name,
      kind,
      where: whereOf(declarations.view, declarations.raw[number]!.tokens[0]!.line),
    });
  }
  return [...found.values()].sort((one, other) => one.where.line - other.where.line);
}

export function listMacros(view: FileView): DeclaredMacro[] {
  return view
    .macros()
    .map(({ name, line, parameters }) => ({
      name,
      where: whereOf(view, line),
      functionLike: parameters !== undefined,
    }))
    .sort((one, other) => one.where.line - other.where.line);
}

export function listEnumerators(declarations: FileDeclarations): DeclaredEnumerator[] {
  const found: DeclaredEnumerator[] = [];
  for (const parsed of readable(declarations)) {
    for (const node of specifiersOf(parsed.node)) {
      if (node.node !== 'enum') continue;
      for (const { name, at } of node.enumerators ?? []) {
        const where = whereOf(parsed.view, parsed.tokens[at]?.line ?? 1);
        found.push(node.tag === undefined ? { name, where } : { name, enumTag: node.tag, where });
      }
    }
  }
  return found;
}
