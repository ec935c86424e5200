import type { Token } from '../lex/token.ts';
import type { RecordNode, ShapeNode, SpecifierNode } from './ast.ts';
import type { IntegerType } from './ctype.ts';

/** A type name (C11 6.7.7); `tokens` is what the ranges in the nodes count in. */
export interface TypeNameNode {
  readonly specifier: SpecifierNode;
  readonly qualifiers: readonly string[];
  readonly shape: readonly ShapeNode[];
  readonly tokens: readonly Token[];
  /** A body that stands in the type name: its own declaration, with tokens of its own. */
  readonly body?: { readonly record: RecordNode; readonly tokens: readonly Token[] };
}

/** An expression. Types are resolved only when they are needed, so that an arm that is not taken costs nothing. */
export type ExpressionNode = { readonly token: Token } & (
  | { readonly node: 'number'; readonly value: bigint; readonly type: IntegerType }
  | { readonly node: 'string'; readonly text: string }
  | { readonly node: 'name'; readonly name: string }
  | { readonly node: 'unary'; readonly operator: string; readonly operand: ExpressionNode }
  | {
      readonly node: 'binary';
      readonly operator: string;
      readonly left: ExpressionNode;
      readonly right: ExpressionNode;
    }
  | {
      readonly node: 'conditional';
      readonly test: ExpressionNode;
      readonly then: ExpressionNode | undefined;
      readonly otherwise: ExpressionNode;
    }
  | { readonly node: 'cast'; readonly type: TypeNameNode; readonly operand: ExpressionNode }
  | { readonly node: 'sizeof' | 'alignof'; readonly operand: ExpressionNode | TypeNameNode }
  | {
      readonly node: 'offsetof';
      readonly type: TypeNameNode;
      readonly path: readonly (string | ExpressionNode)[];
    }
  | { readonly node: 'compatible'; readonly left: TypeNameNode; readonly right: TypeNameNode }
  | {
      readonly node: 'generic';
      readonly control: ExpressionNode;
      readonly cases: readonly { type: TypeNameNode | undefined; value: ExpressionNode }[];
    }
  | { readonly node: 'call'; readonly name: string; readonly operands: readonly ExpressionNode[] }
  | {
      readonly node: 'member';
      readonly operand: ExpressionNode;
      readonly name: string;
      readonly isArrow: boolean;
    }
  | { readonly node: 'index'; readonly operand: ExpressionNode; readonly index: ExpressionNode }
);

export function isTypeName(node: ExpressionNode | TypeNameNode): node is TypeNameNode {
  return 'specifier' in node;
}
