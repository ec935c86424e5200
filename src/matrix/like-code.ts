import type { ComponentFacts } from '../diff/rule.ts';
import type { ReviewDocument } from '../model/review.ts';
import { acceptedRelease } from '../verdict/accepted-side.ts';
import type { Kernel } from '../verdict/kernel.ts';
import { factsOf } from '../verdict/kernel.ts';
import type { Signatures } from './signatures.ts';

// Of most builds of one series all that tells them apart is the code of some function. A judgement asks of its hashes no more
// than which of them are equal, and which a review names.

type CodeState = ComponentFacts['code'][number];

/** Facts of a component beside the hashes of its code. */
interface Plain {
  number: number;
  /** Other facts differ from these in those hashes alone. */
  hasTwin: boolean;
}

/** Tells pairs apart by all that a judgement looks at but the hashes of code, and by which of those are equal. */
export class LikeCode {
  readonly #kernels: readonly Kernel[];
  readonly #signatures: Signatures;
  readonly #reviews: readonly ReviewDocument[];
  /** By component, then by its facts. */
  readonly #plain = new Map<string, ReadonlyMap<ComponentFacts, Plain>>();
  /** By component: the hashes that reviews name. */
  readonly #reviewed = new Map<string, ReadonlySet<string>>();

  constructor(kernels: readonly Kernel[], signatures: Signatures, reviews: readonly ReviewDocument[] = []) {
    this.#kernels = kernels;
    this.#signatures = signatures;
    this.#reviews = reviews;
  }

  /** Equal for pairs that come to the same of a component; undefined where no other pair can, or a third kernel has a part in it. */
  keyOf(id: string, outgoing: Kernel, incoming: Kernel): string | undefined {
    const [written, read] = [factsOf(outgoing, id), factsOf(incoming, id)];
    const plain = this.#plainOf(id);
    const [from, to] = [plain.get(written) as Plain, plain.get(read) as Plain];
    if (!from.hasTwin && !to.hasTwin) return undefined;
    if (outgoing === incoming || acceptedRelease(outgoing, incoming, id) !== undefined) return undefined;
    const besides = [
      this.#signatures.beside(outgoing, id, 'outgoing'),
      this.#signatures.beside(incoming, id, 'incoming'),
    ];
    const hashes = equalHashes(written.code, read.code, this.#reviewedOf(id));
    return `code ${id} ${from.number} ${to.number} ${besides.join()} ${hashes}`;
  }

  #plainOf(id: string): ReadonlyMap<ComponentFacts, Plain> {
    const known = this.#plain.get(id);
    if (known) return known;
    const texts = new Map<string, Plain>();
    const found = new Map<ComponentFacts, Plain>();
    for (const facts of new Set(this.#kernels.map((kernel) => factsOf(kernel, id)))) {
      const text = plainText(facts);
      const twin = texts.get(text);
      if (twin) twin.hasTwin = true;
      const own = twin ?? { number: texts.size, hasTwin: false };
      texts.set(text, own);
      found.set(facts, own);
    }
    this.#plain.set(id, found);
    return found;
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

function plainText(facts: ComponentFacts): string {
  const code = facts.code.map(({ hash, whole, ...rest }) => [rest, hash !== undefined, whole !== undefined]);
  return JSON.stringify({ ...facts, code });
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
