import { releaseRanges } from '../release-ranges.ts';
import { verdictText } from '../style.ts';
import { markdownCode, markdownText } from './markdown.ts';
import type { KnownFailure, SiteData } from './site-data.ts';

/** Every pair that is known to be read wrongly or to panic, worst first, those with one reason together. */
export function renderFindings({ failures, page }: SiteData): string {
  const order = page.kernels.map(({ release }) => release);
  const part = (title: string, isIn: (failure: KnownFailure) => boolean): string[] => {
    const own = failures.filter(isIn);
    if (own.length === 0) return [];
    return [`## ${title}`, '', ...own.flatMap((failure) => renderFailure(failure, order))];
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

function renderFailure(failure: KnownFailure, order: readonly string[]): string[] {
  const { outgoing, incoming, decidedBy, marker, message, sees, profiles, targets, tested, sources } =
    failure;
  const isPosted = failure.kinds.includes('series');
  const example = `${failure.example.outgoing} to ${failure.example.incoming}`;
  const subject = decidedBy ? `${decidedBy.component}: ${markdownCode(decidedBy.subject)}` : '';
  const under = marker === null ? '' : ` under ${markdownCode(marker)}`;
  return [
    `### ${markdownText(`${shortText(outgoing, order)} → ${shortText(incoming, order)}`)}`,
    '',
    `- ${verdictText(failure.verdict, failure.effect)}: ${subject}${under}${decidedBy ? ` (${decidedBy.rule})` : ''}`,
    `- ${markdownText(message)}`,
    ...placesOf(failure),
    ...listSides(failure, order),
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

const SHORT = 70;

/** One side for a heading; what is too long for one is counted. */
function shortText(releases: readonly string[], order: readonly string[]): string {
  const text = releaseRanges(releases, order);
  return text.length <= SHORT ? text : `${releases[0]} and ${releases.length - 1} more`;
}

/** Both sides in full where the heading does not hold them. */
function listSides({ outgoing, incoming }: KnownFailure, order: readonly string[]): string[] {
  const sides = [
    ['outgoing', outgoing],
    ['incoming', incoming],
  ] as const;
  return sides
    .filter(([, releases]) => shortText(releases, order) !== releases.join(', '))
    .map(([side, releases]) => `- ${side}: ${markdownText(releases.join(', '))}`);
}

function placesOf({ where, example }: KnownFailure): string[] {
  const places = where.map(
    ({ file, line, side }) => `${side} ${markdownCode(`${file}:${line}`)} (${example[side]})`,
  );
  return places.length > 0 ? [`- ${places.join(', ')}`] : [];
}
