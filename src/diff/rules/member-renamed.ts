import { offsetText } from '../encoding.ts';
import { defineRule } from '../rule.ts';

export const memberRenamed = defineRule({
  id: 'member-renamed',
  scope: 'member',
  impact: 'none',
  level: 'note',
  summary: 'A member has another name at the same place, size and type: taken as a rename, which is a guess.',
  check({ name, renamed, writtenMember: out, readMember: into }, emit) {
    if (!renamed || !out || !into) return;
    emit({
      subject: `${name}.${out.name}`,
      message: `${name}.${out.name} is called ${into.name} in the incoming kernel; same place (${offsetText(out.bitOffset)}), size and type, so it is taken as a rename`,
      outgoing: { name: out.name, type: out.type },
      incoming: { name: into.name, type: into.type },
    });
  },
});
