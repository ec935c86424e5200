import { defineRule } from '../rule.ts';

export const nodeRenamed = defineRule({
  id: 'node-renamed',
  scope: 'node',
  impact: 'misread',
  level: 'error',
  summary: 'A node has another name in the incoming kernel, which therefore does not find it.',
  check({ path, writtenNode, readNode, candidates }, emit) {
    if (!writtenNode || writtenNode.notWritten) return;
    if (!readNode && candidates.length > 0) {
      emit({
        subject: path,
        message: `the node ${path} is not looked for under this name; ${candidates.join(' or ')} may be what became of it`,
        outgoing: { path },
        impact: 'unknown',
        placeKeys: { outgoing: `fdt ${path}` },
      });
    }
    if (!readNode || writtenNode.path === readNode.path) return;
    emit({
      subject: path,
      message: `the node ${writtenNode.path} is looked for as ${readNode.path}`,
      outgoing: { path: writtenNode.path },
      incoming: { path: readNode.path },
      ...(readNode.onMissing && { impact: 'refused', effect: readNode.onMissing }),
      ...(readNode.missingMessage && { sees: readNode.missingMessage }),
      placeKeys: { outgoing: `fdt ${writtenNode.path}`, incoming: `fdt ${readNode.path}` },
    });
  },
});
