import { ToolError } from '../errors.ts';
import type { FirstBadOutput, TurnedComponent, TurningPoint } from '../model/history.ts';
import type { Profile } from '../model/profile.ts';
import type { Target } from '../model/target.ts';
import type { GitChange } from '../sources/git-repository.ts';
import type { Kernel } from '../verdict/kernel.ts';
import { kernelOf } from '../verdict/kernel.ts';
import { judgePair } from '../verdict/pair.ts';
import { rest } from '../work.ts';
import { searchRanges } from './audit-range.ts';
import { judgeAll } from './judge-change.ts';
import type { RevisionSnapshots } from './snapshots.ts';
import { walkedChanges } from './walk.ts';

// The commit at which the answer of a pair turns. Captures are cheap and builds are not needed, so the commits between
// the two releases are halved until one is left, and then all of them are looked at: an answer may go back and forth.

/** Commits up to which each is looked at after the search. */
const COMPLETE_LIMIT = 4000;

export interface FirstBadRequest {
  /** Revisions of the repository; the kernel that writes and the one that reads. */
  outgoing: string;
  incoming: string;
  target: Target;
  /** The state that matters; every component where it is left out. */
  profile?: Profile;
}

/** @throws ToolError REVISION_UNKNOWN where neither of the two stands on the other */
export async function findFirstBad(
  request: FirstBadRequest,
  snapshots: RevisionSnapshots,
): Promise<FirstBadOutput> {
  return new Search(request, snapshots).run();
}

class Search {
  readonly #request: FirstBadRequest;
  readonly #snapshots: RevisionSnapshots;
  readonly #fixed: string;
  readonly #far: string;
  /** The side that stays while the other goes through the commits. */
  readonly #stays: 'incoming' | 'outgoing';
  readonly #changes: readonly GitChange[];
  readonly #answers = new Map<object, readonly TurnedComponent[]>();

  constructor(request: FirstBadRequest, snapshots: RevisionSnapshots) {
    this.#request = request;
    this.#snapshots = snapshots;
    const { repository } = snapshots;
    const outgoing = repository.commitOf(request.outgoing);
    const incoming = repository.commitOf(request.incoming);
    const base = repository.mergeBase(outgoing, incoming);
    this.#stays = base === incoming && base !== outgoing ? 'incoming' : 'outgoing';
    [this.#fixed, this.#far] = this.#stays === 'outgoing' ? [outgoing, incoming] : [incoming, outgoing];
    // On the other side of where the two part there may be callers of the kernel that stays.
    const beside = base === this.#fixed ? [] : [{ text: '', base, tip: this.#fixed }];
    const ranges = [{ text: '', base, tip: this.#far }, ...beside] as const;
    this.#changes = searchRanges(ranges, snapshots).changes;
    snapshots.preload([this.#fixed, this.#far, base]);
    // Stable branches part from the line that goes on; what is only on the other side belongs to the kernel that stays.
    if (base !== this.#fixed && this.#badness(base).length > 0 && this.#badness(this.#far).length > 0) {
      const names = `${request.outgoing} and ${request.incoming}`;
      throw new ToolError(
        'REVISION_UNKNOWN',
        `${names}: unsafe from where the two part (${base.slice(0, 12)}) on; look for it before that`,
      );
    }
  }

  async run(): Promise<FirstBadOutput> {
    const { outgoing, incoming, target } = this.#request;
    const isSafe = this.#badness(this.#far).length === 0;
    const isComplete = this.#changes.length <= COMPLETE_LIMIT;
    const found = isSafe ? undefined : await this.#bisect();
    const turns = isComplete ? await this.#allTurns() : found ? [found] : [];
    const firstBad = turns.find(({ turns: to }) => to === 'unsafe') ?? found;
    return {
      outgoing,
      incoming,
      target,
      isSafe,
      firstBad: (!isSafe && firstBad) || null,
      others: turns.filter((turn) => isSafe || turn.commit !== firstBad?.commit),
      isComplete,
      commits: this.#changes.length,
    };
  }

  /** Halves the commits, as if the answer turned once. */
  async #bisect(): Promise<TurningPoint | undefined> {
    let [good, bad] = [-1, this.#changes.length - 1];
    while (bad - good > 1) {
      await rest();
      const middle = (good + bad) >> 1;
      if (this.#isBad(this.#changes[middle]?.oid)) bad = middle;
      else good = middle;
    }
    const change = this.#changes[bad];
    return change && this.#isBad(change.oid) ? this.#turn(change.oid, 'unsafe') : undefined;
  }

  /** Every commit whose answer is another than that of each of its parents. */
  async #allTurns(): Promise<TurningPoint[]> {
    const turns: TurningPoint[] = [];
    for await (const { oid, parents } of walkedChanges('judging commits', this.#changes, this.#snapshots)) {
      const isBad = this.#isBad(oid);
      if (parents.length === 0 || parents.some((parent) => this.#isBad(parent) === isBad)) continue;
      turns.push(this.#turn(oid, isBad ? 'unsafe' : 'safe'));
    }
    return turns;
  }

  #turn(oid: string, turns: TurningPoint['turns']): TurningPoint {
    const { title, author, date } = this.#snapshots.commit(oid);
    return { commit: oid, title, author, date: date ?? null, turns, components: [...this.#badness(oid)] };
  }

  #isBad(oid: string | undefined): boolean {
    return oid !== undefined && this.#badness(oid).length > 0;
  }

  #badness(oid: string): readonly TurnedComponent[] {
    const document = this.#snapshots.capture(oid);
    let answer = this.#answers.get(document.components);
    answer ??= this.#judge(kernelOf(document));
    this.#answers.set(document.components, answer);
    return answer;
  }

  #judge(moving: Kernel): TurnedComponent[] {
    const fixed = kernelOf(this.#snapshots.capture(this.#fixed));
    const [outgoing, incoming] = this.#stays === 'outgoing' ? [fixed, moving] : [moving, fixed];
    const { target, profile } = this.#request;
    if (!profile) {
      return judgeAll(outgoing, incoming, target, { withAnnounced: true }).map(
        ({ component, kind, effect, causes }) => ({
          id: component,
          verdict: kind,
          effect,
          messages: causes.map(({ message }) => message),
        }),
      );
    }
    const pair = judgePair({ outgoing, incoming, target, profile });
    return pair.components.flatMap(({ id, verdict, effect, role, findings }) => {
      const isBad = verdict === 'misread' || verdict === 'refused' || verdict === 'unknown';
      if (!isBad || (role === 'outside' && effect !== 'boot-panic')) return [];
      const messages = findings.filter(({ impact }) => impact === verdict).map(({ message }) => message);
      return [{ id, verdict, effect, messages }];
    });
  }
}
