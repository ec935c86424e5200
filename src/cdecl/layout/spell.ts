import type { FieldNode, ShapeNode } from '../expression/ast.ts';
import { renderTokens, spellTokens, type Token } from '../lex/token.ts';

/** A specifier as Member.type has it: `u64`, `struct x`, `union (anon)`, `const char`. */
export function spellSpecifier(
  { specifier, qualifiers }: Pick<FieldNode, 'specifier' | 'qualifiers'>,
  tokens: readonly Token[],
): string {
  return [...qualifiers, spellBase(specifier, tokens)].join(' ');
}

function spellBase(specifier: FieldNode['specifier'], tokens: readonly Token[]): string {
  switch (specifier.node) {
    case 'base':
      return specifier.words.join(' ');
    case 'named':
      return specifier.name;
    case 'typeof':
      return `typeof(${renderTokens(tokens.slice(specifier.operand.from, specifier.operand.to))})`;
    case 'enum':
      return `enum ${specifier.tag ?? '(anon)'}`;
    case 'record':
      return `${specifier.kind} ${specifier.tag ?? '(anon)'}`;
  }
}

/** The whole type of a member, array lengths evaluated: `char[48]`, `struct x *`, `int (*)(void)`. */
export function spellShape(
  base: string,
  shape: readonly ShapeNode[],
  lengths: readonly (number | undefined)[],
  tokens: readonly Token[],
): string {
  let declarator = '';
  let array = lengths.length;
  for (const step of shape.toReversed()) {
    if (step.node === 'pointer') {
      declarator = `*${declarator}`;
      continue;
    }
    if (declarator.startsWith('*')) declarator = `(${declarator})`;
    if (step.node === 'function')
      declarator += `(${spellTokens(tokens.slice(step.parameters.from, step.parameters.to))})`;
    else {
      array -= 1;
      declarator += `[${lengths[array] ?? ''}]`;
    }
  }
  if (declarator === '') return base;
  return declarator.startsWith('[') ? `${base}${declarator}` : `${base} ${declarator}`;
}
