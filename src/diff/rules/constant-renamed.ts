import { defineRule } from '../rule.ts';

export const constantRenamed = defineRule({
  id: 'constant-renamed',
  scope: 'constant',
  impact: 'none',
  level: 'note',
  summary: 'A constant has another name and the same value: taken as a rename, which is a guess.',
  check({ name, incomingName, writtenConstant, readConstant, writtenValue }, emit) {
    if (name === incomingName || !writtenConstant || !readConstant) return;
    emit({
      subject: name,
      message: `${name} is called ${incomingName} in the incoming kernel; both are ${String(writtenValue)}`,
      outgoing: { name, value: writtenValue ?? null },
      incoming: { name: incomingName, value: writtenValue ?? null },
      placeKeys: { outgoing: `constant ${name}`, incoming: `constant ${incomingName}` },
    });
  },
});
