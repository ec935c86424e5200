import { defineRule } from '../rule.ts';

export const featureIgnored = defineRule({
  id: 'feature-ignored',
  scope: 'marker',
  impact: 'note',
  level: 'warning',
  summary: 'The outgoing kernel uses a feature that the incoming one does not know and need not know.',
  check({ component, writes, accepted }, emit) {
    const written = writes.writes;
    if (typeof written !== 'object' || typeof accepted?.value !== 'object') return;
    const unknown = BigInt(written.active) & ~BigInt(accepted.value.supported);
    if (unknown === 0n) return;
    emit({
      subject: `features of ${component}`,
      message: `${component}: the outgoing kernel uses the features 0x${unknown.toString(16)}, which the incoming one does not know; none of them is required`,
      outgoing: { active: written.active, required: written.required },
      incoming: { supported: accepted.value.supported },
      condition: 'what these features add is lost',
      placeKeys: { outgoing: 'marker', incoming: 'marker' },
    });
  },
});
