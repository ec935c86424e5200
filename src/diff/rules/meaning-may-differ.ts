import { defineRule } from '../rule.ts';

export const meaningMayDiffer = defineRule({
  id: 'meaning-may-differ',
  scope: 'code',
  impact: 'note',
  level: 'note',
  summary:
    'The code that writes or reads the data changed under an equal layout, and nobody has reviewed the change yet.',
  check({ writtenCode, readCode, reviewed }, emit) {
    const [from, to] = [writtenCode?.hash, readCode?.hash];
    // A function that came new changes nothing that the outgoing kernel did; what calls it is compared by itself.
    if (!writtenCode || !from || from === to) return;
    const name = writtenCode.function;
    const difference = to ? 'differs between the two kernels' : 'is in the outgoing kernel only';
    emit({
      subject: `${name}()`,
      message: reviewed
        ? `${name}() ${difference} and was reviewed: ${reviewed}`
        : `${name}() ${difference}: equal bytes may mean something else`,
      outgoing: { hash: from.slice(0, 12) },
      incoming: { hash: to?.slice(0, 12) ?? null },
      ...(reviewed
        ? { impact: 'none' }
        : { condition: 'the change means nothing for the data; nobody has reviewed it yet' }),
      placeKeys: { outgoing: `function ${name}`, incoming: `function ${name}` },
    });
  },
});
