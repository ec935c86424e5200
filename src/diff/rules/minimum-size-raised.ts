import { defineRule } from '../rule.ts';

export const minimumSizeRaised = defineRule({
  id: 'minimum-size-raised',
  scope: 'check',
  impact: 'refused',
  level: 'error',
  summary: 'The incoming kernel refuses data shorter than its own struct, and the outgoing one writes less.',
  check({ check, writtenLayout, readLayout, outgoing }, emit) {
    if (check.kind !== 'minimum-size') return;
    const placeKeys = { outgoing: `struct ${check.struct}`, incoming: `struct ${check.struct}` };
    if (!writtenLayout || !readLayout) {
      const side = writtenLayout ? 'incoming' : 'outgoing';
      emit({
        subject: check.struct,
        message: `${check.struct}: the incoming kernel checks its size, which is not known for the ${side} kernel`,
        impact: 'unknown',
        placeKeys,
      });
      return;
    }
    const told = outgoing.facts.checks.find(({ struct }) => struct === check.struct)?.told;
    const isInPages = told !== undefined && told !== check.told;
    if (!isInPages && writtenLayout.size >= readLayout.size) return;
    const does = isInPages ? 'tells its size in pages' : `writes ${writtenLayout.size} bytes`;
    emit({
      subject: check.struct,
      message: `${check.struct}: the outgoing kernel ${does}, the incoming one demands at least ${readLayout.size}`,
      outgoing: isInPages ? { told } : { size: writtenLayout.size },
      incoming: { minimumSize: readLayout.size },
      effect: check.effect,
      ...(check.message && { sees: check.message }),
      placeKeys,
    });
  },
});
