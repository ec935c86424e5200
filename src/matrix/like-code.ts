import type { ComponentFacts } from '../diff/rule.ts';
import type { ReviewDocument } from '../model/review.ts';
import { acceptedRelease } from '../verdict/accepted-side.ts';
import type { Kernel } from '../verdict/kernel.ts';
import { factsOf } from '../verdict/kernel.ts';
import { Interner } from './interner.ts';
import type { Side, Signatures } from './signatures.ts';

// Of most builds of one series all that tells them apart is the code of some function. A judgement asks of its hashes no more
// than which of them are equal, and which a review names.

type CodeState = ComponentFacts['code'][number];

/** Tells pairs apart by all that a judgement looks at but the hashes of code, and by which of those are equal. */
export class LikeCode {
  readonly #signatures: Signatures;
  readonly #reviews: readonly ReviewDocument[];
  readonly #texts = new Interner();
  readonly #numbers = new Map<ComponentFacts, number>();
  /** By component: the hashes that reviews name. */
  readonly #reviewed = new Map<string, ReadonlySet<string>>();

  constructor(signatures: Signatures, reviews: readonly ReviewDocument[] = []) {
    this.#signatures = signatures;
    this.#reviews = reviews;
  }

  /** Equal for pairs that come to the same of a component; undefined where a third kernel has a part in it. */
  keyOf(id: string, outgoing: Kernel, incoming: Kernel): string | undefined {
    if (outgoing === incoming || acceptedRelease(outgoing, incoming, id) !== undefined) return undefined;
    const [written, read] = [factsOf(outgoing, id), factsOf(incoming, id)];
    const sides = `${this.#sideOf(id, outgoing, 'outgoing')} ${this.#sideOf(id, incoming, 'incoming')}`;
    return `code ${id} ${sides} ${equalHashes(written.code, read.code, this.#reviewedOf(id))}`;
  }

  #sideOf(id: string, kernel: Kernel, side: Side): string {
    return `${this.#numberOf(factsOf(kernel, id))} ${this.#signatures.beside(kernel, id, side)}`;
  }

  #numberOf(facts: ComponentFacts): number {
    const known = this.#numbers.get(facts);
    if (known !== undefined) return known;
    const code = facts.code.map(({ hash, whole, ...rest }) => [
      rest,
      hash !== undefined,
      whole !== undefined,
    ]);
    const number = this.#texts.number(JSON.stringify({ ...facts, code }));
    this.#numbers.set(facts, number);
    return number;
  }

  #reviewedOf(id: string): ReadonlySet<string> {
    const known = this.#reviewed.get(id);
    if (known) return known;
    const own = this.#reviews.filter(({ component }) => component === id);
    const hashes = new Set(own.flatMap(({ functions }) => functions.flatMap(({ same }) => same)));
    this.#reviewed.set(id, hashes);
    return hashes;
  }
}

/** The hashes of both sides one after the other, each as the number of its first place, or as it is where a review names it. */
function equalHashes(
  written: readonly CodeState[],
  read: readonly CodeState[],
  reviewed: ReadonlySet<string>,
): string {
  const places = new Map<string, number>();
  let text = '';
  const add = (hash: string | undefined): void => {
    if (hash === undefined) return;
    const place = places.get(hash) ?? places.size;
    places.set(hash, place);
    text += reviewed.has(hash) ? `${hash},` : `${place},`;
  };
  for (const code of [written, read]) {
    for (const { hash, whole } of code) {
      add(hash);
      add(whole);
    }
  }
  return text;
}
