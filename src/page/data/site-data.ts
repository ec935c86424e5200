import { markerText } from '../../diff/marker-text.ts';
import { groupByKey } from '../../matrix/equivalence.ts';
import { PAIR_CLASSES } from '../../matrix/pair-classes.ts';
import type { KnownCommit } from '../../model/commits.ts';
import { commitsBetween } from '../../model/commits.ts';
import type { EvidenceDocument } from '../../model/evidence.ts';
import type { MatrixPair } from '../../model/outputs.ts';
import type { KernelKind, PageDocument } from '../../model/page.ts';
import type { Block } from '../../model/pair-block.ts';
import { joinBlocks } from '../../model/pair-block.ts';
import type { KnownFailure, SiteData, SiteMatrix, Timeline } from '../../report/site/site-data.ts';
import { factsOf } from '../../verdict/kernel.ts';
import type { Setting } from '../view/world.ts';
import { World } from '../view/world.ts';

// What the files of reports/ say, gathered from the data of the page.

/** Everything that the renderers of the report need. Pure. */
export function siteData(page: PageDocument): SiteData {
  const world = new World(page);
  return {
    page,
    matrices: page.matrices.map((setting) => matrixOf(world, setting)),
    failures: failuresOf(world),
    timeline: timelineOf(world),
  };
}

function matrixOf(world: World, { profile, target }: Setting): SiteMatrix {
  const setting = { profile, target };
  const { kernels } = world.data;
  const covered = kernels.flatMap((_, position) =>
    world.answer(setting, position, position) ? [position] : [],
  );
  const classOf = world.matrix(setting)?.classOf ?? [];
  const classes = new Map<number, number[]>();
  for (const position of covered) {
    const number = classOf[position] as number;
    const known = classes.get(number);
    if (known) known.push(position);
    else classes.set(number, [position]);
  }
  const members = [...classes.values()];
  const numbers = new Map([...classes.keys()].map((number, at) => [number, at]));
  const first = (group: readonly number[]): number => group[0] as number;
  return {
    ...setting,
    order: kernels.map(({ release }) => release),
    releases: covered.map((position) => nameOf(world, position)),
    classes: members.map((group) => group.map((position) => nameOf(world, position))),
    numberOf: covered.map((position) => numbers.get(classOf[position] as number) as number),
    answers: members.map((from) =>
      members.map((to) => world.answer(setting, first(from), first(to)) as PageDocument['answers'][number]),
    ),
    pairClasses: () => pairClasses(world, setting),
  };
}

function pairClasses(world: World, setting: Setting): ReturnType<SiteMatrix['pairClasses']> {
  const byName = new Map(PAIR_CLASSES.map((name) => [name, [] as MatrixPair[]]));
  for (const [outgoing, incoming, own] of world.classifiedPairs()) {
    const answer = world.answer(setting, outgoing, incoming);
    if (!answer) continue;
    const pair: MatrixPair = {
      outgoing: nameOf(world, outgoing),
      incoming: nameOf(world, incoming),
      class: [...own],
      ...answer,
      ...(answer.conditions && { conditions: world.conditions(setting, outgoing, incoming) }),
    };
    for (const name of own) byName.get(name)?.push(pair);
  }
  return [...byName].map(([name, pairs]) => ({ name, pairs }));
}

function nameOf(world: World, position: number): string {
  return world.head(position).release;
}

/** Pairs of two units with one cause, and where they have it. */
interface Seen {
  outgoing: readonly number[];
  incoming: readonly number[];
  cause: unknown;
  isPanic: boolean;
  profiles: string[];
  targets: string[];
}

/** Misreads and panics of all profiles and targets, pairs with one cause together. */
function failuresOf(world: World): KnownFailure[] {
  const seen = new Map<string, Seen>();
  const units = unitsOf(world);
  for (const { profile, target } of world.data.matrices) {
    for (const { key, ...pair } of failingPairs(world, { profile, target }, units)) {
      const known = seen.get(key) ?? { ...pair, profiles: [], targets: [] };
      if (!known.profiles.includes(profile)) known.profiles.push(profile);
      if (!known.targets.includes(target)) known.targets.push(target);
      seen.set(key, known);
    }
  }
  const pairs = [...seen.values()].map((pair) => ({
    outgoing: pair.outgoing,
    incoming: pair.incoming,
    pair,
  }));
  const blocks = joinBlocks(
    pairs,
    ({ cause, isPanic, profiles, targets }) => [cause, isPanic, profiles, targets],
    (a, b) => a - b,
  );
  const failures = blocks.map(({ outgoing, incoming, pair }) =>
    describe(world, {
      outgoing: outgoing.map((position) => nameOf(world, position)),
      incoming: incoming.map((position) => nameOf(world, position)),
      pair,
    }),
  );
  return failures.sort((a, b) => rankOf(a) - rankOf(b));
}

/** Kernels that say the same of every component and are of one class in every matrix, by position. */
function unitsOf(world: World): number[][] {
  const { kernels, contents, matrices } = world.data;
  // Contents that differ in where the same facts stand have one number.
  const numbers = new Map<string, number>();
  const numberOf = contents.map((components) => {
    const facts = Object.entries(components).map(([id, [own]]) => `${id} ${own}`);
    const number = numbers.get(facts.join()) ?? numbers.size;
    numbers.set(facts.join(), number);
    return number;
  });
  const keys = kernels.map(
    ({ content }, position) =>
      `${numberOf[content]} ${matrices.map(({ classOf }) => classOf[position]).join()}`,
  );
  return groupByKey(keys);
}

function* failingPairs(
  world: World,
  setting: Setting,
  units: readonly (readonly number[])[],
): Generator<Omit<Seen, 'profiles' | 'targets'> & { key: string }> {
  for (const [row, outgoing] of units.entries()) {
    for (const [column, incoming] of units.entries()) {
      const [from = 0, to = 0] = [outgoing[0], incoming[0]];
      const answer = world.answer(setting, from, to);
      if (!answer?.decidedBy) continue;
      const isPanic = answer.effect === 'boot-panic';
      if (answer.verdict !== 'misread' && !isPanic) continue;
      const marker = markerOf(world, nameOf(world, from), answer.decidedBy.component);
      const cause = [answer.decidedBy, marker];
      yield {
        outgoing,
        incoming,
        cause,
        isPanic,
        key: `${row} ${column} ${JSON.stringify([isPanic, cause])}`,
      };
    }
  }
}

function markerOf(world: World, release: string, component: string): string | null {
  const kernel = world.kernel(release);
  const marker = kernel && factsOf(kernel, component).marker;
  return marker?.writes === undefined ? null : markerText(marker.writes, marker);
}

/** What no upstream kernel is part of stands behind what one is; misreads before panics. */
function rankOf({ kinds, verdict, marker }: KnownFailure): number {
  return (
    Number(verdict !== 'misread') * 4 + Number(!kinds.includes('upstream')) * 2 + Number(marker === null)
  );
}

function describe(
  world: World,
  { outgoing, incoming, pair }: { outgoing: string[]; incoming: string[]; pair: Seen },
): KnownFailure {
  const test = testOf(world, { outgoing, incoming, pair });
  const [profile = '', target] = test
    ? [test.profile, test.target]
    : [pair.profiles[0], pair.targets[0] as Setting['target']];
  const [from, to] = test
    ? [test.outgoing, test.incoming]
    : [worthiest(world, outgoing), worthiest(world, incoming)];
  const judged = world.judge({ profile, target }, from, to);
  const decisive = judged?.components.find(({ id }) => id === judged.decidedBy?.component);
  const finding = decisive?.findings.find(
    ({ rule, subject }) => rule === judged?.decidedBy?.rule && subject === judged.decidedBy.subject,
  );
  const kinds = new Set<KernelKind>([from, to].map((release) => kindOf(world, release)));
  const sources = [...new Set([...outgoing, ...incoming])].flatMap((release) => sourceOf(world, release));
  return {
    verdict: pair.isPanic ? 'refused' : 'misread',
    effect: judged?.effect ?? null,
    outgoing,
    incoming,
    profiles: pair.profiles,
    targets: pair.targets,
    kinds: [...kinds],
    example: { outgoing: from, incoming: to },
    decidedBy: judged?.decidedBy ?? null,
    marker: judged?.decidedBy ? markerOf(world, from, judged.decidedBy.component) : null,
    message: finding?.message ?? judged?.summary ?? '',
    where: finding?.where ?? [],
    sees: finding?.sees ?? null,
    sources: [...new Set(sources)],
    commits: commitsOf(world, { outgoing, incoming, pair }, judged?.decidedBy?.component),
    tested: judged?.evidence?.agreement === 'agrees',
  };
}

/** Only commits behind every pair of upstream's kernels: a posted series may have changed the same by itself. */
function commitsOf(world: World, block: Block<Seen>, component: string | undefined): KnownCommit[] {
  if (component === undefined) return [];
  const [outgoing = [], incoming = []] = [block.outgoing, block.incoming].map((releases) =>
    releases.filter((release) => kindOf(world, release) === 'upstream'),
  );
  const { commits, targets } = world.data;
  const hit = targets.filter((target) => block.pair.targets.includes(target));
  return commitsBetween(commits, { component, outgoing, incoming, targets: hit });
}

/** A recorded test of released kernels among the pairs: then it is the example. */
function testOf(
  world: World,
  { outgoing, incoming, pair }: { outgoing: string[]; incoming: string[]; pair: Seen },
): EvidenceDocument | undefined {
  return world.data.evidence.find(
    (record) =>
      record.changed === undefined &&
      record.settled === undefined &&
      outgoing.includes(record.outgoing) &&
      incoming.includes(record.incoming) &&
      pair.profiles.includes(record.profile) &&
      pair.targets.includes(record.target),
  );
}

/** An upstream kernel speaks for a side where there is one, the newest of them. */
function worthiest(world: World, releases: readonly string[]): string {
  return releases.findLast((release) => kindOf(world, release) === 'upstream') ?? (releases.at(-1) as string);
}

function kindOf(world: World, release: string): KernelKind {
  return world.head(world.positionOf(release) ?? 0).kind;
}

/** A posted series is known by its message or commit. */
function sourceOf(world: World, release: string): string[] {
  const { kind } = world.head(world.positionOf(release) ?? 0);
  return kind === 'series' ? [`${release}: ${world.provenance(release)?.name}`] : [];
}

/** The markers that upstream's kernels write, by component. */
function timelineOf(world: World): Timeline {
  const upstream = world.data.kernels.filter(({ kind }) => kind === 'upstream').map(({ release }) => release);
  const ids = new Set(upstream.flatMap((release) => [...(world.kernel(release)?.components.keys() ?? [])]));
  const rows = [...ids].sort().map((component) => ({
    component,
    markers: upstream.map((release) => markerOf(world, release, component)),
  }));
  return {
    releases: upstream,
    rows: rows.filter(({ markers }) => markers.some((marker) => marker !== null)),
  };
}
