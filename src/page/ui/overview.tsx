import type { PairClass } from '../../model/outputs.ts';
import type { Axis } from '../view/axis.ts';
import type { Tally } from '../view/count.ts';
import { OUTCOMES, tallyAll, tallyClass } from '../view/count.ts';
import type { View } from '../view/location.ts';
import type { World } from '../view/world.ts';
import { CLASS_WORDS, OUTCOME_WORDS } from './words.ts';

interface OverviewProps {
  world: World;
  view: View;
  axis: Axis;
  choose(only: PairClass | undefined): void;
}

/** What the pairs in view come to, by class; a card chooses its class. */
export function Overview({ world, view, axis, choose }: OverviewProps) {
  const all = tallyAll(world, view, axis.positions);
  const cards = (Object.keys(CLASS_WORDS) as PairClass[]).map((name) => ({
    name,
    tally: tallyClass(world, view, { positions: axis.positions, name }),
  }));
  return (
    <section class="overview" aria-label="Overview">
      <Card
        title="All ordered pairs"
        words={`${axis.positions.length} kernels, each with each, both ways`}
        tally={all}
        isChosen={view.only === undefined}
        choose={() => choose(undefined)}
      />
      {cards.map(({ name, tally }) => (
        <Card
          key={name}
          title={name}
          words={CLASS_WORDS[name]}
          tally={tally}
          isChosen={view.only === name}
          choose={() => choose(view.only === name ? undefined : name)}
        />
      ))}
    </section>
  );
}

interface CardProps {
  title: string;
  words: string;
  tally: Tally;
  isChosen: boolean;
  choose(): void;
}

function Card({ title, words, tally, isChosen, choose }: CardProps) {
  const there = OUTCOMES.filter((outcome) => tally[outcome] > 0);
  return (
    <button
      type="button"
      class={`card${isChosen ? ' is-chosen' : ''}`}
      aria-pressed={isChosen}
      onClick={choose}
    >
      <span class="card-title">{title}</span>
      <span class="card-words">{words}</span>
      <span class="card-number">
        {tally.total > 0 && `${tally.safe} of ${tally.total}`}
        <small>{tally.total > 0 ? ' safe' : 'no such pair among these kernels'}</small>
      </span>
      <span class="bar" aria-hidden="true">
        {there.map((outcome) => (
          <span key={outcome} class={`bar-part o-${outcome}`} style={{ flexGrow: tally[outcome] }} />
        ))}
      </span>
      <span class="card-rest">
        {there
          .filter((outcome) => outcome !== 'safe')
          .map((outcome) => `${tally[outcome]} ${OUTCOME_WORDS[outcome]}`)
          .join(' · ')}
      </span>
    </button>
  );
}
