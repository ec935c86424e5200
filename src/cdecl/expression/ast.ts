/**
 * Declarations as they are written, without meaning. Expressions are ranges of the declaration's own tokens, so one
 * tree serves every place that has the same tokens.
 */
export interface Range {
  readonly from: number;
  /** The index after the last token. */
  readonly to: number;
}

export interface AttributeNode {
  /** Without the underscores around it: `packed`, `aligned`, `mode`. */
  readonly name: string;
  readonly argument: Range | undefined;
}

export interface RecordNode {
  readonly node: 'record';
  readonly kind: 'struct' | 'union';
  readonly tag: string | undefined;
  readonly at: number;
  /** undefined where only the tag is named. */
  readonly fields: readonly FieldNode[] | undefined;
  readonly attributes: readonly AttributeNode[];
}

export interface EnumeratorNode {
  readonly name: string;
  readonly at: number;
  readonly value: Range | undefined;
}

export interface EnumNode {
  readonly node: 'enum';
  readonly tag: string | undefined;
  readonly at: number;
  readonly enumerators: readonly EnumeratorNode[] | undefined;
  readonly attributes: readonly AttributeNode[];
}

export type SpecifierNode =
  | RecordNode
  | EnumNode
  /** Keywords: `unsigned`, `long`, `int`. */
  | { readonly node: 'base'; readonly words: readonly string[]; readonly at: number }
  | { readonly node: 'named'; readonly name: string; readonly at: number }
  | { readonly node: 'typeof'; readonly operand: Range; readonly at: number };

/** From the base type towards the name: the first one is applied to the base type. */
export type ShapeNode =
  | { readonly node: 'pointer' }
  | { readonly node: 'array'; readonly length: Range | undefined }
  | { readonly node: 'function'; readonly parameters: Range };

export interface DeclaratorNode {
  /** undefined for a bit-field without a name. */
  readonly name: string | undefined;
  readonly at: number;
  readonly shape: readonly ShapeNode[];
  readonly bits: Range | undefined;
  readonly attributes: readonly AttributeNode[];
}

export interface FieldNode {
  readonly specifier: SpecifierNode;
  readonly qualifiers: readonly string[];
  readonly attributes: readonly AttributeNode[];
  readonly declarators: readonly DeclaratorNode[];
  readonly at: number;
}

export interface DeclarationNode extends FieldNode {
  readonly isTypedef: boolean;
}
