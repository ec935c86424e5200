import { isReserved } from '../flat-member.ts';
import { defineRule } from '../rule.ts';

export const tailIgnored = defineRule({
  id: 'tail-ignored',
  scope: 'member',
  impact: 'note',
  level: 'note',
  summary: 'The outgoing kernel writes a member behind the end of what the incoming one reads.',
  check({ name, read, writtenMember: out, readMember: into }, emit) {
    if (into || !out || isReserved(out.name) || out.bitOffset < read.size * 8) return;
    emit({
      subject: `${name}.${out.name}`,
      message: `${name}.${out.name} (${out.type}) lies behind the ${read.size} bytes that the incoming kernel reads, and is ignored`,
      outgoing: { bitOffset: out.bitOffset, bitSize: out.bitSize, type: out.type },
      incoming: { present: false, size: read.size },
      condition: 'what it says is lost',
    });
  },
});
