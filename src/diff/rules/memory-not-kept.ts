import { placeName } from '../place-name.ts';
import { defineRule } from '../rule.ts';

export const memoryNotKept = defineRule({
  id: 'memory-not-kept',
  scope: 'kept',
  impact: 'misread',
  level: 'error',
  summary:
    'The outgoing kernel hands over where memory lies, and no longer sees to it that this memory is kept.',
  check({ function: name, place, outgoing }, emit) {
    const subject = placeName(place, outgoing.layoutOf);
    emit({
      subject,
      message: `${name}() writes ${subject}, and does not keep the memory that lies there: it may be used for something else before it is taken`,
      effect: 'corruption',
      outgoing: { kept: false },
      incoming: { kept: true },
      placeKeys: { outgoing: `function ${name}`, incoming: `function ${name}` },
    });
  },
});
