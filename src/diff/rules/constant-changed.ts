import type { ConstantPair, Emission } from '../rule.ts';
import { defineRule } from '../rule.ts';

function messageOf({ name, writtenConstant, readConstant, writtenValue, readValue }: ConstantPair): string {
  const [here, there] = [writtenValue, readValue].map((value) => String(value ?? 'not known'));
  if (writtenConstant && readConstant) {
    return `${name} is ${here} in the outgoing kernel and ${there} in the incoming one`;
  }
  const value = writtenConstant ? here : there;
  return `${name} is ${value} in the ${writtenConstant ? 'outgoing' : 'incoming'} kernel and does not exist in the other`;
}

/** What makes the change less than a misread, where something does. */
function mitigation({ isShownByMembers, ...pair }: ConstantPair): Partial<Emission> {
  const { writtenConstant, readConstant, writtenValue, readValue } = pair;
  const role = (writtenConstant ?? readConstant)?.role;
  if (role === 'undescribed')
    return { impact: 'unknown', condition: `nothing that is handed over goes by ${pair.name}` };
  const isOneSided =
    !writtenConstant || !readConstant || writtenValue === undefined || readValue === undefined;
  if (role === 'gate') {
    const effect = pair.incoming.facts.reader?.onRefused ?? 'state-dropped';
    return isOneSided ? { impact: 'none' } : { impact: 'refused', effect };
  }
  if (role === 'helper' || (role === 'length' && (isOneSided || isShownByMembers))) return { impact: 'none' };
  return isOneSided || writtenValue === undefined || readValue === undefined ? { impact: 'unknown' } : {};
}

export const constantChanged = defineRule({
  id: 'constant-changed',
  scope: 'constant',
  impact: 'misread',
  level: 'error',
  summary:
    'A constant that shapes the data has another value, or is known on one side only; nothing for a helper, or for the length of an array whose member tells.',
  check(pair, emit) {
    const { name, writtenConstant, readConstant, writtenValue, readValue } = pair;
    if ((writtenConstant ?? readConstant)?.role === 'flag') return;
    const isKnown = writtenValue !== undefined || readValue !== undefined;
    if (isKnown && writtenValue === readValue) return;
    emit({
      subject: name,
      message: messageOf(pair),
      outgoing: { value: writtenValue ?? null },
      incoming: { value: readValue ?? null },
      ...mitigation(pair),
      placeKeys: { outgoing: `constant ${name}`, incoming: `constant ${name}` },
    });
  },
});
