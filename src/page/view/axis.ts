import type { KernelKind } from '../../model/page.ts';
import { parseReleaseName } from '../../model/release-name.ts';
import type { View } from './location.ts';
import { KINDS } from './location.ts';
import type { World } from './world.ts';

// The rows of the matrix, which are its columns as well: kernels in order, or classes of equal ones within a series.

/** One row and one column. */
export interface AxisItem {
  label: string;
  /** Positions of the kernels that it stands for, oldest first; all with the same answers. */
  members: readonly number[];
  series: string;
  /** The first of its series. */
  isFirst: boolean;
  /** Its series has several kernels, so that it can be folded. */
  isFoldable: boolean;
}

export interface Axis {
  items: AxisItem[];
  /** Kernels that are shown. */
  positions: number[];
  kinds: readonly KernelKind[];
  /** Kernels of these kinds that were left out because they cannot carry the state. */
  withoutState: number;
}

/** What the matrix shows of a world in a view. */
export function axisOf(world: World, view: View): Axis {
  const matched = world.data.kernels.flatMap(({ release, vendor }, position) => {
    const isHere = (world.matrix(view)?.classOf[position] ?? -1) >= 0;
    return isHere && matches(view.search, `${release} ${vendor ?? ''}`) ? [position] : [];
  });
  const carriers = matched.filter((position) => isCarrier(world, view, position));
  const kinds = view.kinds ?? kindsWorthALook(world, view);
  const isWanted = (position: number): boolean => kinds.includes(world.head(position).kind);
  const positions = (view.all ? matched : carriers).filter(isWanted);
  const withoutState = matched.filter(isWanted).length - carriers.filter(isWanted).length;
  return {
    items: itemsOf(world, view, positions),
    positions,
    kinds,
    withoutState: view.all ? 0 : withoutState,
  };
}

/** Upstream where some of its kernels carry the state, else every kernel that does. */
function kindsWorthALook(world: World, view: View): readonly KernelKind[] {
  const isUpstream = world.data.kernels.some(
    ({ kind }, position) => kind === 'upstream' && isCarrier(world, view, position),
  );
  return isUpstream ? ['upstream'] : KINDS;
}

function isCarrier(world: World, view: View, position: number): boolean {
  const answer = world.answer(view, position, position);
  return answer !== undefined && answer.verdict !== 'unsupported';
}

/** Several words, separated by commas, are alternatives. */
function matches(search: string, text: string): boolean {
  const words = search
    .toLowerCase()
    .split(',')
    .map((word) => word.trim())
    .filter(Boolean);
  return words.length === 0 || words.some((word) => text.toLowerCase().includes(word));
}

/** Series in the order of their kernels; a release without a series is one of its own. */
export function seriesOf(release: string): string {
  return parseReleaseName(release)?.series ?? release;
}

function itemsOf(world: World, view: View, positions: readonly number[]): AxisItem[] {
  const bySeries = new Map<string, number[]>();
  for (const position of positions) {
    const series = seriesOf(world.head(position).release);
    bySeries.set(series, [...(bySeries.get(series) ?? []), position]);
  }
  return [...bySeries].flatMap(([series, members]) => {
    const isFolded = view.folded !== view.turned.includes(series);
    const groups = isFolded ? classesAmong(world, view, members) : members.map((member) => [member]);
    return groups.map((group, at) => ({
      label: labelOf(world, group),
      members: group,
      series,
      isFirst: at === 0,
      isFoldable: members.length > 1,
    }));
  });
}

function classesAmong(world: World, view: View, members: readonly number[]): number[][] {
  const byClass = new Map<number, number[]>();
  for (const member of members) {
    const number = world.matrix(view)?.classOf[member] ?? -1;
    byClass.set(number, [...(byClass.get(number) ?? []), member]);
  }
  return [...byClass.values()];
}

/** `6.18.5 … 6.18.15` where no other kernel of its kind stands between, else the first and how many more. */
function labelOf(world: World, members: readonly number[]): string {
  const [first = 0, last = first] = [members[0], members.at(-1)];
  const { release } = world.head(first);
  if (members.length === 1) return release;
  const between = world.data.kernels
    .slice(first, last + 1)
    .filter(({ kind }) => kind === world.head(first).kind);
  const isRow = between.length === members.length && world.head(last).kind === world.head(first).kind;
  return isRow ? `${release} … ${world.head(last).release}` : `${release} and ${members.length - 1} more`;
}
