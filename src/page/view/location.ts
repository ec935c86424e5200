import type { PairClass } from '../../model/outputs.ts';
import type { KernelKind, PageDocument } from '../../model/page.ts';
import { DEFAULT_PROFILE } from '../../model/profile.ts';
import type { Target } from '../../model/target.ts';

// What the page shows, and how the URL says it: a link shows the same view again. Only what differs from the first view
// is written.

/** What stands open beside the matrix. */
export type Opened =
  | { kind: 'pair'; outgoing: string; incoming: string }
  | { kind: 'release'; release: string }
  | { kind: 'struct'; struct: string };

export interface View {
  profile: string;
  target: Target;
  /** Whose kernels; undefined leaves it to what the profile has. */
  kinds: readonly KernelKind[] | undefined;
  /** Kernels that cannot carry the state of the profile as well. */
  all: boolean;
  /** Equal kernels of a series in one row. */
  folded: boolean;
  /** Series that are the other way than `folded` says. */
  turned: readonly string[];
  search: string;
  only: PairClass | undefined;
  opened: Opened | undefined;
}

export const KINDS: readonly KernelKind[] = ['upstream', 'downstream', 'series'];
const CLASSES: readonly PairClass[] = ['stable-sequential', 'main+1', 'stable+2'];

/** A value of the URL that means nothing here, in words. */
export interface ReadView {
  view: View;
  problems: string[];
}

/** The view that a fragment such as `#profile=memfd&from=7.1.13&to=7.2.12` asks for. Unknown values are told and left out. */
export function readView(fragment: string, data: PageDocument): ReadView {
  const query = new URLSearchParams(fragment.replace(/^#/, ''));
  const problems: string[] = [];
  const choose = <T extends string>(name: string, known: readonly T[]): T | undefined => {
    const value = query.get(name);
    if (value === null) return undefined;
    const found = known.find((candidate) => candidate === value);
    if (found === undefined) problems.push(`There is no ${name} “${value}” here.`);
    return found;
  };
  const profiles = data.profiles.map(({ name }) => name);
  const kinds = query.get('kinds')?.split(',');
  const view: View = {
    profile: choose('profile', profiles) ?? firstProfile(profiles),
    target: choose('target', data.targets) ?? data.targets[0] ?? 'x86_64-4k',
    kinds: kinds && KINDS.filter((kind) => kinds.includes(kind)),
    all: query.has('all'),
    folded: query.has('folded'),
    turned: query.get('turned')?.split(',').filter(Boolean) ?? [],
    search: query.get('search') ?? '',
    only: choose('class', CLASSES),
    opened: undefined,
  };
  const opened = readOpened(query, data, problems);
  return { view: { ...view, opened }, problems };
}

function firstProfile(profiles: readonly string[]): string {
  return profiles.find((name) => name === DEFAULT_PROFILE) ?? profiles[0] ?? DEFAULT_PROFILE;
}

function readOpened(query: URLSearchParams, data: PageDocument, problems: string[]): Opened | undefined {
  const isKnown = (release: string): boolean => data.kernels.some((kernel) => kernel.release === release);
  const [outgoing, incoming] = [query.get('from'), query.get('to')];
  if (outgoing !== null && incoming !== null) {
    const strangers = [outgoing, incoming].filter((release) => !isKnown(release));
    for (const release of strangers) problems.push(`There is no kernel “${release}” here.`);
    return strangers.length === 0 ? { kind: 'pair', outgoing, incoming } : undefined;
  }
  const release = query.get('release');
  if (release !== null) {
    if (isKnown(release)) return { kind: 'release', release };
    problems.push(`There is no kernel “${release}” here.`);
    return undefined;
  }
  const struct = query.get('struct');
  if (struct === null) return undefined;
  if (data.facts.some(({ structs }) => Object.hasOwn(structs, struct))) return { kind: 'struct', struct };
  problems.push(`There is no struct “${struct}” here.`);
  return undefined;
}

/** The fragment that shows a view, with its `#`. */
export function fragmentOf(view: View, data: PageDocument): string {
  const first = readView('', data).view;
  const query = new URLSearchParams();
  if (view.profile !== first.profile) query.set('profile', view.profile);
  if (view.target !== first.target) query.set('target', view.target);
  if (view.kinds) query.set('kinds', view.kinds.join(','));
  if (view.all) query.set('all', '');
  if (view.folded) query.set('folded', '');
  if (view.turned.length > 0) query.set('turned', view.turned.join(','));
  if (view.search !== '') query.set('search', view.search);
  if (view.only) query.set('class', view.only);
  if (view.opened?.kind === 'pair') {
    query.set('from', view.opened.outgoing);
    query.set('to', view.opened.incoming);
  }
  if (view.opened?.kind === 'release') query.set('release', view.opened.release);
  if (view.opened?.kind === 'struct') query.set('struct', view.opened.struct);
  return `#${query.toString()}`;
}
