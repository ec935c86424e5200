import type { NodePair, PropertyPair } from '../rule.ts';
import { defineRule } from '../rule.ts';

function isPropertyPair(pair: NodePair | PropertyPair): pair is PropertyPair {
  return 'readProperty' in pair;
}

export const presenceNowRequired = defineRule({
  id: 'presence-now-required',
  scope: 'presence',
  impact: 'refused',
  level: 'error',
  summary: 'The incoming kernel demands a node or property that the outgoing one does not write.',
  check(pair, emit) {
    if (isPropertyPair(pair)) {
      const { path, writtenProperty: out, readProperty: into } = pair;
      if (out || !into?.onMissing) return;
      emit({
        subject: `${path} ${into.name}`,
        message: `the incoming kernel demands the property ${into.name} of ${path}, which the outgoing one does not write`,
        outgoing: { present: false },
        incoming: { name: into.name },
        effect: into.onMissing,
        placeKeys: { incoming: `fdt ${path} ${into.name}` },
      });
      return;
    }
    const { writtenNode: out, readNode: into } = pair;
    if (!into?.onMissing || (out && !out.notWritten)) return;
    emit({
      subject: into.path,
      message: `the incoming kernel demands the node ${into.path}, which the outgoing one does not write`,
      outgoing: { present: false },
      incoming: { path: into.path },
      effect: into.onMissing,
      ...(into.missingMessage && { sees: into.missingMessage }),
      placeKeys: { incoming: `fdt ${into.path}` },
    });
  },
});
