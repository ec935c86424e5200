import type { Era, PropertyFacts, TreeName } from '../components/define.ts';
import type { FoundDoubt } from '../model/doubt.ts';
import type { DeclarationReader } from './reader.ts';

// What the component's data says of its reader, held against the reader's code: which calls it makes, with which names.
// A claim that the code contradicts is in doubt; code that is not at hand confirms nothing.

interface Claim {
  /** The macro, node, property or struct that it is about. */
  subject: string;
  /** Whose code it is. */
  side: 'reads' | 'writes';
  what: string;
  functions: readonly string[];
  /** Whether the tokens of one of the functions bear the claim out. */
  isBorneOut(tokens: readonly string[]): boolean;
}

/** The claims of an era that the code at hand contradicts. */
export function contradictions(era: Era, reader: DeclarationReader): FoundDoubt[] {
  return claimsOf(era).flatMap((claim) => {
    const bodies = claim.functions.flatMap((name) => {
      const found = reader.functionBody(era.files, name);
      return found ? [{ name, ...found }] : [];
    });
    if (bodies.length === 0 || bodies.some(({ tokens }) => claim.isBorneOut(tokens))) return [];
    const [first] = bodies;
    const names = bodies.map(({ name }) => `${name}()`).join(', ');
    return [
      {
        code: 'check-not-confirmed',
        subject: claim.subject,
        side: claim.side,
        message: `${claim.what}, as far as luo-abi knows: not found in ${names}`,
        ...(first && { where: first.where }),
      },
    ];
  });
}

function claimsOf(era: Era): Claim[] {
  const own = era.reader.function === undefined ? [] : [era.reader.function];
  const nodes = era.fdt.flatMap((node) => [
    ...nodeClaim(node, own),
    ...node.properties.map((property) => propertyClaim(property, own)),
  ]);
  const sizes = era.checks.map(({ struct }) => ({
    subject: struct,
    side: 'reads' as const,
    what: `a blob shorter than ${struct} is refused`,
    functions: own,
    isBorneOut: (tokens: readonly string[]) => hasSequence(tokens, ['<', 'sizeof']),
  }));
  return [...markerClaim(era, own), ...nodes, ...sizes];
}

function markerClaim({ marker }: Era, functions: readonly string[]): Claim[] {
  const { kind, macro } = marker;
  const call = { 'fdt-string': 'fdt_node_check_compatible', 'struct-string': 'strncmp' }[kind as string];
  if (macro === undefined || call === undefined) return [];
  const isBorneOut = (tokens: readonly string[]): boolean => hasCall(tokens, call, macro);
  return [
    { subject: macro, side: 'reads', what: `${macro} is compared by ${call}()`, functions, isBorneOut },
  ];
}

function nodeClaim(node: TreeName & { onMissing?: unknown }, functions: readonly string[]): Claim[] {
  if (!('macro' in node) || node.onMissing === undefined) return [];
  const call = node.prefix === 'KHO:/' ? 'kho_retrieve_subtree' : 'fdt_subnode_offset';
  const isBorneOut = (tokens: readonly string[]): boolean => hasCall(tokens, call, node.macro);
  const what = `the node ${node.macro} is looked up by ${call}()`;
  return [{ subject: node.macro, side: 'reads', what, functions, isBorneOut }];
}

function propertyClaim(property: PropertyFacts, own: readonly string[]): Claim {
  const spelled = 'macro' in property ? property.macro : `"${property.name}"`;
  const demandsLength = property.exactLength !== undefined;
  return {
    subject: spelled,
    side: 'reads',
    what: `the property ${spelled} is read by fdt_getprop()${demandsLength ? ' with a test of its length' : ''}`,
    functions: property.readBy ?? own,
    isBorneOut: (tokens) =>
      hasCall(tokens, 'fdt_getprop', spelled) && (!demandsLength || hasSequence(tokens, ['!=', 'sizeof'])),
  };
}

function hasSequence(tokens: readonly string[], sequence: readonly string[]): boolean {
  return tokens.some((_, start) => sequence.every((text, index) => tokens[start + index] === text));
}

/** Whether some call of a function has a token among its arguments. */
function hasCall(tokens: readonly string[], name: string, argument: string): boolean {
  return tokens.some((token, start) => token === name && argumentsAt(tokens, start + 1).includes(argument));
}

function argumentsAt(tokens: readonly string[], open: number): readonly string[] {
  let depth = 0;
  for (let at = open; at < tokens.length; at += 1) {
    if (tokens[at] === '(') depth += 1;
    if (tokens[at] === ')') depth -= 1;
    if (depth === 0) return tokens.slice(open, at);
  }
  return [];
}
