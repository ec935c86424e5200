import type { Node } from 'web-tree-sitter';
import type {
  AttributeNode,
  DeclarationNode,
  DeclaratorNode,
  EnumeratorNode,
  EnumNode,
  FieldNode,
  Range,
  RecordNode,
  ShapeNode,
  SpecifierNode,
} from '../expression/ast.ts';
import { errorAt, MAX_DEPTH, type PlacedText } from '../lex/place.ts';
import type { Token } from '../lex/token.ts';
import { withTree } from './grammar.ts';
import {
  type NormalizedText,
  normalizeDeclaration,
  PARAMETERS_PREFIX,
  TYPEOF_PREFIX,
  UNNAMED_PREFIX,
} from './normalize.ts';

type Parsed = DeclarationNode | { readonly errorAt: number; readonly isDepth: boolean };

const MAX_CACHED = 20000;
const parsedByText = new Map<string, Parsed>();
const BASE_WORDS = new Set([
  'void',
  'char',
  'short',
  'int',
  'long',
  'float',
  'double',
  'signed',
  'unsigned',
  'bool',
  '__int128',
  '_Complex',
  '__complex__',
  '_Float128',
  '__float128',
]);

/**
 * Parses one expanded declaration, its final semicolon included. Throws C_SYNTAX at the token where the grammar stops,
 * C_DEPTH beyond MAX_DEPTH open braces. Equal token sequences are parsed once.
 */
export function parseDeclaration(tokens: readonly Token[], source: PlacedText): DeclarationNode {
  const key = cacheKey(tokens);
  let parsed = parsedByText.get(key);
  if (!parsed) {
    parsed = parseNormalized(normalizeDeclaration(tokens));
    if (parsedByText.size >= MAX_CACHED) parsedByText.clear();
    parsedByText.set(key, parsed);
  }
  if (!('errorAt' in parsed)) return parsed;
  const token = tokens[Math.min(parsed.errorAt, tokens.length - 1)];
  const line = token?.line ?? 1;
  if (parsed.isDepth)
    throw errorAt('C_DEPTH', `the declaration nests deeper than ${MAX_DEPTH} braces`, source, line);
  throw errorAt('C_SYNTAX', `the declaration cannot be read at "${token?.text ?? ''}"`, source, line);
}

function cacheKey(tokens: readonly Token[]): string {
  let key = '';
  for (const token of tokens) key += `${token.text} `;
  return key;
}

function parseNormalized(normalized: NormalizedText): Parsed {
  if (normalized.tooDeepAt !== undefined) return { errorAt: normalized.tooDeepAt, isDepth: true };
  return withTree(normalized.text, (root) => {
    const error = root.hasError ? findError(root) : undefined;
    const reader = new TreeReader(normalized);
    if (error) return { errorAt: reader.tokenAt(error), isDepth: false };
    const declaration = root.namedChildren.find((child) => child !== null && child.type !== 'comment');
    return declaration ? reader.declaration(declaration) : { errorAt: 0, isDepth: false };
  });
}

function findError(node: Node): Node | undefined {
  if (node.isError || node.isMissing) return node;
  for (const child of node.children) {
    const found = child?.hasError || child?.isMissing ? findError(child) : undefined;
    if (found) return found;
  }
  return undefined;
}

class TreeReader {
  readonly #normalized: NormalizedText;

  constructor(normalized: NormalizedText) {
    this.#normalized = normalized;
  }

  /** The token that starts at the node, or the last one before it. */
  tokenAt(node: Node): number {
    for (let offset = node.startIndex; offset >= 0; offset -= 1) {
      const token = this.#normalized.tokenByOffset.get(offset);
      if (token !== undefined) return token;
    }
    return 0;
  }

  declaration(node: Node): DeclarationNode {
    const isSpecifier = /^(?:struct|union|enum)_specifier$/.test(node.type);
    if (isSpecifier) {
      const at = this.tokenAt(node);
      return {
        isTypedef: false,
        specifier: this.#specifier(node),
        qualifiers: [],
        attributes: [],
        declarators: [],
        at,
      };
    }
    return { ...this.#field(node), isTypedef: node.type === 'type_definition' };
  }

  #attributes(node: Node): readonly AttributeNode[] {
    const index = /\(\(A(\d+)\)\)/.exec(node.text)?.[1];
    return index === undefined ? [] : (this.#normalized.attributes[Number(index)] ?? []);
  }

  #rangeOf(text: string): Range | undefined {
    const index = /\d+/.exec(text)?.[0];
    return index === undefined ? undefined : this.#normalized.ranges[Number(index)];
  }

  /** A declaration's parts in the order in which they stand: what comes before the first declarator concerns them all. */
  #field(node: Node): FieldNode {
    const attributes: AttributeNode[] = [];
    const qualifiers: string[] = [];
    const declarators: { -readonly [K in keyof DeclaratorNode]: DeclaratorNode[K] }[] = [];
    let specifier: SpecifierNode | undefined;
    for (const child of node.namedChildren) {
      if (!child) continue;
      const last = declarators.at(-1);
      if (child.type === 'attribute_specifier') {
        if (last) last.attributes = [...last.attributes, ...this.#attributes(child)];
        else attributes.push(...this.#attributes(child));
      } else if (child.type === 'bitfield_clause') {
        if (last) last.bits = this.#rangeOf(child.text);
      } else if (child.type === 'type_qualifier') qualifiers.push(child.text);
      else if (child.type === 'storage_class_specifier' || child.type === 'comment') continue;
      else if (!specifier) specifier = this.#specifier(child);
      else declarators.push(this.#declarator(child));
    }
    specifier ??= { node: 'base', words: ['int'], at: this.tokenAt(node) };
    return { specifier, qualifiers, attributes, declarators, at: this.tokenAt(node) };
  }

  #specifier(node: Node): SpecifierNode {
    const at = this.tokenAt(node);
    if (node.type === 'struct_specifier' || node.type === 'union_specifier') return this.#record(node, at);
    if (node.type === 'enum_specifier') return this.#enum(node, at);
    const text = node.text.trim();
    if (text.startsWith(TYPEOF_PREFIX))
      return { node: 'typeof', operand: this.#rangeOf(text.slice(TYPEOF_PREFIX.length))!, at };
    const words = text.split(/\s+/);
    if (words.every((word) => BASE_WORDS.has(word))) return { node: 'base', words, at };
    // What looks like a call is a macro that nothing defines.
    return { node: 'named', name: text.includes('(') ? words[0]! : words.at(-1)!, at };
  }

  #record(node: Node, at: number): RecordNode {
    const body = node.childForFieldName('body');
    return {
      node: 'record',
      kind: node.type === 'union_specifier' ? 'union' : 'struct',
      tag: node.childForFieldName('name')?.text,
      at,
      fields: body?.namedChildren
        .filter((child) => child?.type === 'field_declaration')
        .map((child) => this.#field(child!)),
      attributes: this.#ownAttributes(node),
    };
  }

  #enum(node: Node, at: number): EnumNode {
    const body = node.childForFieldName('body');
    const children = body?.namedChildren.filter((child) => child?.type === 'enumerator');
    return {
      node: 'enum',
      tag: node.childForFieldName('name')?.text,
      at,
      enumerators: children?.map((child) => this.#enumerator(child!)),
      attributes: this.#ownAttributes(node),
    };
  }

  #enumerator(node: Node): EnumeratorNode {
    const value = node.childForFieldName('value');
    return {
      name: node.childForFieldName('name')?.text ?? '',
      at: this.tokenAt(node),
      value: value ? this.#rangeOf(value.text) : undefined,
    };
  }

  #ownAttributes(node: Node): AttributeNode[] {
    return node.namedChildren.flatMap((child) =>
      child?.type === 'attribute_specifier' ? this.#attributes(child) : [],
    );
  }

  #declarator(node: Node): DeclaratorNode {
    const shape: ShapeNode[] = [];
    const attributes: AttributeNode[] = [];
    let inner: Node | null = node;
    let last = node;
    while (inner) {
      last = inner;
      attributes.push(...this.#ownAttributes(inner));
      this.#addShape(inner, shape);
      inner = inner.childForFieldName('declarator') ?? parenthesizedContent(inner);
    }
    const name = last.text.startsWith(UNNAMED_PREFIX) ? undefined : last.text;
    return { name, at: this.tokenAt(last), shape, bits: undefined, attributes };
  }

  #addShape(node: Node, shape: ShapeNode[]): void {
    if (node.type === 'pointer_declarator') shape.push({ node: 'pointer' });
    else if (node.type === 'array_declarator') {
      const size = node.childForFieldName('size');
      shape.push({ node: 'array', length: size ? this.#rangeOf(size.text) : undefined });
    } else if (node.type === 'function_declarator') {
      const text = node.childForFieldName('parameters')?.text ?? '';
      const index = text.indexOf(PARAMETERS_PREFIX);
      shape.push({
        node: 'function',
        parameters: this.#rangeOf(text.slice(Math.max(index, 0))) ?? { from: 0, to: 0 },
      });
    }
  }
}

function parenthesizedContent(node: Node): Node | null {
  if (node.type !== 'parenthesized_declarator' && node.type !== 'attributed_declarator') return null;
  return (
    node.namedChildren.find(
      (child) => child?.type.endsWith('declarator') === true || child?.type.endsWith('identifier') === true,
    ) ?? null
  );
}
