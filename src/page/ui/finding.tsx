import type { Finding, FindingSide } from '../../model/finding.ts';
import type { PageDocument } from '../../model/page.ts';

interface FindingProps {
  component: string;
  finding: Finding;
  rules: PageDocument['rules'];
  openStruct?: (() => void) | undefined;
}

/** One finding with both sides and where they stand. */
export function FindingCard({ component, finding, rules, openStruct }: FindingProps) {
  const { rule, level, subject, message, outgoing, incoming, where, sees, condition } = finding;
  const summary = rules.find(({ id }) => id === rule)?.summary;
  return (
    <article
      class={`finding is-${finding.impact === 'misread' || finding.impact === 'refused' ? 'failing' : level}`}
    >
      <p class="finding-head">
        <b>{level}</b> <span title={summary}>{rule}</span> · {component} ·{' '}
        {openStruct ? (
          <button type="button" class="link" onClick={openStruct}>
            <code>{subject}</code>
          </button>
        ) : (
          <code>{subject}</code>
        )}
      </p>
      <p>{message}</p>
      <Side name="outgoing" facts={outgoing} where={where} />
      <Side name="incoming" facts={incoming} where={where} />
      {sees !== undefined && (
        <p class="console">
          console: <code>{sees}</code>
        </p>
      )}
      {condition !== undefined && <p class="quiet">Condition: {condition}</p>}
    </article>
  );
}

interface SideProps {
  name: 'incoming' | 'outgoing';
  facts: FindingSide;
  where: Finding['where'];
}

function Side({ name, facts, where }: SideProps) {
  const entries = Object.entries(facts).map(([key, value]) => `${key} ${String(value)}`);
  const places = where.filter(({ side }) => side === name).map(({ file, line }) => `${file}:${line}`);
  if (entries.length === 0 && places.length === 0) return null;
  return (
    <p class="side">
      <span class="side-name">{name}</span> {entries.join(', ')}
      {places.map((place) => (
        <code key={place} class="place">
          {place}
        </code>
      ))}
    </p>
  );
}
