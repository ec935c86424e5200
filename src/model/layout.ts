/** A place in a source tree. */
export interface Where {
  /** Path from the top of the kernel tree. */
  file: string;
  /**
   * Line, counted from 1.
   * @minimum 1
   * @asType integer
   */
  line: number;
}

/**
 * One member of a struct or union. Members of an anonymous struct or union stand in the outer one with their offset in
 * it, as C sees them; a named member of a type that stands nowhere else carries that type's members in `members`.
 */
export interface Member {
  name: string;
  /**
   * From the start of the outer struct, in bits.
   * @minimum 0
   * @asType integer
   */
  bitOffset: number;
  /**
   * In bits; 0 for a flexible array.
   * @minimum 0
   * @asType integer
   */
  bitSize: number;
  /** As the declaration spells it, macros expanded: `u64`, `char[48]`, `struct kho_vmalloc`, `union (anon)`. */
  type: string;
  /**
   * What the bytes are, whatever the spelling: `u8` to `u64`, `s8` to `s64`, `be16` to `be64` (and `le…` only where it
   * differs from the target, so never), `char`, `bool`, `f32`, `f64`, `ptr`, `struct NAME`, `union NAME`, `struct`,
   * `union` (unnamed: see `members`), followed by one `[N]` per array dimension, `[]` for a flexible one. A bit-field
   * adds `:BITS`. Two members with an equal encoding hold equal bytes for equal values.
   */
  encoding: string;
  /**
   * The members of an unnamed struct or union type, or of one that no component covers, offsets counted from the start of
   * this member.
   */
  members?: Member[];
  /** What a pointer points to, as an encoding; absent for `void` and for documents that do not say it. */
  pointee?: string;
  /** Where the member is declared. Documents keep it beside the layout, in the component's `places`. */
  where?: Where;
}

/** The layout of a struct or union on one target. */
export interface Layout {
  kind: 'struct' | 'union';
  /**
   * sizeof, in bytes.
   * @minimum 0
   * @asType integer
   */
  size: number;
  /**
   * _Alignof, in bytes.
   * @minimum 1
   * @asType integer
   */
  align: number;
  /** Whether the declaration bears `packed`. A fact of the source: no binary carries it. */
  packed: boolean;
  members: Member[];
}

/** A constant's value: a number, a decimal string beyond 2^53, or the text of a string literal. */
export type ConstantValue = number | string;
