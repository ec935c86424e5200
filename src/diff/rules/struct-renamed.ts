import { defineRule } from '../rule.ts';

export const structRenamed = defineRule({
  id: 'struct-renamed',
  scope: 'struct',
  impact: 'none',
  level: 'note',
  summary: 'A struct has another name and the same layout: taken as a rename, which is a guess.',
  check({ name, incomingName, written, read }, emit) {
    if (!written || !read || name === incomingName) return;
    emit({
      subject: name,
      message: `${name} is called ${incomingName} in the incoming kernel; the layouts are equal, so it is taken as a rename`,
      outgoing: { name },
      incoming: { name: incomingName },
      placeKeys: { outgoing: `struct ${name}`, incoming: `struct ${incomingName}` },
    });
  },
});
