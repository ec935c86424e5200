import type { ComponentVerdictKind, Effect } from '../../model/verdict-kind.ts';
import { signOf } from '../../report/style.ts';
import { answerText, toneOf } from './words.ts';

interface Answer {
  verdict: ComponentVerdictKind;
  effect: Effect | null;
}

/** The sign of an answer in its colours; the words stand beside it or in its title. */
export function Sign({ verdict, effect }: Answer) {
  return (
    <span class={`sign ${toneOf(verdict, effect)}`} aria-hidden="true">
      {signOf(verdict, effect).mark}
    </span>
  );
}

/** The answer in words, in its colours. */
export function Chip({ verdict, effect }: Answer) {
  return (
    <span class={`chip ${toneOf(verdict, effect)}`}>
      <span class="chip-mark" aria-hidden="true">
        {signOf(verdict, effect).mark}
      </span>
      {answerText({ verdict, effect })}
    </span>
  );
}
