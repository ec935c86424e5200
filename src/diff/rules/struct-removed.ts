import { defineRule } from '../rule.ts';

export const structRemoved = defineRule({
  id: 'struct-removed',
  scope: 'struct',
  impact: 'misread',
  level: 'error',
  summary: 'The outgoing kernel writes a struct that the incoming one does not have.',
  check({ name, incomingName, placement, written, read, incoming, candidates }, emit) {
    if (!written || read || incoming.facts.structs[incomingName]) return;
    // The pointers that led to it are compared.
    if (placement === 'reached') return;
    emit({
      subject: name,
      message: `${name} is written, and the incoming kernel has no such struct${candidates.length > 0 ? `; it may be called ${candidates.join(' or ')} there` : ''}`,
      outgoing: { size: written.size },
      incoming: { present: false },
      ...(candidates.length > 0 && { impact: 'unknown' }),
      placeKeys: { outgoing: `struct ${name}` },
    });
  },
});
