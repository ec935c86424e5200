import { sortKeys } from '../model/canonical.ts';
import type { ConstantFacts } from '../model/component-definition.ts';
import type { ComponentState, ConstantState } from '../model/component-state.ts';
import type { ConstantValue } from '../model/layout.ts';
import { forTarget } from '../model/target.ts';
import type { Reading } from './build-context.ts';
import { borrowed, overruled } from './build-context.ts';
import { perTarget } from './build-structs.ts';

/**
 * The constants of a component: enumerators, and lengths that arrays show, as the BTF of the build has them; the others from
 * its source. Where the build is known to have something of its own in the component, such a constant is not known.
 */
export function readConstants(reading: Reading): ComponentState['constants'] {
  const { source, era, context, doubts, unchecked, confirmed } = reading;
  const found: [string, ConstantState][] = [];
  const unseen: [string, ConstantState][] = [];
  for (const [name, state] of Object.entries(source?.constants ?? {})) {
    const value = shownValue(name, era?.constants[name], reading);
    if (value === undefined) unseen.push([name, state]);
    else found.push([name, heldAgainst(name, { state, value }, reading)]);
    if (value !== undefined) confirmed.add(name);
  }
  const hasOtherFacts = doubts.some(({ code, isNote }) => code === 'source-disagrees' && isNote);
  for (const [name, { role }] of unseen) {
    if (role === 'helper' || role === 'gate') continue;
    const { isNote: _isNote, ...doubt } = borrowed(name, context);
    doubts.push(hasOtherFacts ? doubt : { ...doubt, isNote: true });
  }
  for (const [name, facts] of Object.entries(era?.constants ?? {})) {
    if (source && !unchecked.has(name)) continue;
    const value = shownValue(name, facts, reading);
    if (value !== undefined) {
      unchecked.delete(name);
      found.push([name, { role: facts.role, value: perTarget(value, context.targets) }]);
    } else if (facts.role !== 'helper' && facts.role !== 'gate') unchecked.add(name);
  }
  return sortKeys(Object.fromEntries([...found, ...unseen]));
}

/** The value that the BTF has: of an enumerator, or as the length of an array. */
function shownValue(
  name: string,
  facts: ConstantFacts | undefined,
  { context: { declarations }, origins }: Reading,
): ConstantValue | undefined {
  const value = declarations.enumerator(name) ?? lengthOf(facts, declarations);
  if (value === undefined) return undefined;
  origins.constants = [...new Set([...origins.constants, 'btf' as const])];
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value.toString();
}

function lengthOf(
  facts: ConstantFacts | undefined,
  declarations: Reading['context']['declarations'],
): bigint | undefined {
  if (!facts?.shownBy) return undefined;
  const [struct = '', name] = facts.shownBy.member.split('.');
  const [first, ...others] = declarations.layouts(struct);
  const member = others.length > 0 ? undefined : first?.layout.members.find((one) => one.name === name);
  if (!member) return undefined;
  if (facts.shownBy.unit === 'bits') return BigInt(member.bitSize);
  const length = /\[(\d+)\]/.exec(member.encoding)?.[1];
  return length === undefined ? undefined : BigInt(length);
}

function heldAgainst(
  name: string,
  { state, value }: { state: ConstantState; value: ConstantValue },
  { context, doubts }: Reading,
): ConstantState {
  const { targets, lender } = context;
  const said = targets.map((target) => forTarget(state.value, target));
  if (said.some((one) => String(one) === String(value))) return state;
  const message = `${name} is ${said[0]} in ${lender} and ${value} in the build: judged as the build has it`;
  doubts.push(overruled(name, message, context));
  return { ...state, value: { ...state.value, ...perTarget(value, targets) } };
}
