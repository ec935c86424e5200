// The syntax of function bodies as the comparison of code needs it. Nothing is resolved but the scope of local names: every
// local has a name of its own (`err#3`), so that trees may be put together from several functions.

/** A type as code names it: `struct kho_vmalloc *` is { name: 'struct kho_vmalloc', stars: 1 }. */
export interface CodeType {
  readonly name: string;
  readonly stars: number;
  readonly isArray?: true;
}

/**
 * An expression. `op` says what it is:
 * - `local`, `name`, `number`, `string`, `char`: `text`
 * - `call`: the callee, then the arguments; `member`: the object, `text` the member (`p->m` is a member of `deref p`)
 * - `rest`: the arguments that the last parameter of a variadic macro stands for, until it is put in
 * - `index`, `deref`, `address`, `cast` (`type`), `sizeof-type` (`type`), `type` (`type`), `list`, `designate`, `block`
 * - an operator: `+`, `!`, `neg`, `pre++`, `post++`, `?:`, `=`, `+=`, `,`, …
 */
export interface Expression {
  readonly op: string;
  readonly text?: string;
  readonly type?: CodeType;
  /** The pointer that a member holds, in a form that is brought into one: it is no part of what is compared. */
  readonly points?: CodeType;
  readonly args: readonly Expression[];
  /** For `block`: a statement expression. */
  readonly body?: readonly Statement[];
}

/** A statement. Loops are `while` with the step of a `for` apart; a macro that loops is `each` with its call. */
export type Statement =
  | { readonly kind: 'expression'; readonly value: Expression; readonly line: number }
  | { readonly kind: 'declare'; readonly local: string; readonly value?: Expression; readonly line: number }
  | {
      readonly kind: 'if';
      readonly test: Expression;
      readonly body: readonly Statement[];
      readonly other: readonly Statement[];
      readonly line: number;
    }
  | {
      readonly kind: 'while';
      readonly test: Expression;
      readonly body: readonly Statement[];
      readonly step?: Expression;
      readonly isPost: boolean;
      readonly line: number;
    }
  | {
      readonly kind: 'each';
      readonly test: Expression;
      readonly body: readonly Statement[];
      readonly line: number;
    }
  | {
      readonly kind: 'switch';
      readonly test: Expression;
      readonly body: readonly Statement[];
      readonly line: number;
    }
  | { readonly kind: 'block'; readonly body: readonly Statement[]; readonly line: number }
  | { readonly kind: 'case'; readonly value?: Expression; readonly line: number }
  | { readonly kind: 'label' | 'goto'; readonly label: string; readonly line: number }
  | { readonly kind: 'return'; readonly value?: Expression; readonly line: number }
  | { readonly kind: 'break' | 'continue'; readonly line: number };

/** What is known of a local: its type, and whether it lives on between calls. */
export interface Local {
  readonly name: string;
  readonly type: CodeType;
  /**
   * Where `type` has the stars of the first of several in one declaration too, as the hashes in documents know it: the type
   * without them.
   */
  readonly exact?: CodeType;
  readonly isStatic: boolean;
}

/** A function with its parameters as locals. */
export interface FunctionCode {
  readonly name: string;
  readonly parameters: readonly Local[];
  readonly locals: ReadonlyMap<string, Local>;
  readonly body: readonly Statement[];
  readonly returnType: CodeType;
  /** A macro whose last parameter takes all arguments that are left. */
  readonly isVariadic?: true;
}

/** The names of types by which kernel code calls integers, and their class. */
const INTEGERS: ReadonlyMap<string, string> = new Map(
  Object.entries<string>({
    u64: 'i64',
    s64: 'i64',
    __u64: 'i64',
    __s64: 'i64',
    uint64_t: 'i64',
    int64_t: 'i64',
    long: 'i64',
    size_t: 'i64',
    ssize_t: 'i64',
    loff_t: 'i64',
    pgoff_t: 'i64',
    phys_addr_t: 'i64',
    dma_addr_t: 'i64',
    uintptr_t: 'i64',
    u32: 'i32',
    s32: 'i32',
    __u32: 'i32',
    __s32: 'i32',
    uint32_t: 'i32',
    int32_t: 'i32',
    int: 'i32',
    unsigned: 'i32',
    signed: 'i32',
    gfp_t: 'i32',
    u16: 'i16',
    s16: 'i16',
    __u16: 'i16',
    __s16: 'i16',
    uint16_t: 'i16',
    short: 'i16',
    u8: 'i8',
    s8: 'i8',
    __u8: 'i8',
    __s8: 'i8',
    uint8_t: 'i8',
    char: 'i8',
  }),
);

/** Words that make up the names of C's own types. */
export const TYPE_WORDS: ReadonlySet<string> = new Set([
  'unsigned',
  'signed',
  'long',
  'short',
  'int',
  'char',
  'bool',
  '_Bool',
  'void',
  'float',
  'double',
  '__auto_type',
]);

/** Words in a declaration that change nothing of the bytes. */
export const QUALIFIERS: ReadonlySet<string> = new Set([
  'const',
  'volatile',
  'static',
  'register',
  'extern',
  'inline',
  '__inline',
  '__force',
  '__always_inline',
  'noinline',
]);

/** The class of an integer type by its width, for types that are spelled in one word or several. */
export function integerClass(words: readonly string[]): string | undefined {
  const long = words.filter((word) => word === 'long').length;
  if (long > 0) return 'i64';
  if (words.includes('short')) return 'i16';
  if (words.includes('char')) return 'i8';
  return words.length > 0 ? INTEGERS.get(words[words.length - 1] as string) : undefined;
}

/** Whether a word is the name of a type by the custom of the kernel. */
export function looksLikeType(word: string): boolean {
  return TYPE_WORDS.has(word) || INTEGERS.has(word) || /_t$|^__[bl]e\d+$/.test(word);
}
