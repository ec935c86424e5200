import { Random } from './random.ts';
import { randomExpression } from './random-expression.ts';

/** How a member can be reached and measured by a C program. */
export interface MemberProbe {
  readonly path: string;
  readonly kind: 'plain' | 'bits' | 'flexible';
}

export interface StructProbe {
  /** As it is written in C: `struct h0_s1` or a typedef's name. */
  readonly type: string;
  readonly members: readonly MemberProbe[];
}

export interface RandomHeader {
  readonly path: string;
  readonly text: string;
  readonly structs: readonly StructProbe[];
  readonly constants: readonly string[];
  /** Holds unnamed bit-fields, which the two architectures align differently. */
  readonly hasUnnamedBitFields: boolean;
}

const SCALARS = [
  'u8',
  'u16',
  'u32',
  'u64',
  's8',
  's16',
  's32',
  's64',
  'char',
  'short',
  'int',
  'long',
  'unsigned int',
  'unsigned long',
  'long long',
  'bool',
  '__le32',
  '__be16',
  'phys_addr_t',
  'size_t',
  'void *',
  'char *',
  'unsigned long int',
  'short unsigned',
  '__u64',
  '__aligned_u64',
  'signed char',
  'double',
  'float',
];
const BIT_TYPES: readonly (readonly [string, number])[] = [
  ['u8', 8],
  ['u16', 16],
  ['u32', 32],
  ['u64', 64],
  ['int', 32],
  ['unsigned long', 64],
  ['unsigned int', 32],
  ['bool', 1],
  ['s64', 64],
  ['unsigned char', 8],
];
const PACKED = ['__packed', '__attribute__((packed))', '__attribute__((__packed__))'];

/** A header with the constructs of kernel headers, from a seed; every name starts with `h<number>_`. */
export function randomHeader(seed: number, number: number): RandomHeader {
  return new HeaderWriter(new Random(seed), `h${number}`).write();
}

class HeaderWriter {
  readonly #random: Random;
  readonly #prefix: string;
  readonly #lines: string[] = [];
  readonly #constants: string[] = [];
  /** Constants between 1 and 40, fit for lengths. */
  readonly #lengths: string[] = [];
  readonly #structs: StructProbe[] = [];
  /** Types that may be embedded, none of them ends in a flexible array. */
  readonly #types: string[] = [];
  readonly #enums: string[] = [];
  #count = 0;
  #hasUnnamedBitFields = false;
  #hasFlexible = false;

  constructor(random: Random, prefix: string) {
    this.#random = random;
    this.#prefix = prefix;
  }

  #name(letter: string): string {
    this.#count += 1;
    return `${this.#prefix}_${letter}${this.#count}`;
  }

  write(): RandomHeader {
    const guard = `${this.#prefix.toUpperCase()}_GUARD`;
    this.#lines.push(
      `#ifndef ${guard}`,
      `#define ${guard}`,
      '#include <linux/types.h>',
      '/* a comment',
      ' * over lines */',
    );
    this.#helpers();
    const steps = 6 + this.#random.below(8);
    for (let step = 0; step < steps; step += 1) this.#step();
    this.#record();
    this.#lines.push(`#endif // ${guard}`);
    return {
      path: `include/linux/${this.#prefix}.h`,
      text: `${this.#lines.join('\n')}\n`,
      structs: this.#structs,
      constants: this.#constants,
      hasUnnamedBitFields: this.#hasUnnamedBitFields,
    };
  }

  #helpers(): void {
    const p = this.#prefix;
    this.#lines.push(
      `#define ${p}_PTR(name, type) \\`,
      '\tunion {             \\',
      '\t\tu64 phys;  \\',
      '\t\ttype ptr;  \\',
      '\t} name',
      `#define ${p}_PAIR(type, name) type name##_a; type name##_b`,
      `#define ${p}_GROUP(NAME, ...) union { struct { __VA_ARGS__ }; struct { __VA_ARGS__ } NAME; }`,
      `#define ${p}_SELF ${p}_SELF`,
    );
  }

  #step(): void {
    switch (this.#random.below(8)) {
      case 0:
        this.#constant();
        return;
      case 1:
        this.#length();
        return;
      case 2:
        this.#enum();
        return;
      case 3:
        this.#typedef();
        return;
      case 4:
        this.#conditional();
        return;
      default:
        this.#record();
    }
  }

  #constant(): void {
    const name = this.#name('C').toUpperCase();
    this.#lines.push(`#define ${name} ${randomExpression(this.#random, this.#constants, this.#types)}`);
    this.#constants.push(name);
  }

  #length(): void {
    const name = this.#name('N').toUpperCase();
    const value = this.#random.pick([
      () => String(1 + this.#random.below(20)),
      () => `(${1 + this.#random.below(9)} + ${this.#random.below(9)} * 2)`,
      () => `DIV_ROUND_UP(${1 + this.#random.below(200)}, 8)`,
      () => `((PAGE_SIZE - sizeof(u64)) / 512)`,
      () => `(const_ilog2(PAGE_SIZE / sizeof(phys_addr_t)) + 1)`,
      () => `(1 << ${this.#random.below(5)})`,
      () => `sizeof("${'x'.repeat(this.#random.below(9))}-v${this.#random.below(9)}")`,
      () => `(${randomExpression(this.#random, [], this.#types, 1)} ? ${1 + this.#random.below(5)} : 3)`,
    ])();
    this.#lines.push(`#define ${name} ${value}${this.#random.once(3) ? ' /* how many */' : ''}`);
    this.#lengths.push(name);
    this.#constants.push(name);
  }

  #enum(): void {
    const name = this.#name('e');
    const isPacked = this.#random.once(4);
    const entries: string[] = [];
    for (let index = 0; index < 1 + this.#random.below(5); index += 1) {
      const entry = this.#name('E').toUpperCase();
      const value = this.#random.pick([
        '',
        '',
        ` = ${this.#random.below(300)}`,
        ` = -${this.#random.below(200)}`,
        ` = PAGE_SHIFT + ${this.#random.below(9)}`,
        ' = 1 << 30',
        ' = 0xffffffff',
        ' = BIT(40)',
      ]);
      if (isPacked && value.length > 8) entries.push(`\t${entry},`);
      else entries.push(`\t${entry}${value},`);
      this.#constants.push(entry);
      // The next one would have no value that fits.
      if (value === ' = 0xffffffff') break;
    }
    this.#lines.push(`enum ${name} {`, ...entries, `}${isPacked ? ' __packed' : ''};`);
    this.#enums.push(`enum ${name}`);
  }

  #typedef(): void {
    const name = this.#name('t');
    const base = this.#embeddable();
    const form = this.#random.pick([
      () => `typedef ${base} ${name};`,
      () => `typedef ${base} ${name}[${this.#len()}];`,
      () =>
        `typedef ${this.#random.pick(['u8', 'u32', 'u64'])} ${name} __attribute__((aligned(${1 << this.#random.below(5)})));`,
      () => `typedef int (*${name})(void *, u32);`,
      () => `typedef ${base} *${name};`,
    ])();
    this.#lines.push(form);
    // An array whose element is aligned beyond its size is an error in C.
    if (!form.includes('aligned')) this.#types.push(name);
  }

  #conditional(): void {
    const test = this.#random.pick([
      'PAGE_SHIFT > 12',
      'PAGE_SIZE == 4096',
      'defined(PAGE_SHIFT) && !defined(NOT_THERE)',
      'defined NOT_THERE || BITS_PER_LONG == 64',
      `${this.#prefix}_UNKNOWN`,
      '(1 ? 2 : 0) == 2 && -1 < 0u + 1',
      `(${this.#random.below(99)} & 3) * 2 - 1 > 1`,
      'IS_ENABLED(CONFIG_NOT_THERE)',
      "'a' == 97 && 0x10 == 020",
      '~0ULL > 0xffffffff',
    ]);
    const name = this.#name('V').toUpperCase();
    const typeName = this.#name('v');
    this.#lines.push(
      `#if ${test}`,
      `#define ${name} ${this.#random.below(9) + 1}`,
      `typedef u32 ${typeName};`,
    );
    if (this.#random.once(2))
      this.#lines.push(
        `#elif ${this.#random.pick(['PAGE_SHIFT == 14', '1', '0'])}`,
        `# define ${name} 11`,
        `typedef u16 ${typeName};`,
      );
    this.#lines.push(
      '#else',
      '#if 0',
      "this isn't C {{{ (",
      '#endif',
      `#\tdefine ${name} \\`,
      '  12',
      `typedef u64 ${typeName};`,
      '#endif',
    );
    if (this.#random.once(4)) this.#lines.push(`#undef ${name}`, `#define ${name} 13`);
    this.#constants.push(name);
    this.#lengths.push(name);
    this.#types.push(typeName);
  }

  #len(): string {
    if (this.#lengths.length > 0 && this.#random.once(2)) return this.#random.pick(this.#lengths);
    return this.#random.pick(['1', '2', '3', '4', '5', '7', '8', '13', '2 * 3', '0x10']);
  }

  #embeddable(): string {
    if (this.#types.length > 0 && this.#random.once(3)) return this.#random.pick(this.#types);
    if (this.#enums.length > 0 && this.#random.once(8)) return this.#random.pick(this.#enums);
    return this.#random.pick(SCALARS);
  }

  #record(): void {
    const keyword = this.#random.once(5) ? 'union' : 'struct';
    const tag = this.#name('s');
    const members: MemberProbe[] = [];
    this.#hasFlexible = false;
    const isTypedef = this.#random.once(6);
    const before = this.#random.once(6)
      ? ` ${this.#random.pick([...PACKED, '__attribute__((aligned(8)))'])}`
      : '';
    const after = this.#random.once(3)
      ? ` ${this.#random.pick([...PACKED, ...PACKED, '__aligned(16)', '__attribute__((packed, aligned(4)))'])}`
      : '';
    const pack = this.#random.once(12);
    if (pack) this.#lines.push(`#pragma pack(push, ${1 << this.#random.below(4)})`);
    const head = isTypedef && this.#random.once(2) ? `${keyword}${before}` : `${keyword}${before} ${tag}`;
    this.#lines.push(`${isTypedef ? 'typedef ' : ''}${head} {`);
    this.#members(members, '', keyword, 0);
    if (keyword === 'struct' && this.#random.once(6)) this.#flexible(members);
    this.#lines.push(`}${after}${isTypedef ? ` ${tag}_t` : ''};`);
    if (pack) this.#lines.push('#pragma pack(pop)');
    const type = isTypedef ? `${tag}_t` : `${keyword} ${tag}`;
    this.#structs.push({ type, members });
    if (!this.#hasFlexible) this.#types.push(type);
  }

  #flexible(members: MemberProbe[]): void {
    const name = this.#name('f');
    this.#hasFlexible = true;
    this.#lines.push(
      `\tu32 ${name}_before;`,
      `\t${this.#random.pick(['u8', 'u64', 'struct { u16 k; u8 l; }'])} ${name}[];`,
    );
    members.push({ path: `${name}_before`, kind: 'plain' }, { path: name, kind: 'flexible' });
  }

  #members(members: MemberProbe[], path: string, keyword: string, depth: number): void {
    const count = 1 + this.#random.below(7);
    for (let index = 0; index < count; index += 1) this.#member(members, path, keyword, depth);
  }

  #member(members: MemberProbe[], path: string, keyword: string, depth: number): void {
    const name = this.#name('m');
    const plain = (...names: string[]) => {
      for (const each of names) members.push({ path: `${path}${each}`, kind: 'plain' });
    };
    switch (this.#random.below(depth > 2 ? 10 : 16)) {
      case 0:
        this.#lines.push(`\t${this.#embeddable()} ${name}[${this.#len()}];`);
        plain(name);
        return;
      case 1:
        this.#lines.push(`\tu16 ${name}[${this.#len()}][${this.#len()}], *${name}_p;`);
        plain(name, `${name}_p`);
        return;
      case 2:
        this.#lines.push(`\tDECLARE_BITMAP(${name}, ${1 + this.#random.below(300)});`);
        plain(name);
        return;
      case 3:
        this.#lines.push(`\t${this.#prefix}_PTR(${name}, struct ${this.#prefix}_absent *);`);
        plain(name, `${name}.phys`, `${name}.ptr`);
        return;
      case 4:
        this.#lines.push(`\t${this.#prefix}_PAIR(${this.#embeddable()}, ${name});`);
        plain(`${name}_a`, `${name}_b`);
        return;
      case 5:
        this.#lines.push(
          `\t${this.#random.pick(['int (*%)(int x, void *y)', 'const char *const %', 'void (*%[2])(void)', 'struct list_head %', 'volatile u32 %', 'u8 %[0]']).replace('%', name)};`,
        );
        plain(name);
        return;
      case 6:
        this.#lines.push(
          `\t${this.#random.pick(['u8', 'u32', 'u64', 'u16'])} ${name} ${this.#random.pick(['__packed', '__aligned(8)', '__attribute__((aligned(2)))', '__aligned(1 << 4)', '__attribute__((packed, aligned(2)))'])};`,
        );
        plain(name);
        return;
      case 7:
      case 8:
        this.#bitFields(members, path);
        return;
      case 10:
      case 11:
        this.#nested(members, path, name, depth);
        return;
      case 12:
        this.#lines.push(
          `\t${this.#prefix}_GROUP(${name}, u8 ${name}_x; u32 ${name}_y;`,
          `\t\tu16 ${name}_z:3, ${name}_w:9;);`,
        );
        plain(`${name}_x`, `${name}_y`, name, `${name}.${name}_x`, `${name}.${name}_y`);
        members.push({ path: `${path}${name}_w`, kind: 'bits' });
        return;
      default:
        this.#lines.push(
          `\t${this.#embeddable()} ${name};${keyword === 'union' ? ' // one of several' : ''}`,
        );
        plain(name);
    }
  }

  #bitFields(members: MemberProbe[], path: string): void {
    for (let index = 0; index < 1 + this.#random.below(4); index += 1) {
      const [type, limit] = this.#random.pick(BIT_TYPES);
      const name = this.#name('b');
      if (this.#random.once(9)) {
        this.#hasUnnamedBitFields = true;
        this.#lines.push(`\t${type} : ${this.#random.once(2) ? 0 : 1 + this.#random.below(limit)};`);
        continue;
      }
      const width = 1 + this.#random.below(limit);
      const attribute = this.#random.once(12) ? ' __packed' : '';
      if (limit > 8 && this.#random.once(4)) {
        const other = 1 + this.#random.below(limit);
        this.#lines.push(`\t${type} ${name}:${width}, ${name}_n : ${other};`);
        members.push({ path: `${path}${name}_n`, kind: 'bits' });
      } else this.#lines.push(`\t${type} ${name}:${width}${attribute};`);
      members.push({ path: `${path}${name}`, kind: 'bits' });
    }
  }

  #nested(members: MemberProbe[], path: string, name: string, depth: number): void {
    const keyword = this.#random.once(2) ? 'union' : 'struct';
    const isNamed = this.#random.once(2);
    this.#lines.push(`\t${keyword} {`);
    if (isNamed) members.push({ path: `${path}${name}`, kind: 'plain' });
    this.#members(members, isNamed ? `${path}${name}.` : path, keyword, depth + 1);
    this.#lines.push(`\t}${this.#random.once(4) ? ' __packed' : ''}${isNamed ? ` ${name}` : ''};`);
  }
}
