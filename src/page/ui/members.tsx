import type { Member } from '../../model/layout.ts';
import type { MemberChange } from '../view/struct-history.ts';

const CHANGE_SIGNS: Record<MemberChange, string> = {
  added: '+',
  changed: '~',
  moved: '↕',
  removed: '−',
  same: '',
};

/** The members of a struct by offset, each with how it stands to the form before. */
export function Members({ members }: { members: readonly { member: Member; change: MemberChange }[] }) {
  return (
    <table class="members">
      <thead class="unseen">
        <tr>
          <th scope="col">change</th>
          <th scope="col">offset</th>
          <th scope="col">size</th>
          <th scope="col">member</th>
        </tr>
      </thead>
      <tbody>
        {members.map(({ member, change }) => (
          <tr key={`${change} ${member.name}`} class={`is-${change}`}>
            <td title={change === 'same' ? undefined : change}>
              <span aria-hidden="true">{CHANGE_SIGNS[change]}</span>
              {change !== 'same' && <span class="unseen">{change}</span>}
            </td>
            <td>{bitText(member.bitOffset)}</td>
            <td>{bitText(member.bitSize)}</td>
            <td>
              <code>
                {member.type} {member.name}
              </code>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Bytes, or bytes and bits. */
function bitText(bits: number): string {
  return bits % 8 === 0 ? String(bits / 8) : `${Math.floor(bits / 8)}:${bits % 8}`;
}
