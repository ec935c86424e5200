import type { Effect, Verdict } from '../../model/verdict-kind.ts';
import { signOf } from '../../report/style.ts';
import { Sign } from './sign.tsx';

const ENTRIES: readonly [Verdict, Effect | null][] = [
  ['misread', null],
  ['refused', 'boot-panic'],
  ['refused', null],
  ['unknown', null],
  ['unsupported', null],
  ['compatible-with-notes', null],
  ['compatible', null],
];

/** What the signs mean, worst first. */
export function Legend() {
  return (
    <ul class="legend" aria-label="Legend">
      {ENTRIES.map(([verdict, effect]) => (
        <li key={`${verdict} ${effect}`}>
          <Sign verdict={verdict} effect={effect} /> {signOf(verdict, effect).label}
        </li>
      ))}
      <li>
        <span class="legend-tested" aria-hidden="true">
          ✓
        </span>{' '}
        tested: as predicted
      </li>
      <li>
        <span class="legend-tested" aria-hidden="true">
          *
        </span>{' '}
        safe under a condition
      </li>
    </ul>
  );
}
