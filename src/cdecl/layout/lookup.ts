import type { EnumNode, RecordNode } from '../expression/ast.ts';
import type { CType, IntegerType, RecordType } from '../expression/ctype.ts';
import type { EnumeratorValue, EnumValues } from '../expression/enum-values.ts';
import { errorAt, MAX_CHAIN } from '../lex/place.ts';
import type { Token } from '../lex/token.ts';
import { FileDeclarations, type ParsedDeclaration, specifiersOf } from '../parse/file-declarations.ts';
import { initializerOf } from '../parse/split.ts';
import type { FileView } from '../preprocess/file-view.ts';
import { END_OF_FILE, type Space } from '../preprocess/space.ts';
import { type Names, Scope, type Step } from './scope.ts';

/** Finds what a name declares: in the file, in the headers in reach, among our fallbacks. */
export class Lookup implements Names {
  readonly space: Space;
  /** How many declarations are being resolved within one another. */
  #depth = 0;
  readonly #active = new Set<string>();
  readonly #declarations = new Map<FileView, FileDeclarations>();

  constructor(space: Space) {
    this.space = space;
  }

  /** What a file of the space declares. */
  declarations(view: FileView): FileDeclarations {
    let declarations = this.#declarations.get(view);
    if (!declarations) {
      declarations = new FileDeclarations(view, this.space);
      this.#declarations.set(view, declarations);
    }
    return declarations;
  }

  /** Runs `resolve` unless it is running for the same key already. */
  guard<T>(key: string, place: Step, resolve: () => T | undefined): T | undefined {
    if (this.#active.has(key)) return undefined;
    this.#active.add(key);
    try {
      return this.nested(place, resolve);
    } finally {
      this.#active.delete(key);
    }
  }

  /** Runs one step of a chain of declarations that need each other. Throws C_DEPTH when the chain gets too long. */
  nested<T>(place: Step, resolve: () => T): T {
    if (this.#depth >= MAX_CHAIN) {
      throw errorAt(
        'C_DEPTH',
        `more than ${MAX_CHAIN} declarations need each other in a row`,
        place.view,
        place.line,
      );
    }
    this.#depth += 1;
    try {
      return resolve();
    } finally {
      this.#depth -= 1;
    }
  }

  /** The scope at the end of a file. */
  scopeOf(view: FileView): Scope {
    return new Scope(this, view, END_OF_FILE);
  }

  scopeAt(parsed: ParsedDeclaration): Scope {
    return new Scope(this, parsed.view, parsed.raw.at, parsed.raw.pack);
  }

  #find<T>(
    view: FileView,
    key: string,
    text: RegExp,
    probe: (declarations: FileDeclarations) => T | undefined,
  ): T | undefined {
    const ask = (header: FileView) => probe(this.declarations(header));
    return (
      ask(view) ??
      this.space.search({ view, key, mayHave: (source) => source.matches(text), probe: ask }) ??
      ask(this.space.fallback)
    );
  }

  /** The declaration with the body of a struct or union. */
  recordDeclaration(
    view: FileView,
    form: string,
    tag: string,
  ): { parsed: ParsedDeclaration; node: RecordNode } | undefined {
    return this.#find(view, `${form} ${tag}`, new RegExp(`\\b${tag}\\s*\\{`), (declarations) => {
      const number = declarations.index.byTag.get(`${form} ${tag}`);
      if (number === undefined) return undefined;
      const parsed = declarations.parsed(number);
      for (const node of specifiersOf(parsed.node)) {
        if (node.node === 'record' && node.kind === form && node.tag === tag && node.fields)
          return { parsed, node };
      }
      return undefined;
    });
  }

  record(view: FileView, form: string, tag: string): RecordType | undefined {
    const found = this.recordDeclaration(view, form, tag);
    return found && this.scopeAt(found.parsed).record(found.node, found.parsed);
  }

  enumType(view: FileView, tag: string): IntegerType | undefined {
    const found = this.#find(
      view,
      `enum ${tag}`,
      new RegExp(`\\b${tag}\\s*(?::[\\w\\s]*)?\\{`),
      (declarations) => {
        const number = declarations.index.byTag.get(`enum ${tag}`);
        return number === undefined
          ? undefined
          : enumOf(declarations.parsed(number), (node) => node.tag === tag);
      },
    );
    return found && this.#values(found.parsed, found.node).type;
  }

  #values(parsed: ParsedDeclaration, node: EnumNode): EnumValues {
    return this.scopeAt(parsed).enumValues(node, parsed);
  }

  /** An enumerator with the place of its declaration. */
  enumerator(
    view: FileView,
    name: string,
  ): (EnumeratorValue & { tag: string | undefined; view: FileView }) | undefined {
    const found = this.#find(view, `enumerator ${name}`, new RegExp(`\\b${name}\\b`), (declarations) => {
      const { byEnumerator, openEnums } = declarations.index;
      const number = byEnumerator.get(name);
      for (const candidate of number === undefined ? openEnums : [number, ...openEnums]) {
        const found = this.guard(
          `open ${declarations.view.path} ${candidate}`,
          { view: declarations.view, line: 1 },
          () => enumOf(declarations.parsed(candidate), (node) => hasEnumerator(node, name)),
        );
        if (found) return found;
      }
      return undefined;
    });
    if (!found) return undefined;
    const values = this.#values(found.parsed, found.node);
    const value = values.values.get(name);
    return value && { ...value, tag: values.tag, view: found.parsed.view };
  }

  /** The declaration of a constant object, and the tokens of its initializer as they are written. */
  object(view: FileView, name: string): { parsed: ParsedDeclaration; initializer: Token[] } | undefined {
    return this.#find(view, `object ${name}`, new RegExp(`\\bconst\\b[^;]*\\b${name}\\b`), (declarations) => {
      const number = declarations.index.byObject.get(name);
      if (number === undefined) return undefined;
      const { tokens } = declarations.raw[number]!;
      const initializer = tokens.slice((initializerOf(tokens) ?? 0) + 1, -1);
      return { parsed: declarations.parsed(number), initializer };
    });
  }

  typedef(view: FileView, name: string): CType | undefined {
    return this.#find(view, `typedef ${name}`, new RegExp(`\\b${name}\\b`), (declarations) =>
      this.ownTypedef(declarations, name),
    );
  }

  /** The same in one file only. */
  ownTypedef(declarations: FileDeclarations, name: string): CType | undefined {
    for (const number of declarations.index.byTypedef.get(name) ?? []) {
      const { tokens } = declarations.raw[number]!;
      if (
        !tokens.some(
          (token, at) => token.text === name && !/^(?:struct|union|enum)$/.test(tokens[at - 1]?.text ?? ''),
        )
      )
        continue;
      const parsed = declarations.parsed(number);
      const type = this.guard(
        `typedef ${parsed.view.path} ${number}`,
        { view: parsed.view, line: tokens[0]!.line },
        () => this.scopeAt(parsed).typedef(parsed, name),
      );
      if (type) return type;
    }
    return undefined;
  }
}

function enumOf(
  parsed: ParsedDeclaration,
  isWanted: (node: EnumNode) => boolean,
): { parsed: ParsedDeclaration; node: EnumNode } | undefined {
  for (const node of specifiersOf(parsed.node)) {
    if (node.node === 'enum' && node.enumerators && isWanted(node)) return { parsed, node };
  }
  return undefined;
}

function hasEnumerator(node: EnumNode, name: string): boolean {
  return node.enumerators!.some((enumerator) => enumerator.name === name);
}
