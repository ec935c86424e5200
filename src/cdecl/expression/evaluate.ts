import { ToolError } from '../../errors.ts';
import { errorAt, type PlacedText } from '../lex/place.ts';
import { builtinFunction, commonType, compute, promote, shift, wrap } from './arithmetic.ts';
import {
  alignOf,
  CHAR,
  type CType,
  encodingOf,
  INT,
  type IntegerType,
  LONG,
  type PlacedMember,
  sizeOf,
  strip,
  ULONG,
} from './ctype.ts';
import { type ExpressionNode, isTypeName, type TypeNameNode } from './expression-node.ts';
import { stringSize } from './literal.ts';

/** Where an expression finds what its names mean. */
export interface EvaluationHost {
  /** The value of an enumerator or of a macro that is still unexpanded; undefined for an unknown name. */
  valueOf(name: string, node: ExpressionNode): Value | undefined;
  /** Throws ToolError. */
  typeOf(node: TypeNameNode): CType;
}

/** An integer, a pointer, or (as a type only) anything else; `address` marks an object in memory, not its content. */
export interface Value {
  readonly type: CType;
  readonly value: bigint;
  readonly isObject?: boolean;
}

type Node<K extends ExpressionNode['node']> = Extract<ExpressionNode, { node: K }>;

/**
 * Evaluates integer constant expressions (C11 6.6) and the address arithmetic that offsetof-like macros do on a null
 * pointer. Throws C_DIVISION, C_UNRESOLVED for a name without a value, C_SYNTAX for what is no constant.
 */
export class Evaluator {
  readonly #host: EvaluationHost;
  readonly #source: PlacedText;

  constructor(host: EvaluationHost, source: PlacedText) {
    this.#host = host;
    this.#source = source;
  }

  /** An integer's value with its type. */
  integer(node: ExpressionNode): { value: bigint; type: IntegerType } {
    const { type, value, isObject } = this.value(node);
    const bare = strip(type);
    if (isObject || (bare.kind !== 'integer' && bare.kind !== 'pointer'))
      this.#fail(node, 'the expression is not an integer constant');
    return { value, type: bare.kind === 'integer' ? bare : ULONG };
  }

  value(node: ExpressionNode): Value {
    switch (node.node) {
      case 'number':
        return { type: node.type, value: node.value };
      case 'string':
        return {
          type: { kind: 'array', element: CHAR, length: stringSize(node.text) },
          value: 0n,
          isObject: true,
        };
      case 'name':
        return this.#host.valueOf(node.name, node) ?? this.#unresolved(node, node.name);
      case 'unary':
        return this.#unary(node);
      case 'binary':
        return this.#binary(node);
      case 'conditional':
        return this.#conditional(node);
      case 'cast':
        return this.#cast(this.#host.typeOf(node.type), this.value(node.operand), node);
      case 'sizeof':
        return { type: ULONG, value: BigInt(sizeOf(this.#typeOfOperand(node.operand))) };
      case 'alignof':
        return { type: ULONG, value: BigInt(alignOf(this.#typeOfOperand(node.operand))) };
      case 'offsetof':
        return { type: ULONG, value: this.#offset(node) };
      case 'compatible':
        return {
          type: INT,
          value: sameType(this.#host.typeOf(node.left), this.#host.typeOf(node.right)) ? 1n : 0n,
        };
      case 'generic':
        return this.#generic(node);
      case 'call':
        return this.#call(node);
      case 'member':
        return this.#member(node);
      case 'index':
        return this.#dereference(
          this.#add(this.#decay(this.value(node.operand)), this.value(node.index), 1n, node),
          node,
        );
    }
  }

  #fail(node: ExpressionNode, message: string): never {
    throw errorAt('C_SYNTAX', message, this.#source, node.token.line);
  }

  #unresolved(node: ExpressionNode, name: string): never {
    throw errorAt('C_UNRESOLVED', `${name} is not known here`, this.#source, node.token.line);
  }

  #typeOfOperand(operand: ExpressionNode | TypeNameNode): CType {
    if (isTypeName(operand)) return this.#host.typeOf(operand);
    if (operand.node === 'member') return this.#memberType(operand) ?? this.#member(operand).type;
    return operand.node === 'binary' && operand.operator === ','
      ? this.#typeOfOperand(operand.right)
      : this.value(operand).type;
  }

  #arithmetic(node: ExpressionNode): { value: bigint; type: IntegerType } {
    const { value, type } = this.integer(node);
    return { value, type: promote(type) };
  }

  #unary(node: Node<'unary'>): Value {
    if (node.operator === '&') {
      const operand = this.value(node.operand);
      if (!operand.isObject) this.#fail(node, 'the operand of & has no address');
      return { type: { kind: 'pointer', target: () => operand.type }, value: operand.value };
    }
    if (node.operator === '*') return this.#dereference(this.#decay(this.value(node.operand)), node);
    const { value, type } = this.#arithmetic(node.operand);
    if (node.operator === '!') return { type: INT, value: value === 0n ? 1n : 0n };
    const result = node.operator === '-' ? -value : node.operator === '~' ? ~value : value;
    return { type, value: wrap(result, type) };
  }

  #binary(node: Node<'binary'>): Value {
    const { operator } = node;
    if (operator === ',') return this.value(node.right);
    if (operator === '&&' || operator === '||') {
      const left = this.integer(node.left).value !== 0n;
      const isDecided = left === (operator === '||');
      const result = isDecided ? left : this.integer(node.right).value !== 0n;
      return { type: INT, value: result ? 1n : 0n };
    }
    const left = this.#decay(this.value(node.left));
    const right = this.#decay(this.value(node.right));
    if (strip(left.type).kind === 'pointer' || strip(right.type).kind === 'pointer')
      return this.#pointers(node, left, right);
    return this.#integers(node, left, right);
  }

  #integers(node: Node<'binary'>, left: Value, right: Value): Value {
    const { operator } = node;
    const leftType = this.#integerType(left, node);
    const rightType = this.#integerType(right, node);
    if (operator === '<<' || operator === '>>') {
      const type = promote(leftType);
      return { type, value: wrap(shift(operator, wrap(left.value, type), right.value, type), type) };
    }
    const type = commonType(leftType, rightType);
    const value = compute(operator, wrap(left.value, type), wrap(right.value, type));
    if (value === undefined)
      throw errorAt('C_DIVISION', 'the expression divides by zero', this.#source, node.token.line);
    if (/^(?:[=!<>]=|[<>])$/.test(operator)) return { type: INT, value };
    return { type, value: wrap(value, type) };
  }

  #integerType(value: Value, node: ExpressionNode): IntegerType {
    const type = strip(value.type);
    if (type.kind !== 'integer' || value.isObject) this.#fail(node, 'an operand is not an integer constant');
    return type;
  }

  #pointers(node: Node<'binary'>, left: Value, right: Value): Value {
    const { operator } = node;
    const isLeft = strip(left.type).kind === 'pointer';
    const isRight = strip(right.type).kind === 'pointer';
    if (operator === '+') return isLeft ? this.#add(left, right, 1n, node) : this.#add(right, left, 1n, node);
    if (operator === '-' && !isRight) return this.#add(left, right, -1n, node);
    const value = compute(operator, left.value, right.value) ?? 0n;
    if (operator !== '-') return { type: INT, value };
    const size = BigInt(sizeOf(this.#targetOf(left.type, node)) || 1);
    return { type: LONG, value: value / size };
  }

  #targetOf(type: CType, node: ExpressionNode): CType {
    const bare = strip(type);
    if (bare.kind !== 'pointer') this.#fail(node, 'an operand is no pointer');
    return bare.target();
  }

  #add(pointer: Value, count: Value, sign: bigint, node: ExpressionNode): Value {
    const size = BigInt(sizeOf(this.#targetOf(pointer.type, node)));
    return { type: pointer.type, value: BigInt.asUintN(64, pointer.value + sign * count.value * size) };
  }

  /** An array stands for a pointer to its first element (C11 6.3.2.1). */
  #decay(value: Value): Value {
    const type = strip(value.type);
    if (type.kind !== 'array') return value;
    return { type: { kind: 'pointer', target: () => type.element }, value: value.value };
  }

  #dereference(pointer: Value, node: ExpressionNode): Value {
    return { type: this.#targetOf(pointer.type, node), value: pointer.value, isObject: true };
  }

  #conditional(node: Node<'conditional'>): Value {
    const test = this.integer(node.test);
    const isTrue = test.value !== 0n;
    const other = isTrue ? node.otherwise : node.then;
    const taken = isTrue ? node.then : node.otherwise;
    const result: Value = taken ? this.value(taken) : test;
    const resultType = strip(result.type);
    if (resultType.kind !== 'integer' || result.isObject) return result;
    const otherType = other ? this.#integerTypeIfKnown(other) : test.type;
    const type = otherType ? commonType(resultType, otherType) : promote(resultType);
    return { type, value: wrap(result.value, type) };
  }

  /** The type of an arm that is not taken; it need not have a value, so an error there only leaves the type open. */
  #integerTypeIfKnown(node: ExpressionNode): IntegerType | undefined {
    try {
      const type = strip(this.value(node).type);
      return type.kind === 'integer' ? type : undefined;
    } catch (error) {
      if (error instanceof ToolError && error.code !== 'INTERNAL') return undefined;
      throw error;
    }
  }

  #cast(type: CType, operand: Value, node: ExpressionNode): Value {
    const bare = strip(type);
    if (bare.kind === 'integer') {
      const from = this.#decay(operand);
      if (from.isObject) this.#fail(node, 'the value of an object is not a constant');
      return { type, value: wrap(from.value, bare) };
    }
    if (bare.kind === 'pointer') return { type, value: BigInt.asUintN(64, this.#decay(operand).value) };
    return { type, value: 0n };
  }

  #member(node: Node<'member'>): Value {
    const operand = this.value(node.operand);
    const base = node.isArrow ? this.#dereference(this.#decay(operand), node) : operand;
    const member = this.#find(base.type, node.name, node);
    return {
      type: member.type,
      value: base.value + BigInt(Math.floor(member.bitOffset / 8)),
      isObject: true,
    };
  }

  /** The type of a member alone: where it lies would take the layout of all that its struct holds. */
  #memberType({ operand, isArrow, name }: Node<'member'>): CType | undefined {
    const { type } = this.value(operand);
    const pointer = strip(type);
    const target = isArrow ? (pointer.kind === 'pointer' ? pointer.target() : undefined) : type;
    return target?.kind === 'incomplete' ? target.memberType(name) : undefined;
  }

  #find(type: CType, name: string, node: ExpressionNode): { type: CType; bitOffset: number } {
    const bare = strip(type);
    if (bare.kind !== 'record') this.#fail(node, `there is no member ${name} in what is no struct`);
    return findMember(bare.members, name) ?? this.#unresolved(node, `the member ${name}`);
  }

  #offset(node: Node<'offsetof'>): bigint {
    let type = this.#host.typeOf(node.type);
    let offset = 0n;
    for (const step of node.path) {
      if (typeof step === 'string') {
        const member = this.#find(type, step, node);
        offset += BigInt(Math.floor(member.bitOffset / 8));
        type = member.type;
      } else {
        const array = strip(type);
        if (array.kind !== 'array') this.#fail(node, 'an index stands behind what is no array');
        offset += this.integer(step).value * BigInt(sizeOf(array.element));
        type = array.element;
      }
    }
    return offset;
  }

  #generic(node: Node<'generic'>): Value {
    const control = this.#decay(this.value(node.control)).type;
    const match =
      node.cases.find((item) => item.type && sameType(this.#host.typeOf(item.type), control)) ??
      node.cases.find((item) => !item.type);
    if (!match) this.#fail(node, 'no case of _Generic fits');
    return this.value(match.value);
  }

  #call(node: Node<'call'>): Value {
    const [first, second, third] = node.operands;
    if (node.name === '__builtin_constant_p' && first)
      return { type: INT, value: this.#isConstant(first) ? 1n : 0n };
    if (node.name === '__builtin_choose_expr' && first && second && third) {
      return this.value(this.integer(first).value !== 0n ? second : third);
    }
    if (node.name === '__builtin_expect' && first) return this.value(first);
    if (/^(?:__builtin_)?strlen$/.test(node.name) && first?.node === 'string')
      return { type: ULONG, value: BigInt(stringSize(first.text) - 1) };
    if (node.operands.length === 1 && first && node.name.startsWith('__builtin_')) {
      const value = builtinFunction(node.name, this.integer(first).value);
      const type = node.name.startsWith('__builtin_bswap') ? ULONG : INT;
      if (value !== undefined) return { type, value };
    }
    return this.#unresolved(node, `${node.name}()`);
  }

  #isConstant(node: ExpressionNode): boolean {
    try {
      this.integer(node);
      return true;
    } catch (error) {
      if (error instanceof ToolError && error.code !== 'INTERNAL') return node.node === 'string';
      throw error;
    }
  }
}

/** A member by name, those of anonymous structs and unions included. */
export function findMember(
  members: readonly PlacedMember[],
  name: string,
): { type: CType; bitOffset: number } | undefined {
  for (const member of members) {
    if (member.name === name) return member;
    const inner = member.name === undefined && !member.isBitField ? strip(member.type) : undefined;
    const found = inner?.kind === 'record' ? findMember(inner.members, name) : undefined;
    if (found) return { type: found.type, bitOffset: member.bitOffset + found.bitOffset };
  }
  return undefined;
}

function sameType(one: CType, other: CType): boolean {
  const left = strip(one);
  const right = strip(other);
  if (left.kind === 'pointer' && right.kind === 'pointer') return sameType(left.target(), right.target());
  if (left.kind === 'integer' && right.kind === 'integer')
    return left.rank === right.rank && encodingOf(left) === encodingOf(right);
  return (
    left === right ||
    (left.kind === right.kind && left.kind !== 'record' && encodingOf(left) === encodingOf(right))
  );
}
