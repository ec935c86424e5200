import type { PairEvidence } from '../../model/evidence.ts';

/** One line: what was only predicted is never called tested. */
export function TestedLine({ evidence }: { evidence: PairEvidence | undefined }) {
  const agreement = evidence?.agreement ?? 'untested';
  if (agreement === 'agrees') return <p class="tested-line is-agrees">✓ Tested: as predicted</p>;
  if (agreement === 'disagrees') {
    return (
      <p class="tested-line is-disagrees">
        ! Tests disagree with this prediction; do not trust it until they are settled
      </p>
    );
  }
  return <p class="tested-line">Predicted, not tested</p>;
}

/** Every recorded test of a pair. */
export function Evidence({ evidence }: { evidence: PairEvidence | undefined }) {
  const records = evidence?.records ?? [];
  if (records.length === 0)
    return <p class="quiet">No test of this pair is recorded. The answer is a prediction.</p>;
  return (
    <ul class="records">
      {records.map(({ id, outcome, who, date, how, seen, changed, settled, conditions = [], log }) => (
        <li key={id}>
          <p>
            <b>{outcome}</b> · {date} · {who} · <span class="quiet">{how}</span>
            {evidence?.disagreeing.includes(id) && <b> · contradicts the prediction</b>}
          </p>
          {changed && (
            <p>
              A changed kernel, which says nothing of the released pair:{' '}
              {[changed.outgoing, changed.incoming].filter((text) => text !== undefined).join('; ')}
            </p>
          )}
          {seen !== undefined && <p>Seen: {seen}</p>}
          {conditions.length > 0 && <p class="quiet">Conditions: {conditions.join('; ')}</p>}
          {settled && (
            <p>
              Settled by {settled.by}, {settled.date}: {settled.reason}
            </p>
          )}
          {log !== undefined && <p class="quiet">Log: {log}</p>}
        </li>
      ))}
    </ul>
  );
}
