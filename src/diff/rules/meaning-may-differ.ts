import { defineRule } from '../rule.ts';

export const meaningMayDiffer = defineRule({
  id: 'meaning-may-differ',
  scope: 'code',
  impact: 'note',
  level: 'note',
  summary:
    'The code that writes or reads the data changed under an equal layout, and nobody has reviewed the change yet.',
  check({ writtenCode, readCode }, emit) {
    if (!writtenCode.hash || !readCode.hash || writtenCode.hash === readCode.hash) return;
    emit({
      subject: `${writtenCode.function}()`,
      message: `${writtenCode.function}() differs between the two kernels: equal bytes may mean something else`,
      outgoing: { hash: writtenCode.hash.slice(0, 12) },
      incoming: { hash: readCode.hash.slice(0, 12) },
      condition: 'the change was not reviewed',
      placeKeys: {
        outgoing: `function ${writtenCode.function}`,
        incoming: `function ${readCode.function}`,
      },
    });
  },
});
