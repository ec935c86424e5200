import { defineRule } from '../rule.ts';

export const roundTripFails = defineRule({
  id: 'round-trip-fails',
  scope: 'roundTrip',
  impact: 'misread',
  level: 'error',
  summary:
    'The code of the outgoing kernel was run to hand something over, the code that reads was run on that, and not all of it came back.',
  check({ trip: { name, does, writer, reader }, differs }, emit) {
    const why =
      differs === 'writing'
        ? 'the two kernels read by the same code, and what the outgoing one writes does not come back from it'
        : 'the two kernels write by the same code, and it does not come back from what the incoming one reads by';
    emit({
      subject: name,
      message: `${does}: ${why}`,
      effect: 'corruption',
      outgoing: { comesBack: differs === 'reading' },
      incoming: { comesBack: differs === 'writing' },
      placeKeys: { outgoing: `function ${writer.function}`, incoming: `function ${reader.function}` },
    });
  },
});
