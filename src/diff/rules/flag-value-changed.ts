import type { ConstantPair } from '../rule.ts';
import { defineRule } from '../rule.ts';

function messageOf({ name, writtenConstant, readConstant, writtenValue, readValue }: ConstantPair): string {
  if (!writtenConstant) return `${name} is known to the incoming kernel only; the outgoing one never sets it`;
  const there = readConstant ? `${String(readValue ?? 'not known')}` : 'does not exist';
  return `${name} is ${String(writtenValue ?? 'not known')} in the outgoing kernel and ${there} in the incoming one`;
}

export const flagValueChanged = defineRule({
  id: 'flag-value-changed',
  scope: 'constant',
  impact: 'misread',
  level: 'error',
  summary: 'A flag has another value, or the incoming kernel no longer has it.',
  check(pair, emit) {
    const { name, writtenConstant, readConstant, writtenValue, readValue } = pair;
    if ((writtenConstant ?? readConstant)?.role !== 'flag') return;
    const isKnown = writtenValue !== undefined && readValue !== undefined;
    if (isKnown && writtenValue === readValue) return;
    emit({
      subject: name,
      message: messageOf(pair),
      outgoing: { value: writtenValue ?? null },
      incoming: { value: readValue ?? null },
      ...(!isKnown && { impact: writtenConstant ? 'unknown' : 'none' }),
      placeKeys: { outgoing: `constant ${name}`, incoming: `constant ${name}` },
    });
  },
});
