import { defineRule } from '../rule.ts';

export const meaningMayDiffer = defineRule({
  id: 'meaning-may-differ',
  scope: 'code',
  impact: 'note',
  level: 'note',
  summary:
    'The code that writes or reads the data changed under an equal layout, and nobody has reviewed the change yet.',
  check({ writtenCode, readCode, reviewed }, emit) {
    if (!writtenCode.hash || !readCode.hash || writtenCode.hash === readCode.hash) return;
    emit({
      subject: `${writtenCode.function}()`,
      message: reviewed
        ? `${writtenCode.function}() differs between the two kernels and was reviewed: ${reviewed}`
        : `${writtenCode.function}() differs between the two kernels: equal bytes may mean something else`,
      outgoing: { hash: writtenCode.hash.slice(0, 12) },
      incoming: { hash: readCode.hash.slice(0, 12) },
      ...(reviewed
        ? { impact: 'none' }
        : { condition: 'the change means nothing for the data; nobody has reviewed it yet' }),
      placeKeys: {
        outgoing: `function ${writtenCode.function}`,
        incoming: `function ${readCode.function}`,
      },
    });
  },
});
