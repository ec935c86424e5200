import type { Random } from './random.ts';

const LITERALS = [
  '0',
  '1',
  '2',
  '7',
  '12',
  '0x1f',
  '0xffffffff',
  '017',
  "'a'",
  "'\\n'",
  '1UL',
  '3ULL',
  '5u',
  '255',
  '0x80000000',
  '1LL',
  '4096',
  '65535U',
  '0b101',
];
const TYPES = [
  'u8',
  's8',
  'u16',
  's16',
  'u32',
  's32',
  'u64',
  's64',
  'unsigned char',
  'long',
  'unsigned long',
  'int',
  'char',
  'bool',
  'size_t',
];
const OPERATORS = ['+', '-', '*', '&', '|', '^', '==', '!=', '<', '>', '<=', '>=', '&&', '||'];

/** A constant expression; `names` are constants that may stand in it, `types` more operands for sizeof. */
export function randomExpression(
  random: Random,
  names: readonly string[],
  types: readonly string[],
  depth = 3,
): string {
  if (depth === 0 || random.once(4)) return leaf(random, names, types);
  const inner = () => randomExpression(random, names, types, depth - 1);
  switch (random.below(14)) {
    case 0:
      return `(${inner()} ? ${inner()} : ${inner()})`;
    case 1:
      return `((${random.pick(TYPES)})${leaf(random, names, types)})`;
    case 2:
      return `(${random.pick(['-', '~', '!', '+'])}${leaf(random, names, types)})`;
    case 3:
      return `(${inner()} << (${inner()} & 15))`;
    case 4:
      return `(${inner()} >> (${inner()} & 15))`;
    case 5:
      return `(${inner()} ${random.pick(['/', '%'])} ((${inner()} & 63) + 1))`;
    case 6:
      return random.pick([
        () => `DIV_ROUND_UP((${inner()} & 0xffff), ${1 + random.below(64)})`,
        () => `ALIGN((${inner()} & 0xffff), ${1 << random.below(8)})`,
        () => `BIT(${random.below(64)})`,
        () => `const_ilog2(${1 + random.below(100000)})`,
        () => `GENMASK(${32 + random.below(32)}, ${random.below(32)})`,
      ])();
    default:
      return `(${inner()} ${random.pick(OPERATORS)} ${inner()})`;
  }
}

function leaf(random: Random, names: readonly string[], types: readonly string[]): string {
  if (names.length > 0 && random.once(3)) return random.pick(names);
  if (random.once(6)) return `sizeof(${random.pick([...TYPES, ...types, 'void *'])})`;
  if (random.once(16)) return 'sizeof("kho" "-v1")';
  if (random.once(20)) return '_Alignof(u16)';
  return random.pick(LITERALS);
}
