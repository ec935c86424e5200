import { defineRule } from '../rule.ts';

export const minimumSizeRaised = defineRule({
  id: 'minimum-size-raised',
  scope: 'check',
  impact: 'refused',
  level: 'error',
  summary: 'The incoming kernel refuses data shorter than its own struct, and the outgoing one writes less.',
  check({ check, writtenLayout, readLayout }, emit) {
    if (check.kind !== 'minimum-size' || !writtenLayout || !readLayout) return;
    if (writtenLayout.size >= readLayout.size) return;
    emit({
      subject: check.struct,
      message: `${check.struct}: the outgoing kernel writes ${writtenLayout.size} bytes, the incoming one demands at least ${readLayout.size}`,
      outgoing: { size: writtenLayout.size },
      incoming: { minimumSize: readLayout.size },
      effect: check.effect,
      ...(check.message && { sees: check.message }),
      placeKeys: { outgoing: `struct ${check.struct}`, incoming: `struct ${check.struct}` },
    });
  },
});
