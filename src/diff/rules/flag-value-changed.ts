import { defineRule } from '../rule.ts';

export const flagValueChanged = defineRule({
  id: 'flag-value-changed',
  scope: 'constant',
  impact: 'misread',
  level: 'error',
  summary: 'A flag has another value, or the incoming kernel no longer has it.',
  check({ name, writtenConstant, readConstant, writtenValue, readValue }, emit) {
    if ((writtenConstant ?? readConstant)?.role !== 'flag' || writtenValue === readValue) return;
    const isNew = writtenConstant === undefined;
    const isGone = readConstant === undefined;
    emit({
      subject: name,
      message: isNew
        ? `${name} is known to the incoming kernel only; the outgoing one never sets it`
        : `${name} is ${String(writtenValue)} in the outgoing kernel and ${isGone ? 'does not exist' : String(readValue)} in the incoming one`,
      outgoing: { value: writtenValue ?? null },
      incoming: { value: readValue ?? null },
      ...(isNew && { impact: 'none' }),
      ...(isGone && { impact: 'unknown' }),
      placeKeys: { outgoing: `constant ${name}`, incoming: `constant ${name}` },
    });
  },
});
