import { ToolError } from '../../errors.ts';
import type { DeclarationNode, EnumNode, FieldNode, RecordNode, SpecifierNode } from '../expression/ast.ts';
import type { RecordType } from '../expression/ctype.ts';
import type { EnumValues } from '../expression/enum-values.ts';
import { skipGroup, type Token } from '../lex/token.ts';
import { expandTokens } from '../preprocess/expand.ts';
import type { FileView } from '../preprocess/file-view.ts';
import { type MacroSource, macroScope } from '../preprocess/macro-scope.ts';
import { parseDeclaration } from './parse-declaration.ts';
import { type DeclarationIndex, indexDeclarations, type RawDeclaration, splitDeclarations } from './split.ts';

/** A declaration that was expanded and parsed, with what was computed from its nodes so far. */
export interface ParsedDeclaration {
  readonly view: FileView;
  readonly raw: RawDeclaration;
  /** What the ranges in `node` count in. */
  readonly tokens: readonly Token[];
  readonly node: DeclarationNode;
  readonly records: Map<RecordNode, RecordType | 'building'>;
  readonly enums: Map<EnumNode, EnumValues>;
}

/** The external declarations of one file, expanded and parsed one at a time when they are needed. */
export class FileDeclarations {
  readonly view: FileView;
  readonly #space: MacroSource;
  readonly raw: readonly RawDeclaration[];
  readonly index: DeclarationIndex;
  readonly #parsed = new Map<number, ParsedDeclaration | ToolError>();

  constructor(view: FileView, space: MacroSource) {
    this.view = view;
    this.#space = space;
    this.raw = splitDeclarations(view.runs).flatMap((declaration) => this.#expandHead(declaration));
    this.index = indexDeclarations(this.raw);
  }

  /** A declaration that starts with a macro of this very file may be several, so it is expanded before it is indexed. */
  #expandHead(declaration: RawDeclaration): RawDeclaration[] {
    const [first] = declaration.tokens;
    if (
      declaration.body !== undefined ||
      first?.kind !== 'name' ||
      !this.view.macroAt(first.text, declaration.at)
    )
      return [declaration];
    try {
      const scope = macroScope({
        space: this.#space,
        view: this.view,
        at: declaration.at,
        depth: 'never',
        marks: declaration.marks,
      });
      const tokens = expandTokens(declaration.tokens, scope, this.view);
      return splitDeclarations([{ at: declaration.at, pack: declaration.pack, tokens }]);
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
      this.view.report(error, first.line);
      return [];
    }
  }

  /** Throws what expanding or parsing throws, the same error each time. */
  parsed(number: number): ParsedDeclaration {
    let parsed = this.#parsed.get(number);
    if (!parsed) {
      try {
        parsed = this.#parse(this.raw[number]!);
      } catch (error) {
        if (!(error instanceof ToolError)) throw error;
        parsed = error;
      }
      this.#parsed.set(number, parsed);
    }
    if (parsed instanceof ToolError) throw parsed;
    return parsed;
  }

  #parse(raw: RawDeclaration): ParsedDeclaration {
    try {
      return this.#parseWith(raw, 'shaped');
    } catch (error) {
      if (!(error instanceof ToolError) || error.code !== 'C_SYNTAX') throw error;
      try {
        return this.#parseWith(raw, 'always');
      } catch {
        throw error;
      }
    }
  }

  #parseWith(raw: RawDeclaration, depth: 'shaped' | 'always'): ParsedDeclaration {
    const scope = macroScope({
      space: this.#space,
      view: this.view,
      at: raw.at,
      depth,
      enumerators: this.index.byEnumerator,
      marks: raw.marks,
    });
    const tokens = expandTokens(cutInitializer(raw.tokens), scope, this.view);
    return {
      view: this.view,
      raw,
      tokens,
      node: parseDeclaration(tokens, this.view),
      records: new Map(),
      enums: new Map(),
    };
  }
}

/** Leaves out `= …` of a variable, which may be any code. */
function cutInitializer(tokens: readonly Token[]): readonly Token[] {
  for (let index = 0; index < tokens.length; ) {
    const token = tokens[index]!;
    if (token.text === '=') return [...tokens.slice(0, index), { ...token, text: ';' }];
    index = /^[([{]$/.test(token.text) ? skipGroup(tokens, index) : index + 1;
  }
  return tokens;
}

/** Every struct, union and enum specifier of a declaration, outer ones first. */
export function* specifiersOf(field: FieldNode): Generator<SpecifierNode> {
  yield field.specifier;
  if (field.specifier.node !== 'record') return;
  for (const inner of field.specifier.fields ?? []) yield* specifiersOf(inner);
}
