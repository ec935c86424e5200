import type { HandedValueState } from '../../model/component-state.ts';
import { isPlaceText, placeName } from '../place-name.ts';
import { defineRule, type LayoutLookup, type ValuePair } from '../rule.ts';

export const valueEncodingChanged = defineRule({
  id: 'value-encoding-changed',
  scope: 'value',
  impact: 'misread',
  level: 'error',
  summary:
    'The code computes another value for what it hands over, or makes another of what it reads, from the same parts.',
  check(pair, emit) {
    const { outgoing, incoming } = pair;
    const { from, to } = pair.change;
    const name = `${from.function}()`;
    const [here, there] = [inWords(from, outgoing.layoutOf), inWords(to, incoming.layoutOf)];
    emit({
      subject: subjectOf(pair),
      message: `${name} ${doingOf(from)}: ${here} in the outgoing kernel, ${there} in the incoming one`,
      effect: 'corruption',
      outgoing: { value: here },
      incoming: { value: there },
      placeKeys: { outgoing: `function ${from.function}`, incoming: `function ${to.function}` },
    });
  },
});

/** The member, property or function that the value belongs to. */
function subjectOf({ change: { from }, outgoing }: ValuePair): string {
  const place = from.at.startsWith('=') ? from.at.slice(1) : (from.from ?? '');
  const isNamed = place.startsWith('property ') || isPlaceText(place);
  return isNamed ? placeName(place, outgoing.layoutOf) : `${from.function}()`;
}

function doingOf({ at, side }: HandedValueState): string {
  if (at.startsWith('=')) return 'computes what it writes there in another way';
  if (/^(?:at|in) /.test(at)) return 'looks for it in another place';
  if (at === 'if') return 'does for the opposite answer what it does';
  if (at === 'return' || side === 'writer') return 'computes what it gives in another way';
  return 'takes what it reads in another way';
}

const FORMS: Readonly<Record<string, string>> = {
  same: 'as it is',
  '/page': 'divided by the size of a page',
  '*page': 'times the size of a page',
  '+page': 'a page further',
};

/** A value in words: `i_size_read(), divided by the size of a page`. */
function inWords({ from = 'a value', form, exact }: HandedValueState, layoutOf: LayoutLookup): string {
  const by = form === undefined ? `computed as ${exact?.[0]}` : (FORMS[form] ?? form);
  return `${placeName(from, layoutOf)} ${by}`;
}
