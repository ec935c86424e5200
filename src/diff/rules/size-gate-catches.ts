import { defineRule } from '../rule.ts';

export const sizeGateCatches = defineRule({
  id: 'size-gate-catches',
  scope: 'summary',
  impact: 'none',
  level: 'note',
  summary:
    'A longer struct would be read behind its end; the size check of the incoming kernel refuses it first.',
  check({ findings }, emit) {
    const gate = findings.find((finding) => finding.rule === 'minimum-size-raised');
    const behind = findings.find(
      ({ rule, impact, subject }) =>
        ['array-length-changed', 'member-added-at-end'].includes(rule) &&
        impact === 'none' &&
        subject.startsWith(`${gate?.subject}.`),
    );
    if (!gate || !behind) return;
    emit({
      subject: gate.subject,
      message: `${gate.subject}: ${behind.subject} is not read wrongly, because the size check refuses the data first`,
      outgoing: gate.outgoing,
      incoming: gate.incoming,
    });
  },
});
