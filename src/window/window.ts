import type { ComponentVerdict } from '../model/finding.ts';
import type { PairClass } from '../model/outputs.ts';
import type { Profile } from '../model/profile.ts';
import { compareReleases, parseReleaseName } from '../model/release-name.ts';
import type { Target } from '../model/target.ts';
import type {
  DemandedFormat,
  DroppableFormat,
  FallsOut,
  WindowPair,
  WindowRelease,
} from '../model/window.ts';
import { isRead, judgeByItself } from '../verdict/by-itself.ts';
import { closureOf } from '../verdict/closure.ts';
import type { Kernel } from '../verdict/kernel.ts';
import { factsOf, isAvailable } from '../verdict/kernel.ts';
import { decidingFinding, judgePair } from '../verdict/pair.ts';
import type { Format, Judging } from './formats.ts';
import { formatsOf, markerOf } from './formats.ts';
import type { Demand, KnownDates } from './reach.ts';
import { fallsOutAfter } from './reach.ts';

// For each kernel that reads: the formats that writers inside its window have, and whether it reads them. A format is judged by
// itself, whatever lies below it, so that each one that is missing is named and not the first alone.

export interface WindowInput {
  /** Everything that is known and counts: upstream, the fleet's, those that were named. Oldest first. */
  kernels: readonly Kernel[];
  profiles: readonly Profile[];
  target: Target;
  judging: Judging;
  /** Which kernels one must read. */
  demandsOn(release: string): readonly Demand[];
  /** The widest class of the window; null where the pairs of a policy say it alone. */
  reach: PairClass | null;
  dateOf: KnownDates['dateOf'];
  /** Machines by release; null without a fleet. */
  hosts: ReadonlyMap<string, number> | null;
  /** Pairs that are told: by default the newest kernel of each series inside the window. */
  isTold(outgoing: string): boolean;
}

/** What each of some releases must read. */
export class Window {
  readonly #input: WindowInput;
  readonly #kernels: ReadonlyMap<string, Kernel>;
  readonly #formats = new Map<string, readonly Format[]>();
  readonly #verdicts = new Map<string, ComponentVerdict | undefined>();

  constructor(input: WindowInput) {
    this.#input = input;
    this.#kernels = new Map(input.kernels.map((kernel) => [kernel.release, kernel]));
  }

  /** What a kernel must read, may drop, and has dropped too early. @throws RangeError for one that is not among the kernels */
  of(release: string): WindowRelease {
    const reader = this.#kernel(release);
    const demands = this.#input.demandsOn(release).filter(({ outgoing }) => this.#kernels.has(outgoing));
    const writers = demands.map(({ outgoing }) => this.#kernel(outgoing));
    const mustRead = this.#demanded(reader, writers);
    const previous = this.#before(release).at(-1) ?? null;
    return {
      release,
      date: this.#input.dateOf(release),
      previous,
      mustRead,
      mayDrop: this.#droppable(reader, writers),
      droppedTooEarly: mustRead.flatMap(({ id, state, droppedBy }) =>
        state !== 'read' && droppedBy !== null ? [id] : [],
      ),
      pairs: demands
        .filter(({ outgoing }) => this.#input.isTold(outgoing))
        .flatMap((demand) => this.#pairsOf(demand, reader, mustRead)),
    };
  }

  #kernel(release: string): Kernel {
    const kernel = this.#kernels.get(release);
    if (!kernel) throw new RangeError(`${release} is not among the kernels of the window`);
    return kernel;
  }

  #demanded(reader: Kernel, writers: readonly Kernel[]): DemandedFormat[] {
    const formats = new Map<Format, { role: ComponentVerdict['role']; writer: Kernel }>();
    for (const writer of writers) {
      for (const { id, role } of this.#closure(writer, reader)) {
        const format = this.#formatOf(writer, id);
        if (format) formats.set(format, { role, writer });
      }
    }
    const demanded = [...formats].flatMap(([format, { role, writer }]): DemandedFormat[] => {
      const component = this.#judge(writer, reader, format.component);
      if (!component || (role === 'outside' && !endsBoot(component))) return [];
      if (format.isNothing && !isDemandedOf(writer, reader, component)) return [];
      const state = isRead(component) ? 'read' : component.verdict === 'unknown' ? 'unknown' : 'missing';
      return [
        {
          ...this.#described(format, writer),
          role,
          state,
          verdict: component.verdict,
          effect: component.effect,
          why: decidingFinding(component)?.message ?? null,
          droppedBy: state === 'read' ? null : this.#droppedBy(format, writer, reader),
        },
      ];
    });
    return demanded.sort((a, b) => Number(a.state === 'read') - Number(b.state === 'read'));
  }

  /** Every profile's components in the order in which they are reached, with the part that counts most. */
  #closure(writer: Kernel, reader: Kernel): { id: string; role: ComponentVerdict['role'] }[] {
    const roles = new Map<string, ComponentVerdict['role']>();
    for (const profile of this.#input.profiles) {
      for (const { id, role } of closureOf(profile, writer, reader)) {
        const known = roles.get(id);
        if (known === undefined || ROLES.indexOf(role) < ROLES.indexOf(known)) roles.set(id, role);
      }
    }
    return [...roles].map(([id, role]) => ({ id, role }));
  }

  #formatOf(writer: Kernel, id: string): Format | undefined {
    return this.#formatsOf(id).find(({ writers }) => writers.includes(writer));
  }

  #formatsOf(id: string): readonly Format[] {
    const { kernels, target, judging } = this.#input;
    let formats = this.#formats.get(id);
    if (!formats) {
      formats = formatsOf(id, kernels, { target, judging });
      this.#formats.set(id, formats);
    }
    return formats;
  }

  #judge(outgoing: Kernel, incoming: Kernel, id: string): ComponentVerdict | undefined {
    const { target, judging } = this.#input;
    const key = `${id} ${outgoing.release} ${incoming.release}`;
    if (!this.#verdicts.has(key)) {
      this.#verdicts.set(key, judgeByItself({ ...judging, outgoing, incoming, target }, id));
    }
    return this.#verdicts.get(key);
  }

  #described(format: Format, writer: Kernel): Omit<DroppableFormat, 'why'> {
    const { component, marker, guardedBy, writers } = format;
    const newest = writers.at(-1)?.release ?? '';
    const { hosts } = this.#input;
    const count = (total: number, { release }: Kernel): number => total + (hosts?.get(release) ?? 0);
    return {
      id: `${component} ${marker} as of ${writer.release}`,
      component,
      marker,
      ...(guardedBy !== undefined && { guardedBy }),
      asOf: writer.release,
      writers: writers.map(({ release }) => release),
      hosts: hosts && writers.reduce(count, 0),
      fallsOut: this.#fallsOut(newest),
    };
  }

  #fallsOut(newest: string): FallsOut {
    const { reach, dateOf } = this.#input;
    if (reach !== null) return fallsOutAfter(newest, reach, { releases: [...this.#kernels.keys()], dateOf });
    const words = 'falls out when the policy names none of its writers any more';
    return { with: null, isKnown: false, date: null, expected: null, words };
  }

  /** Upstream's releases before one, oldest first, and the one that it is made of. */
  #before(release: string): string[] {
    const { base } = parseReleaseName(release) ?? { base: release };
    return [...this.#kernels.keys()].filter(
      (other) =>
        other !== release &&
        compareReleases(other, release) < 0 &&
        (parseReleaseName(other)?.vendor === null || other === base),
    );
  }

  /** The first kernel behind the last one that reads the format, up to the reader; null where only its writers ever did. */
  #droppedBy(format: Format, writer: Kernel, reader: Kernel): string | null {
    const way = this.#before(reader.release).filter((other) => compareReleases(other, writer.release) >= 0);
    const reads = (release: string): boolean =>
      release === writer.release || isRead(this.#judge(writer, this.#kernel(release), format.component));
    const last = way.findLastIndex(reads);
    return last < 0 ? null : (way[last + 1] ?? reader.release);
  }

  #droppable(reader: Kernel, writers: readonly Kernel[]): DroppableFormat[] {
    const inside = new Set([reader, ...writers]);
    const ids = [
      ...new Set([...inside].flatMap((kernel) => this.#closure(kernel, reader).map(({ id }) => id))),
    ];
    const known = ids.flatMap((id) =>
      this.#formatsOf(id).flatMap((format): DroppableFormat[] => {
        const last = format.writers.at(-1);
        if (!last || format.isNothing || format.writers.some((writer) => inside.has(writer))) return [];
        if (!isRead(this.#judge(last, reader, id))) return [];
        const why = `it was last written by ${last.release}, which is outside the window of ${reader.release}`;
        return [{ ...this.#described(format, last), why }];
      }),
    );
    return [...known, ...ids.flatMap((id) => this.#nobodyWrites(reader, id))];
  }

  /** Markers that the reader takes beside its own and that no known kernel writes. */
  #nobodyWrites(reader: Kernel, id: string): DroppableFormat[] {
    const { marker } = factsOf(reader, id);
    const written = new Set(this.#formatsOf(id).map((format) => format.marker));
    return (marker?.accepts ?? []).flatMap((accepted): DroppableFormat[] => {
      const text = accepted.layoutOf ?? reader.release;
      const name = markerOf({ ...reader, components: withMarker(reader, id, accepted.value) }, id).marker;
      if (written.has(name) || JSON.stringify(accepted.value) === JSON.stringify(marker?.writes)) return [];
      const format = { component: id, marker: name, writers: [] };
      const described = this.#described(format, { ...reader, release: text });
      return [{ ...described, fallsOut: this.#fallsOut(text), why: 'no known kernel writes it' }];
    });
  }

  #pairsOf(demand: Demand, reader: Kernel, mustRead: readonly DemandedFormat[]): WindowPair[] {
    const { profiles, target, judging } = this.#input;
    const writer = this.#kernel(demand.outgoing);
    return profiles.map((profile): WindowPair => {
      const pair = judgePair({ ...judging, outgoing: writer, incoming: reader, profile, target });
      const ids = closureOf(profile, writer, reader).map(({ id }) => id);
      const missing = mustRead.filter(
        ({ component, state, writers }) =>
          state !== 'read' && ids.includes(component) && writers.includes(writer.release),
      );
      return {
        ...demand,
        incoming: reader.release,
        profile: profile.name,
        verdict: pair.verdict,
        effect: pair.effect,
        missing: missing.map(({ id }) => id),
      };
    });
  }
}

const ROLES: readonly ComponentVerdict['role'][] = ['required', 'dependency', 'optional', 'outside'];

/** The reader misses it, and comes as far as to look for it. */
function isDemandedOf(writer: Kernel, reader: Kernel, { id, verdict }: ComponentVerdict): boolean {
  return (
    verdict === 'refused' && factsOf(reader, id).needs.every((need) => isAvailable(factsOf(writer, need)))
  );
}

/** Outside a profile only what can end the boot or spoil memory matters. */
function endsBoot({ verdict, effect }: ComponentVerdict): boolean {
  return verdict === 'misread' || (verdict === 'refused' && effect === 'boot-panic');
}

function withMarker(
  { components }: Kernel,
  id: string,
  writes: NonNullable<ReturnType<typeof factsOf>['marker']>['accepts'][number]['value'],
): Kernel['components'] {
  const own = components.get(id);
  if (!own?.facts.marker) return components;
  return new Map(components).set(id, {
    ...own,
    facts: { ...own.facts, marker: { ...own.facts.marker, writes } },
  });
}
