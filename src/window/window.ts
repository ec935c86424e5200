import { namedConditions } from '../model/condition.ts';
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
import type { JudgedByItself } from '../verdict/by-itself.ts';
import { isRead, judgeByItself, judgeEach } from '../verdict/by-itself.ts';
import { closureOf } from '../verdict/closure.ts';
import type { Kernel } from '../verdict/kernel.ts';
import { factsOf } from '../verdict/kernel.ts';
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
  readonly #readings = new Map<string, boolean>();

  constructor(input: WindowInput) {
    this.#input = input;
    this.#kernels = new Map(input.kernels.map((kernel) => [kernel.release, kernel]));
  }

  /** What a kernel must read, may drop, and has dropped too early. @throws RangeError for one that is not among the kernels */
  of(release: string): WindowRelease {
    const reader = this.#kernel(release);
    const demands = this.#input.demandsOn(release).filter(({ outgoing }) => this.#kernels.has(outgoing));
    const asked = demands.flatMap((demand) =>
      this.#input.profiles.map((profile) => this.#asked(demand, reader, profile)),
    );
    const demanded = this.#demanded(reader, asked);
    const mustRead = [...demanded.values()].sort(
      (a, b) => Number(a.state === 'read') - Number(b.state === 'read'),
    );
    return {
      release,
      date: this.#input.dateOf(release),
      previous: this.#before(release).at(-1) ?? null,
      demands: demands.length,
      mustRead,
      mayDrop: this.#droppable(
        reader,
        demands.map(({ outgoing }) => this.#kernel(outgoing)),
      ),
      droppedTooEarly: mustRead.flatMap(({ id, state, droppedBy }) =>
        state !== 'read' && droppedBy !== null ? [id] : [],
      ),
      pairs: asked
        .filter(({ demand }) => this.#input.isTold(demand.outgoing))
        .map((one) => this.#pairOf(one, reader, demanded)),
    };
  }

  #kernel(release: string): Kernel {
    const kernel = this.#kernels.get(release);
    if (!kernel) throw new RangeError(`${release} is not among the kernels of the window`);
    return kernel;
  }

  /** The formats that one kernel of the window puts to the reader. */
  #asked(demand: Demand, reader: Kernel, profile: Profile): Asked {
    const { target, judging } = this.#input;
    const writer = this.#kernel(demand.outgoing);
    const each = judgeEach({ ...judging, outgoing: writer, incoming: reader, profile, target });
    const uses = each.flatMap(({ component, counts }): Use[] => {
      const format = this.#formatOf(writer, component.id);
      // What is not written and not demanded either is nothing to read.
      if (!format || component.verdict === 'unsupported') return [];
      if (format.isWithout === 'nothing' && isRead(component)) return [];
      return [{ format, writer, component, counts }];
    });
    return { demand, profile, uses };
  }

  /** Each format as the writer has it that fares worst with it; of several the newest. */
  #demanded(reader: Kernel, asked: readonly Asked[]): Demanded {
    const worst = new Map<Format, Use>();
    for (const use of asked.flatMap(({ uses }) => uses)) {
      const known = worst.get(use.format);
      if (!known || rankOf(use) <= rankOf(known)) worst.set(use.format, use);
    }
    return new Map([...worst].map(([format, use]) => [format, this.#demandedAs(use, reader)]));
  }

  #demandedAs({ format, writer, component, counts }: Use, reader: Kernel): DemandedFormat {
    const { role, verdict, effect } = component;
    const state = stateOf(component);
    return {
      ...this.#described(format, writer),
      role,
      counts,
      state,
      verdict,
      effect,
      why: reasonOf(component, writer),
      droppedBy: state === 'read' ? null : this.#droppedBy(format, writer, reader),
    };
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

  #reads(reader: Kernel, writer: Kernel, id: string): boolean {
    const { target, judging } = this.#input;
    const key = `${id} ${writer.release} ${reader.release}`;
    let reads = this.#readings.get(key);
    if (reads === undefined) {
      reads = isRead(judgeByItself({ ...judging, outgoing: writer, incoming: reader, target }, id));
      this.#readings.set(key, reads);
    }
    return reads;
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
    if (format.isWithout === 'not known') return null;
    const way = this.#before(reader.release).filter((other) => compareReleases(other, writer.release) >= 0);
    const reads = (release: string): boolean =>
      release === writer.release || this.#reads(this.#kernel(release), writer, format.component);
    const last = way.findLastIndex(reads);
    return last < 0 ? null : (way[last + 1] ?? reader.release);
  }

  #droppable(reader: Kernel, writers: readonly Kernel[]): DroppableFormat[] {
    const inside = new Set([reader, ...writers]);
    const { profiles } = this.#input;
    const closures = [...inside].flatMap((kernel) =>
      profiles.flatMap((profile) => closureOf(profile, kernel, reader)),
    );
    const ids = [...new Set(closures.map(({ id }) => id))];
    const known = ids.flatMap((id) =>
      this.#formatsOf(id).flatMap((format): DroppableFormat[] => {
        const last = format.writers.at(-1);
        if (!last || format.isWithout || format.writers.some((writer) => inside.has(writer))) return [];
        if (!this.#reads(reader, last, id)) return [];
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

  #pairOf({ demand, profile, uses }: Asked, reader: Kernel, demanded: Demanded): WindowPair {
    const { target, judging } = this.#input;
    const outgoing = this.#kernel(demand.outgoing);
    const pair = judgePair({ ...judging, outgoing, incoming: reader, profile, target });
    const { verdict, effect, conditions } = pair;
    const missing = uses.filter(({ component }) => !isRead(component));
    return {
      ...demand,
      incoming: reader.release,
      profile: profile.name,
      verdict,
      effect,
      ...(conditions && { conditions }),
      missing: missing.flatMap(({ format }) => demanded.get(format)?.id ?? []),
    };
  }
}

/** A format that a kernel of the window puts to a reader, and what that makes of it. */
interface Use extends JudgedByItself {
  format: Format;
  writer: Kernel;
}

type Demanded = ReadonlyMap<Format, DemandedFormat>;

interface Asked {
  demand: Demand;
  profile: Profile;
  uses: readonly Use[];
}

const STATES = ['missing', 'unknown', 'read'] as const;
const ROLES: readonly ComponentVerdict['role'][] = ['required', 'dependency', 'optional', 'outside'];

function stateOf({ verdict }: ComponentVerdict): DemandedFormat['state'] {
  if (isRead({ verdict })) return 'read';
  return verdict === 'unknown' ? 'unknown' : 'missing';
}

/** The lower the worse. */
function rankOf({ component, counts }: Use): number {
  const state = STATES.indexOf(stateOf(component));
  return (state * 2 + Number(!counts)) * ROLES.length + ROLES.indexOf(component.role);
}

function reasonOf(component: ComponentVerdict, writer: Kernel): string | null {
  const finding = decidingFinding(component);
  if (!finding) return null;
  const { message, condition } = finding;
  if (condition === undefined || isRead(component)) return message;
  return namedConditions([`${message}; counts if ${condition}`], writer.release)[0] ?? message;
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
