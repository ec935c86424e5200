import type { GateFinding, GateFindingPair } from '../model/gate.ts';
import type { Target } from '../model/target.ts';
import type { PairOutcome } from './gate-outcome.ts';

/** The pair in which a finding was seen. */
export interface SeenIn {
  outgoing: string;
  incoming: string;
  profile: string;
  target: Target;
}

const STATUS_ORDER: readonly GateFinding['status'][] = ['failing', 'waived', 'allowed', 'noted'];

/** Gathers the findings of all pairs: each one once for every status and waiver that it has somewhere. */
export class GateFindings {
  readonly #byKey = new Map<string, { finding: GateFinding; pairs: Map<string, GateFindingPair> }>();

  add({ findings }: Pick<PairOutcome, 'findings'>, { outgoing, incoming, profile, target }: SeenIn): void {
    for (const { finding, fingerprint, component, status, waiver } of findings) {
      const key = `${fingerprint} ${status} ${waiver ?? ''}`;
      const known = this.#byKey.get(key) ?? {
        finding: { ...finding, fingerprint, component, status, waiver, pairs: [] },
        pairs: new Map<string, GateFindingPair>(),
      };
      this.#byKey.set(key, known);
      const pairKey = `${outgoing} ${incoming}`;
      const pair = known.pairs.get(pairKey) ?? { outgoing, incoming, profiles: [], targets: [] };
      if (!pair.profiles.includes(profile)) pair.profiles.push(profile);
      if (!pair.targets.includes(target)) pair.targets.push(target);
      known.pairs.set(pairKey, pair);
    }
  }

  /** Failing first, then waived, allowed, noted; each in the order in which they were met. */
  list(): GateFinding[] {
    const all = [...this.#byKey.values()].map(({ finding, pairs }) => ({
      ...finding,
      pairs: [...pairs.values()],
    }));
    return STATUS_ORDER.flatMap((status) => all.filter((finding) => finding.status === status));
  }
}
