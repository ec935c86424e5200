import { defineRule } from '../rule.ts';

export const constantChanged = defineRule({
  id: 'constant-changed',
  scope: 'constant',
  impact: 'misread',
  level: 'error',
  summary: 'A constant that shapes the data has another value, or is known on one side only.',
  check({ name, writtenConstant, readConstant, writtenValue, readValue }, emit) {
    const role = (writtenConstant ?? readConstant)?.role;
    if (role === 'flag' || writtenValue === readValue) return;
    const isOneSided = writtenConstant === undefined || readConstant === undefined;
    if (isOneSided && role === 'length') return;
    emit({
      subject: name,
      message: isOneSided
        ? `${name} is ${String(writtenValue ?? readValue)} in the ${writtenConstant ? 'outgoing' : 'incoming'} kernel and does not exist in the other`
        : `${name} is ${String(writtenValue)} in the outgoing kernel and ${String(readValue)} in the incoming one`,
      outgoing: { value: writtenValue ?? null },
      incoming: { value: readValue ?? null },
      ...(isOneSided && { impact: role === 'helper' ? 'none' : 'unknown' }),
      placeKeys: { outgoing: `constant ${name}`, incoming: `constant ${name}` },
    });
  },
});
