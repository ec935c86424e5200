import { isSameWire } from '../pairing.ts';
import { defineRule } from '../rule.ts';

export const packingChanged = defineRule({
  id: 'packing-changed',
  scope: 'struct',
  impact: 'none',
  level: 'note',
  summary: 'A struct is packed on one side only; what that moves is reported member by member.',
  check({ name, written, read }, emit) {
    if (!written || !read || written.packed === read.packed) return;
    // Where nothing moved the word says nothing, and a build does not carry it.
    if (isSameWire(written, read)) return;
    emit({
      subject: name,
      message: `${name} is ${written.packed ? 'packed' : 'not packed'} when written and ${read.packed ? 'packed' : 'not packed'} when read`,
      outgoing: { packed: written.packed },
      incoming: { packed: read.packed },
      placeKeys: { outgoing: `struct ${name}`, incoming: `struct ${name}` },
    });
  },
});
