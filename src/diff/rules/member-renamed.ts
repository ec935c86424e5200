import type { CodeState } from '../../model/component-state.ts';
import { offsetText } from '../encoding.ts';
import { sharesWord } from '../rename.ts';
import { defineRule } from '../rule.ts';

/** Whether all functions that are known of the component are the same in both kernels. */
function isCodeSame(written: readonly CodeState[], read: readonly CodeState[]): boolean {
  const keys = (code: readonly CodeState[]): string[] =>
    code.flatMap(({ function: name, hash }) => (hash === undefined ? [] : [`${name} ${hash}`])).sort();
  const [one, other] = [keys(written), keys(read)];
  return one.length > 0 && one.join('\n') === other.join('\n');
}

export const memberRenamed = defineRule({
  id: 'member-renamed',
  scope: 'member',
  impact: 'none',
  level: 'note',
  summary:
    'A member has another name at the same place, size and type: taken as a rename, which is a guess; a note where the names share no word and the code differs.',
  check({ name, renamed, writtenMember: out, readMember: into, outgoing, incoming }, emit) {
    if (!renamed || !out || !into) return;
    const isPlain = sharesWord(out.name, into.name) || isCodeSame(outgoing.facts.code, incoming.facts.code);
    emit({
      subject: `${name}.${out.name}`,
      message: `${name}.${out.name} is called ${into.name} in the incoming kernel; same place (${offsetText(out.bitOffset)}), size and type, so it is taken as a rename`,
      outgoing: { name: out.name, type: out.type },
      incoming: { name: into.name, type: into.type },
      ...(!isPlain && { impact: 'note', condition: 'the two names mean the same' }),
    });
  },
});
