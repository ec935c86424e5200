import type { Btf } from './btf.ts';
import { corrupt } from './corrupt.ts';
import type { BtfPrototype, BtfType } from './model.ts';
import { MAX_DEPTH } from './resolve.ts';

/** Parameters that one spelling may name in all, those of nested function pointers included. */
const MAX_PARAMETERS = 64;

/** What compilers write into debug information, as sources have it. */
const INT_NAMES: { readonly [name: string]: string } = {
  _Bool: 'bool',
  'short int': 'short',
  'short unsigned int': 'unsigned short',
  'long int': 'long',
  'long unsigned int': 'unsigned long',
  'long long int': 'long long',
  'long long unsigned int': 'unsigned long long',
  '__int128 unsigned': 'unsigned __int128',
};

/**
 * A type as C declares it, without a member's name: `u64`, `const char *`, `struct x *[4]`, `int (*)(struct x *)`.
 * Qualifiers of pointers themselves are left out. `isFlexible`: an array of no elements is `[]`, not `[0]`.
 * Throws BTF_CORRUPT for a cycle.
 */
export function spellType(btf: Btf, id: number, isFlexible = false): string {
  return spell(btf, id, { left: MAX_PARAMETERS, isFlexible }, 0);
}

/** What one spelling has left, shared by all that nests in it. */
interface Budget {
  /** Parameters that may still be named. */
  left: number;
  readonly isFlexible: boolean;
}

function spell(btf: Btf, id: number, budget: Budget, depth: number): string {
  let declarator = '';
  let qualifiers: string[] = [];
  let current = id;
  for (let step = depth; step < MAX_DEPTH; step += 1) {
    const type = btf.type(current);
    const base = baseText(type);
    if (base !== undefined) return joined([...qualifiers, base].join(' '), declarator);
    if (!('type' in type)) break;
    current = type.type;
    if (type.kind === 'ptr') {
      declarator = `*${declarator}`;
      qualifiers = [];
    } else if (type.kind === 'array') {
      const length = budget.isFlexible && type.length === 0 && declarator === '' ? '' : type.length;
      declarator = `${grouped(declarator)}[${length}]`;
    } else if (type.kind === 'func-proto') {
      declarator = `${grouped(declarator)}(${parametersText(btf, type, budget, step)})`;
      qualifiers = [];
    } else if (type.kind === 'const' || type.kind === 'volatile') qualifiers.push(type.kind);
  }
  throw corrupt(`type ${id} leads through more than ${MAX_DEPTH} types`);
}

/** What a declaration begins with; undefined for what only wraps another type. */
function baseText(type: BtfType): string | undefined {
  const name = type.name === '' ? '(anon)' : type.name;
  switch (type.kind) {
    case 'void':
      return 'void';
    case 'int':
      return INT_NAMES[type.name] ?? name;
    case 'float':
    case 'typedef':
      return name;
    case 'struct':
    case 'union':
      return `${type.kind} ${name}`;
    case 'fwd':
      return `${type.form} ${name}`;
    case 'enum':
    case 'enum64':
      return `enum ${name}`;
    default:
      return undefined;
  }
}

function grouped(declarator: string): string {
  return declarator.startsWith('*') ? `(${declarator})` : declarator;
}

function joined(base: string, declarator: string): string {
  if (declarator === '') return base;
  return declarator.startsWith('[') ? `${base}${declarator}` : `${base} ${declarator}`;
}

function parametersText(btf: Btf, type: BtfPrototype, budget: Budget, depth: number): string {
  const { parameters } = type;
  if (parameters.length === 0) return 'void';
  if (parameters.length > budget.left) return '...';
  budget.left -= parameters.length;
  const inner: Budget = { left: budget.left, isFlexible: false };
  const texts = parameters.map((parameter, index) => {
    const isRest = parameter.type === 0 && index === parameters.length - 1;
    return isRest ? '...' : spell(btf, parameter.type, inner, depth + 1);
  });
  budget.left = inner.left;
  return texts.join(', ');
}
