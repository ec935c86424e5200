/** What every type has. Other types are named by their id: 0 is void, the others count on from the base's. */
interface Named {
  /** Empty where the type has none. */
  readonly name: string;
}

/** An integer; `size` in bytes, `offset` and `bits` where a compiler without kind_flag placed a bit-field in it. */
export interface BtfInt extends Named {
  readonly kind: 'int';
  readonly size: number;
  readonly bits: number;
  readonly offset: number;
  readonly isSigned: boolean;
  readonly isChar: boolean;
  readonly isBool: boolean;
}

/** A type that only points to or wraps another. Pointers and qualifiers have no name. */
export interface BtfReference extends Named {
  readonly kind: 'ptr' | 'typedef' | 'volatile' | 'const' | 'restrict';
  readonly type: number;
}

/** `length` elements of a type; 0 for `[]` and `[0]` alike. Several dimensions may be written as one. */
export interface BtfArray extends Named {
  readonly kind: 'array';
  readonly type: number;
  readonly indexType: number;
  readonly length: number;
}

/** A member; its name is empty for an anonymous struct or union and for an unnamed bit-field. */
export interface BtfMember extends Named {
  readonly type: number;
  /** From the start of the struct. */
  readonly bitOffset: number;
  /** Width of a bit-field; 0 for what is none. */
  readonly bitFieldSize: number;
}

/** A struct or union, `size` in bytes. */
export interface BtfRecord extends Named {
  readonly kind: 'struct' | 'union';
  readonly size: number;
  readonly hasBitFields: boolean;
  readonly members: readonly BtfMember[];
}

/** An enumerator. */
export interface BtfEnumerator extends Named {
  readonly value: bigint;
}

/** An enum, `size` in bytes; `enum64` has values of 64 bits. Without values it is a declaration alone. */
export interface BtfEnum extends Named {
  readonly kind: 'enum' | 'enum64';
  readonly size: number;
  readonly isSigned: boolean;
  readonly values: readonly BtfEnumerator[];
}

/** A struct or union of which only the name is known. */
export interface BtfForward extends Named {
  readonly kind: 'fwd';
  readonly form: 'struct' | 'union';
}

/** A function; `linkage` 0 static, 1 global, 2 extern; `type` is a func-proto. */
export interface BtfFunction extends Named {
  readonly kind: 'func';
  readonly type: number;
  readonly linkage: number;
}

/** A parameter; `...` is the last one, with type 0 and no name. */
export interface BtfParameter extends Named {
  readonly type: number;
}

/** The type of a function; `type` is what it returns. */
export interface BtfPrototype extends Named {
  readonly kind: 'func-proto';
  readonly type: number;
  readonly parameters: readonly BtfParameter[];
}

/** A variable; `linkage` 0 static, 1 global, 2 extern. */
export interface BtfVariable extends Named {
  readonly kind: 'var';
  readonly type: number;
  readonly linkage: number;
}

/** A variable's place in its section; offset and size in bytes. */
export interface BtfPlace {
  readonly type: number;
  readonly offset: number;
  readonly size: number;
}

/** A section of variables, `size` in bytes. */
export interface BtfDataSection extends Named {
  readonly kind: 'datasec';
  readonly size: number;
  readonly places: readonly BtfPlace[];
}

/** A floating-point type, `size` in bytes. */
export interface BtfFloat extends Named {
  readonly kind: 'float';
  readonly size: number;
}

/** A tag on a declaration; `component` counts members or parameters, -1 is the declaration itself. */
export interface BtfDeclarationTag extends Named {
  readonly kind: 'decl-tag';
  readonly type: number;
  readonly component: number;
  readonly isAttribute: boolean;
}

/** A tag on a type. */
export interface BtfTypeTag extends Named {
  readonly kind: 'type-tag';
  readonly type: number;
  readonly isAttribute: boolean;
}

/** Type 0. */
export interface BtfVoid extends Named {
  readonly kind: 'void';
}

/** A kind that came after this program, skipped by the blob's own account of its size. */
export interface BtfUnknown extends Named {
  readonly kind: 'unknown';
  readonly number: number;
}

/** One type. */
export type BtfType =
  | BtfArray
  | BtfDataSection
  | BtfDeclarationTag
  | BtfEnum
  | BtfFloat
  | BtfForward
  | BtfFunction
  | BtfInt
  | BtfPrototype
  | BtfRecord
  | BtfReference
  | BtfTypeTag
  | BtfUnknown
  | BtfVariable
  | BtfVoid;

/** What `BtfType.kind` can be. */
export type BtfKind = BtfType['kind'];
