import { defineRule } from '../rule.ts';

export const structAdded = defineRule({
  id: 'struct-added',
  scope: 'struct',
  impact: 'none',
  level: 'note',
  summary: 'The incoming kernel knows a struct that the outgoing one never writes.',
  check({ incomingName, written, read, outgoing }, emit) {
    if (written || !read || outgoing.facts.structs[incomingName]) return;
    emit({
      subject: incomingName,
      message: `${incomingName} exists in the incoming kernel only; the outgoing one never writes it`,
      outgoing: { present: false },
      incoming: { size: read.size },
      placeKeys: { incoming: `struct ${incomingName}` },
    });
  },
});
