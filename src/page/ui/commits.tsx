import type { Change } from '../../model/commits.ts';
import { commitsBetween } from '../../model/commits.ts';
import type { World } from '../view/world.ts';

interface CommitsProps {
  world: World;
  change: Change;
}

/** The commits of upstream that lie between kernels, or between what they are based on. */
export function Commits({ world, change }: CommitsProps) {
  const { component, outgoing, incoming } = change;
  const isOwn = [...outgoing, ...incoming].every(
    (release) => world.head(world.positionOf(release) ?? 0).kind === 'upstream',
  );
  return commitsBetween(world.data.commits, change).map(({ commit, first, kinds, what }) => (
    <p key={commit} class="quiet">
      {isOwn ? `${component}: changed by ` : `${component}: upstream changed it by `}
      <code>{commit}</code> in {first} ({kinds.join(', ')}): {what}
    </p>
  ));
}
