import { fidelityText } from '../../model/fidelity.ts';
import type { ComponentVerdict, Finding } from '../../model/finding.ts';
import type { CheckOutput } from '../../model/outputs.ts';
import { adviceOf } from '../../report/check-advice.ts';
import type { Opened, View } from '../view/location.ts';
import type { World } from '../view/world.ts';
import { ByteMap } from './byte-map.tsx';
import { Commits } from './commits.tsx';
import { Evidence, TestedLine } from './evidence.tsx';
import { FindingCard } from './finding.tsx';
import { Panel, Section } from './panel.tsx';
import { Chip, Sign } from './sign.tsx';
import { answerText, CLASS_WORDS, EFFECT_WORDS, VERDICT_WORDS } from './words.ts';

interface PairProps {
  world: World;
  view: View;
  outgoing: string;
  incoming: string;
  open(opened: Opened): void;
  close(): void;
}

/** Everything about a pair, and its rollback beside it. */
export function PairPanel({ world, view, outgoing, incoming, open, close }: PairProps) {
  const forward = world.judge(view, outgoing, incoming);
  const back = world.judge(view, incoming, outgoing);
  const name = `${outgoing} ${incoming}`;
  const release = (text: string) => (
    <button type="button" class="link" onClick={() => open({ kind: 'release', release: text })}>
      {text}
    </button>
  );
  const title = (
    <>
      {release(outgoing)} → {release(incoming)}
    </>
  );
  const panel = { name, title, kicker: `Live update · ${view.profile} on ${view.target}`, close };
  if (!forward || !back) return <Panel {...panel}>This pair cannot be judged.</Panel>;
  const [from = 0, to = 0] = [world.positionOf(outgoing), world.positionOf(incoming)];
  const classes = world.pairClasses(from, to);
  const openBack = (): void => open({ kind: 'pair', outgoing: incoming, incoming: outgoing });
  return (
    <Panel {...panel}>
      <div class="ways">
        <Way title="Update" pair={forward} isOpen />
        {outgoing !== incoming && <Way title="Rollback" pair={back} open={openBack} />}
      </div>
      {classes.length > 0 && (
        <p class="quiet">Pair class: {classes.map((each) => `${each} (${CLASS_WORDS[each]})`).join(', ')}</p>
      )}
      <Meaning pair={forward} />
      <Chain pair={forward} />
      <Findings pair={forward} world={world} open={open} />
      <Advice pair={forward} />
      <Section title="Evidence">
        <Evidence evidence={forward.evidence} />
      </Section>
      <Facts pair={forward} />
    </Panel>
  );
}

function Way({
  title,
  pair,
  isOpen = false,
  open,
}: {
  title: string;
  pair: CheckOutput;
  isOpen?: boolean;
  open?: () => void;
}) {
  return (
    <section class={`way${isOpen ? ' is-shown' : ''}`}>
      <h3>
        {title} <span class="quiet">{`${pair.outgoing} → ${pair.incoming}`}</span>
      </h3>
      <p>
        <Chip verdict={pair.verdict} effect={pair.effect} />
      </p>
      <p>{pair.summary}</p>
      {pair.kinds && (
        <ul class="kinds">
          {pair.kinds.map(({ profile, verdict, effect, conditions = [] }) => (
            <li key={profile}>
              {verdict === 'unsupported' ? (
                <span class="quiet">{`${profile}: not carried by ${pair.outgoing}`}</span>
              ) : (
                <>
                  <Chip verdict={verdict} effect={effect} /> {profile}
                </>
              )}
              {conditions.map((condition) => (
                <p key={condition} class="quiet">
                  {condition}
                </p>
              ))}
            </li>
          ))}
        </ul>
      )}
      {!pair.kinds &&
        pair.conditions?.map((condition) => (
          <p key={condition} class="quiet">
            {condition}
          </p>
        ))}
      <TestedLine evidence={pair.evidence} />
      {open && (
        <button type="button" class="tool" onClick={open}>
          Show the rollback
        </button>
      )}
    </section>
  );
}

function Meaning({ pair: { verdict, effect } }: { pair: CheckOutput }) {
  return (
    <Section title="What it means">
      <p>
        {VERDICT_WORDS[verdict]} {effect && EFFECT_WORDS[effect]}
      </p>
    </Section>
  );
}

function Chain({ pair }: { pair: CheckOutput }) {
  return (
    <Section title="The chain, in the order in which the new kernel reaches it">
      <ol class="chain">
        {pair.components.map(({ id, verdict, effect, role, markers }) => (
          <li key={id} class={pair.decidedBy?.component === id ? 'is-deciding' : ''}>
            <Sign verdict={verdict} effect={effect} />
            <b>{id}</b>
            <span>
              {answerText({ verdict, effect })}
              {pair.decidedBy?.component === id && ' — decides'}
            </span>
            <code>{markerText(markers)}</code>
            <span class="quiet">{role}</span>
          </li>
        ))}
      </ol>
    </Section>
  );
}

function markerText({ outgoing, incoming }: ComponentVerdict['markers']): string {
  if (outgoing === null && incoming === null) return '';
  if (outgoing === incoming) return `${outgoing} on both sides`;
  return `${outgoing ?? 'none'} → ${incoming ?? 'none'}`;
}

interface FindingsProps {
  pair: CheckOutput;
  world: World;
  open(opened: Opened): void;
}

function Findings({ pair, world, open }: FindingsProps) {
  const parts = pair.components.filter(({ findings }) => findings.some((finding) => !isSilent(finding)));
  const silent = pair.components.flatMap(({ findings }) => findings).filter(isSilent).length;
  const { rules } = world.data;
  const structOf = ({ subject }: Finding): (() => void) | undefined => {
    const struct = subject.split('.')[0] ?? '';
    const isStruct = world.data.facts.some(({ structs }) => Object.hasOwn(structs, struct));
    return isStruct ? () => open({ kind: 'struct', struct }) : undefined;
  };
  const change = { outgoing: [pair.outgoing], incoming: [pair.incoming], targets: [pair.target] };
  const card = (component: string) => (finding: Finding, at: number) => (
    <FindingCard
      key={at}
      component={component}
      finding={finding}
      rules={rules}
      openStruct={structOf(finding)}
    />
  );
  return (
    <Section title="Findings">
      {parts.length === 0 && <p class="quiet">Nothing that fails, and nothing to know.</p>}
      {parts.map(({ id, findings, layouts = [] }) => {
        const failing = findings.filter(isFailing);
        return (
          <div key={id}>
            <Commits world={world} change={{ ...change, component: id }} />
            {failing.slice(0, 1).map(card(id))}
            {layouts.map((compared) => (
              <ByteMap key={compared.struct} {...compared} />
            ))}
            {failing.slice(1).map(card(id))}
            {findings.filter((finding) => !isFailing(finding) && !isSilent(finding)).map(card(id))}
          </div>
        );
      })}
      {silent > 0 && (
        <details>
          <summary>{silent} more differences that read the same</summary>
          {pair.components.flatMap(({ id, findings }) => findings.filter(isSilent).map(card(id)))}
        </details>
      )}
    </Section>
  );
}

function isFailing({ impact }: Finding): boolean {
  return impact === 'misread' || impact === 'refused';
}

function isSilent({ impact, level }: Finding): boolean {
  return impact === 'none' && level === 'note';
}

function Advice({ pair }: { pair: CheckOutput }) {
  const advice = adviceOf(pair);
  if (!advice) return null;
  return (
    <>
      {advice.sees.length > 0 && (
        <Section title="What an operator sees">
          {advice.sees.map((text) => (
            <p key={text}>{text}</p>
          ))}
        </Section>
      )}
      <Section title="What to do">
        <ul>
          {advice.todo.map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      </Section>
    </>
  );
}

/** Where facts were not read from source alone. */
function Facts({ pair }: { pair: CheckOutput }) {
  const lines = (['outgoing', 'incoming'] as const).flatMap((side) => {
    const idsByText = new Map<string, string[]>();
    for (const { id, fidelity } of pair.components) {
      const text = fidelity ? fidelityText(fidelity[side]) : 'source';
      if (text !== 'source') idsByText.set(text, [...(idsByText.get(text) ?? []), id]);
    }
    return [...idsByText].map(([text, ids]) => `${pair[side]}: ${text} (${ids.join(', ')})`);
  });
  if (lines.length === 0) return null;
  return (
    <Section title="Where the facts come from">
      {lines.map((line) => (
        <p key={line} class="quiet">
          {line}
        </p>
      ))}
    </Section>
  );
}
