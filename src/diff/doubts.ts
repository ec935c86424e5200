import { NOT_SPOKEN_OF } from '../model/bare-state.ts';
import type { Doubt } from '../model/doubt.ts';
import { placeOfDoubt } from '../model/doubt.ts';
import type { ComponentPair, Emission, SideFacts } from './rule.ts';

// What a capture could not see or settle reaches the verdict of the component that rests on it: unknown where it can change
// what is read, a note with its condition where both readings agree between the two kernels (SEMANTICS, section 4).

/** A doubt that counts in a pair, on the side whose part of it relies on it. */
interface CountedDoubt {
  side: 'incoming' | 'outgoing';
  doubt: Doubt;
}

/** The findings that the doubts of both sides come to. `isOwn` tells which doubts are a rule's. */
export function emitDoubts(
  { component, target, outgoing, incoming }: ComponentPair,
  isOwn: (doubt: Doubt) => boolean,
  emit: (emission: Emission) => void,
): void {
  if (!outgoing.facts.doubts?.length && !incoming.facts.doubts?.length) return;
  const counts = ({ doubt }: CountedDoubt): boolean =>
    isOwn(doubt) && (doubt.targets === undefined || doubt.targets.includes(target));
  // Where one side says nothing of what is inferred of the other, that is the reason.
  const isSpokenOf = ({ facts }: SideFacts): boolean => facts.reason !== NOT_SPOKEN_OF;
  const isTold = ({ doubt }: CountedDoubt): boolean =>
    doubt.reading !== 'inferred' || [outgoing, incoming].every(isSpokenOf);
  const written = countedOn('outgoing', outgoing, 'reads').filter((one) => counts(one) && isTold(one));
  const read = countedOn('incoming', incoming, 'writes').filter((one) => counts(one) && isTold(one));
  for (const own of written) emitDoubt(own, read, { component, release: outgoing.release, emit });
  for (const own of read) {
    // What both sides share was told with the outgoing kernel's.
    if (written.some(({ doubt }) => isAgreed(own.doubt, doubt))) continue;
    emitDoubt(own, written, { component, release: incoming.release, emit });
  }
}

function countedOn(
  side: CountedDoubt['side'],
  { facts }: SideFacts,
  beside: NonNullable<Doubt['side']>,
): CountedDoubt[] {
  if (facts.available === 'no') return [];
  return (facts.doubts ?? []).filter((doubt) => doubt.side !== beside).map((doubt) => ({ side, doubt }));
}

function isAgreed(one: Doubt, other: Doubt): boolean {
  // The same code in another file hands over the same.
  const isSameSubject = one.subject === other.subject || one.code === 'uncovered-caller';
  const isSameReading = one.reading !== undefined && one.reading === other.reading;
  return one.code === other.code && isSameSubject && isSameReading && !isReordered(one, other);
}

/** Whether members of a struct changed places: some that both have stand in another order. */
function isReordered({ order: one = [] }: Doubt, { order: other = [] }: Doubt): boolean {
  const common = (names: readonly string[], beside: readonly string[]): string =>
    names.filter((name) => beside.includes(name)).join();
  return common(one, other) !== common(other, one);
}

function emitDoubt(
  { side, doubt }: CountedDoubt,
  others: readonly CountedDoubt[],
  { component, release, emit }: { component: string; release: string; emit: (emission: Emission) => void },
): void {
  const isShared = others.some((other) => isAgreed(doubt, other.doubt));
  // Both sides are known to come to the same under every condition: what one build wrote it reads.
  if (isShared && doubt.isNote && doubt.condition === undefined) return;
  const isNote = doubt.isNote === true || isShared;
  const { code, subject, message, condition } = doubt;
  const facts = { release, doubt: code, subject };
  emit({
    subject,
    message: `${component}: ${isShared ? 'on both sides' : `of ${release}`}: ${message}`,
    [side]: facts,
    ...(isNote && { impact: 'note' as const }),
    ...(isNote && condition !== undefined && { condition }),
    placeKeys: { [side]: placeOfDoubt(doubt) },
  });
}
