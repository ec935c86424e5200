import type { KnownCommit } from '../../model/commits.ts';
import type { KernelKind, PageKernel } from '../../model/page.ts';
import { parseReleaseName } from '../../model/release-name.ts';
import { rangeName } from '../release-ranges.ts';
import { verdictText } from '../style.ts';
import { markdownCode, markdownText } from './markdown.ts';
import type { KnownFailure, SiteData } from './site-data.ts';

/** Every pair that is known to be read wrongly or to panic, worst first, those with one reason together. */
export function renderFindings({ failures, page }: SiteData): string {
  const part = (title: string, isIn: (failure: KnownFailure) => boolean): string[] => {
    const own = failures.filter(isIn);
    if (own.length === 0) return [];
    return [`## ${title}`, '', ...own.flatMap((failure) => renderFailure(failure, page.kernels))];
  };
  const isUpstream = ({ kinds }: KnownFailure): boolean => kinds.every((kind) => kind === 'upstream');
  const isMisread = ({ verdict }: KnownFailure): boolean => verdict === 'misread';
  return [
    '# Pairs that corrupt state or panic',
    '',
    'Known in the history of upstream and of the series that were posted for it, worst first. A pair is the kernel that writes and the kernel that reads.',
    '',
    ...part('Read wrongly, between upstream releases', (one) => isMisread(one) && isUpstream(one)),
    ...part('Read wrongly, with a posted series or a build', (one) => isMisread(one) && !isUpstream(one)),
    ...part('Panic, between upstream releases', (one) => !isMisread(one) && isUpstream(one)),
    ...part('Panic, with a posted series or a build', (one) => !isMisread(one) && !isUpstream(one)),
  ].join('\n');
}

function renderFailure(failure: KnownFailure, kernels: readonly PageKernel[]): string[] {
  const { outgoing, incoming, decidedBy, marker, message, sees, profiles, targets, tested, sources } =
    failure;
  const isPosted = failure.kinds.includes('series');
  const example = `${failure.example.outgoing} to ${failure.example.incoming}`;
  const subject = decidedBy ? `${decidedBy.component}: ${markdownCode(decidedBy.subject)}` : '';
  const under = marker === null ? '' : ` under ${markdownCode(marker)}`;
  const [from, to] = [outgoing, incoming].map((releases) => sideOf(releases, kernels));
  return [
    `### ${markdownText(`${from?.heading} → ${to?.heading}`)}`,
    '',
    `- ${verdictText(failure.verdict, failure.effect)}: ${subject}${under}${decidedBy ? ` (${decidedBy.rule})` : ''}`,
    `- ${markdownText(message)}`,
    ...failure.commits.map(commitLine),
    ...placesOf(failure),
    ...(from?.names ? [`- outgoing: ${markdownText(from.names)}`] : []),
    ...(to?.names ? [`- incoming: ${markdownText(to.names)}`] : []),
    ...(sees === null ? [] : [`- the console says: ${markdownCode(sees)}`]),
    `- hit: ${profiles.join(', ')} on ${targets.join(', ')}; ${outgoing.length} outgoing × ${incoming.length} incoming kernels`,
    `- for example ${markdownText(example)}${tested ? ', seen in a test' : ', predicted'}`,
    ...(isPosted && sources.length > 0
      ? [
          `- from: ${sources.slice(0, 4).map(markdownText).join('; ')}${sources.length > 4 ? ` and ${sources.length - 4} more` : ''}`,
        ]
      : []),
    '',
  ];
}

function commitLine({ commit, first, kinds, what }: KnownCommit): string {
  return `- changed by ${markdownCode(commit)} in ${markdownText(first)} (${kinds.join(', ')}): ${markdownText(what)}`;
}

const NAMED = 3;

/** One side: for the heading, and by name what the heading only counts. */
interface Side {
  heading: string;
  names?: string;
}

/**
 * Upstream's kernels as ranges; behind them posted series and builds by name where they are few, else counted. Where none of
 * upstream's is among them, the names stand below the heading.
 */
function sideOf(releases: readonly string[], kernels: readonly PageKernel[]): Side {
  const among = new Set(releases);
  const of = (kind: KernelKind): string[] =>
    kernels.flatMap((each) => (each.kind === kind && among.has(each.release) ? [each.release] : []));
  const [upstream, series, builds] = [of('upstream'), of('series'), of('downstream')];
  const others = [...series, ...builds];
  if (upstream.length === 0 && others.length > NAMED) {
    return { heading: `${others[0]} and ${others.length - 1} more`, names: namesByBase(others) };
  }
  const order = kernels.flatMap(({ kind, release }) => (kind === 'upstream' ? [release] : []));
  const parts = [
    ...(upstream.length > 0 ? [rangeName(upstream, order)] : []),
    ...namedOrCounted(series, 'posted series'),
    ...namedOrCounted(builds, 'builds'),
  ];
  return {
    heading: parts.length < 2 ? parts.join() : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`,
  };
}

function namedOrCounted(releases: readonly string[], what: string): string[] {
  return releases.length > NAMED ? [`${releases.length} ${what}`] : [...releases];
}

/** `7.1.13 with a, b; 7.2.12 with c`. */
function namesByBase(releases: readonly string[]): string {
  const byBase = new Map<string, string[]>();
  for (const release of releases) {
    const { base, vendor } = parseReleaseName(release) ?? { base: release, vendor: null };
    byBase.set(base, [...(byBase.get(base) ?? []), vendor ?? release]);
  }
  return [...byBase].map(([base, names]) => `${base} with ${names.join(', ')}`).join('; ');
}

function placesOf({ where, example }: KnownFailure): string[] {
  const places = where.map(
    ({ file, line, side }) => `${side} ${markdownCode(`${file}:${line}`)} (${example[side]})`,
  );
  return places.length > 0 ? [`- ${places.join(', ')}`] : [];
}
