import { signOf } from '../../report/style.ts';
import type { Axis } from '../view/axis.ts';
import type { View } from '../view/location.ts';
import type { World } from '../view/world.ts';
import { isConditional } from './cell-text.ts';
import { toneOf } from './words.ts';

/** The whole matrix as a table, for paper: there is nothing to scroll there. Columns bear the numbers of the rows. */
export function PrintTable({ world, view, axis }: { world: World; view: View; axis: Axis }) {
  return (
    <table class="print">
      <caption>
        {view.profile} on {view.target}: outgoing kernel down, incoming kernel across
      </caption>
      <thead>
        <tr>
          <td />
          {axis.items.map(({ label }, at) => (
            <th key={label} scope="col">
              {at + 1}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {axis.items.map((from, at) => (
          <tr key={from.label}>
            <th scope="row">
              {at + 1} {from.label}
            </th>
            {axis.items.map((to) => {
              const answer = world.answer(view, from.members[0] ?? 0, to.members[0] ?? 0);
              const [verdict, effect] = [answer?.verdict ?? 'unknown', answer?.effect ?? null] as const;
              return (
                <td key={to.label} class={toneOf(verdict, effect)}>
                  {signOf(verdict, effect).mark}
                  {isConditional(world, view, from, to) && '*'}
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
