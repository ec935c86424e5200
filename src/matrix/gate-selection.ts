import validRange from 'semver/ranges/valid.js';
import type { GateProblem } from '../model/gate.ts';
import type { PairClass } from '../model/outputs.ts';
import type { PolicyDocument } from '../model/policy.ts';
import { compareReleases, parseReleaseName } from '../model/release-name.ts';
import type { GateRuleId } from './gate-rules.ts';
import { levelOf } from './gate-rules.ts';
import { checkChecks } from './limits.ts';
import { classifyPairs, PairClassifier, pairKey, seriesOrder } from './pair-classes.ts';
import { isWholeName, matchesRange } from './range.ts';

// Which pairs a policy asks for. What it asks for and does not get is a problem, never a shorter list.

/** What the names of a policy stand for. */
export interface KnownKernels {
  /** Every release of the catalog. */
  releases: readonly string[];
  /** By release, abbreviation or path as the policy writes it: the release; undefined where there is no such kernel. */
  named: ReadonlyMap<string, string | undefined>;
}

/** A pair to be checked, whatever the profile and the target. */
export interface SelectedPair {
  outgoing: string;
  incoming: string;
  class: PairClass[];
  direction: 'backward' | 'forward';
}

/** The pairs of a policy, and what of it comes to nothing. */
export interface GateSelection {
  pairs: SelectedPair[];
  problems: GateProblem[];
}

/** Resolves the kernels and pairs of a policy. */
export function selectPairs(policy: PolicyDocument, known: KnownKernels): GateSelection {
  const problems: GateProblem[] = [];
  const report = (rule: GateRuleId, message: string): void => {
    if (!problems.some((problem) => problem.message === message))
      problems.push({ rule, level: levelOf(rule), message, line: null });
  };
  const selected = selectKernels(policy, known, report);
  const pairs = new Map<string, SelectedPair>();
  for (const pair of classPairs(policy, [...selected], report))
    pairs.set(pairKey(pair.outgoing, pair.incoming), pair);
  for (const pair of namedPairs(policy, {
    known,
    selected,
    report,
    vendors: policy.kernels?.vendors === true,
  })) {
    const key = pairKey(pair.outgoing, pair.incoming);
    if (!pairs.has(key)) pairs.set(key, pair);
  }
  checkEachNamed(policy, { known, pairs: [...pairs.values()], report });
  if (pairs.size === 0) report('selection-empty', 'the policy selects no pair at all');
  return { pairs: [...pairs.values()], problems };
}

type Report = (rule: GateRuleId, message: string) => void;

/** Every name that a policy uses for a kernel, in its order. */
export function namesIn({ kernels, pairs, window }: PolicyDocument): string[] {
  const sides = (pairs.named ?? []).flatMap(({ outgoing, incoming }) => [outgoing, incoming]);
  const held = window?.kernels ?? [];
  return [...new Set([...(kernels?.releases ?? []), ...(kernels?.files ?? []), ...sides, ...held])];
}

/** The kernels that a policy selects; what of it comes to nothing is told by `selectPairs`. */
export function selectedReleases(policy: PolicyDocument, known: KnownKernels): string[] {
  return [...selectKernels(policy, known, () => {})];
}

function selectKernels({ kernels }: PolicyDocument, known: KnownKernels, report: Report): Set<string> {
  const { releases = [], ranges = [], files = [], vendors = false } = kernels ?? {};
  const selected = new Set<string>();
  for (const name of [...releases, ...files]) {
    const release = known.named.get(name);
    if (release === undefined) report('capture-missing', `${name}: no capture of this kernel is known`);
    else selected.add(release);
  }
  for (const range of ranges) {
    const found = known.releases.filter(
      (release) => (vendors || parseReleaseName(release)?.vendor === null) && matchesRange(release, range),
    );
    if (found.length === 0) report('selection-empty', `kernels.ranges: no known release is in ${range}`);
    for (const release of found) selected.add(release);
  }
  return selected;
}

function classPairs(
  { pairs, direction }: PolicyDocument,
  releases: readonly string[],
  report: Report,
): SelectedPair[] {
  const { classes = [], allReleases = false } = pairs;
  if (classes.length === 0) return [];
  const order = seriesOrder(releases);
  const backward = direction === 'both';
  if (allReleases)
    checkChecks(countPairs(classes, new PairClassifier(releases, order, { allReleases, backward })));
  const found = [...classifyPairs(releases, order, { allReleases, backward })].flatMap(([key, own]) => {
    const asked = own.filter((name) => classes.includes(name));
    const [outgoing = '', incoming = ''] = key.split(' ');
    const way = compareReleases(outgoing, incoming) < 0 ? ('forward' as const) : ('backward' as const);
    return asked.length > 0 ? [{ outgoing, incoming, class: asked, direction: way }] : [];
  });
  for (const name of classes) {
    if (!found.some((pair) => pair.class.includes(name)))
      report('selection-empty', `pairs.classes: the kernels of the policy make no pair of ${name}`);
  }
  return found;
}

/** How many pairs some classes have, without making them. */
function countPairs(classes: readonly PairClass[], classifier: PairClassifier): number {
  const partners = new Map<string, number>();
  let count = 0;
  for (const name of classes) {
    for (let at = 0; at < classifier.size; at += 1) {
      const key = `${name} ${classifier.partnersKey(name, at)}`;
      const known = partners.get(key) ?? classifier.incomingOf(name, at).length;
      partners.set(key, known);
      count += known;
    }
  }
  return count;
}

interface NamedContext {
  known: KnownKernels;
  selected: ReadonlySet<string>;
  report: Report;
  /** Kernels of vendors are taken where a name stands for many. */
  vendors: boolean;
}

function namedPairs({ pairs, direction }: PolicyDocument, context: NamedContext): SelectedPair[] {
  return (pairs.named ?? []).flatMap((named) => {
    const from = kernelsOf(named.outgoing, context);
    const to = kernelsOf(named.incoming, context);
    checkChecks(from.length * to.length);
    const made = from.flatMap((outgoing) =>
      to
        .filter((incoming) => incoming !== outgoing || named.outgoing === named.incoming)
        .flatMap((incoming) => {
          const forward = { outgoing, incoming, class: [], direction: 'forward' as const };
          const backward = {
            outgoing: incoming,
            incoming: outgoing,
            class: [],
            direction: 'backward' as const,
          };
          return direction === 'both' && outgoing !== incoming ? [forward, backward] : [forward];
        }),
    );
    if (made.length === 0)
      context.report(
        'selection-empty',
        `pairs.named: ${named.outgoing} -> ${named.incoming} comes to no pair`,
      );
    return made;
  });
}

/** `7.1`: a waiver reads it as every release of that series, and so must what is checked. */
const SERIES = /^v?\d+\.\d+$/;

/** A kernel by its name, the releases of a series, or the kernels of the policy that are in a range. */
function kernelsOf(text: string, context: NamedContext): string[] {
  const { known, selected, report } = context;
  if (SERIES.test(text)) return kernelsOfSeries(text, context);
  const release = known.named.get(text);
  if (release !== undefined) return [release];
  if (validRange(text) === null || isWholeName(text)) {
    report('capture-missing', `${text}: no capture of this kernel is known`);
    return [];
  }
  return [...selected].filter((candidate) => matchesRange(candidate, text)).sort(compareReleases);
}

/**
 * The kernels of the policy that are of a series; where none of the catalog's is among them, every one that is known of it,
 * vendors' only where they are asked for or alone.
 */
function kernelsOfSeries(series: string, { known, selected, report, vendors }: NamedContext): string[] {
  const inSeries = (releases: Iterable<string>): string[] =>
    [...releases].filter((release) => matchesRange(release, series));
  const chosen = inSeries(selected);
  const all = inSeries(known.releases);
  const upstream = all.filter((release) => parseReleaseName(release)?.vendor === null);
  const isChosen = chosen.some((release) => all.includes(release));
  const added = isChosen ? [] : vendors || upstream.length === 0 ? all : upstream;
  if (chosen.length + added.length === 0)
    report('capture-missing', `${series}: no capture of this kernel is known`);
  return [...new Set([...chosen, ...added])].sort(compareReleases);
}

/** A kernel that the policy names and that stands in no pair would pass unseen. */
function checkEachNamed(
  { kernels }: PolicyDocument,
  { known, pairs, report }: { known: KnownKernels; pairs: readonly SelectedPair[]; report: Report },
): void {
  for (const name of [...(kernels?.releases ?? []), ...(kernels?.files ?? [])]) {
    const release = known.named.get(name);
    if (release === undefined) continue;
    if (pairs.some(({ outgoing, incoming }) => outgoing === release || incoming === release)) continue;
    const shown = name === release ? name : `${name} (${release})`;
    report('selection-empty', `${shown} is named in the policy and stands in no pair of it`);
  }
}
