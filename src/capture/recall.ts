/** What results are drawn from: questions by names. As long as nothing about an answer changed it is the same object. */
type Source<Of> = { readonly [Key in keyof Of]: (...of: string[]) => unknown };

interface Asked<Of> {
  readonly question: keyof Of;
  readonly of: readonly string[];
  readonly answer: unknown;
}

interface Drawn<Of, Result> {
  readonly asked: readonly Asked<Of>[];
  readonly result: Result;
}

/** Results that are kept for each subject: those that differ in what was asked for, and those of neighbouring kernels. */
const KEPT = 12;

/**
 * Results that depend on nothing but their subject and what they asked: one is given again where the same questions have
 * the same answers, in another part of a capture or for another kernel.
 */
export class Recall<Subject extends object, Of extends Source<Of>, Result> {
  readonly #drawn = new WeakMap<Subject, Drawn<Of, Result>[]>();

  /** @param draw asks whatever decides the result; what it leaves behind asks nothing any more */
  of(subject: Subject, source: Of, draw: (source: Of) => Result): Result {
    const known = this.#drawn.get(subject) ?? [];
    const at = known.findIndex(({ asked }) =>
      asked.every(({ question, of, answer }) => source[question](...of) === answer),
    );
    const [found = drawn(source, draw)] = at < 0 ? [] : known.splice(at, 1);
    known.unshift(found);
    this.#drawn.set(subject, known.slice(0, KEPT));
    return found.result;
  }
}

function drawn<Of extends Source<Of>, Result>(source: Of, draw: (source: Of) => Result): Drawn<Of, Result> {
  const asked: Asked<Of>[] = [];
  // Let go of at the end: a result outlives the kernel that it was drawn from.
  let present: Of | undefined = source;
  const recorded = (question: keyof Of) => {
    const known = new Map<string, unknown>();
    return (...of: string[]): unknown => {
      const key = of.join(' ');
      if (known.has(key)) return known.get(key);
      const answer = present?.[question](...of);
      known.set(key, answer);
      asked.push({ question, of, answer });
      return answer;
    };
  };
  const questions = Object.keys(source) as (keyof Of)[];
  const result = draw(Object.fromEntries(questions.map((key) => [key, recorded(key)])) as Of);
  present = undefined;
  return { asked, result };
}
