import type { Catalog } from '../../catalog/catalog.ts';
import type { Judging } from '../../catalog/judging.ts';
import { diffComponent, diffTargets } from '../../diff/engine.ts';
import { knownMarkerOf } from '../../diff/known-markers.ts';
import type { ComponentFacts, KnownMarker, RawFinding, SideFacts } from '../../diff/rule.ts';
import { diffUapi } from '../../diff/uapi.ts';
import type { CaptureDocument } from '../../model/capture.ts';
import type { Finding, FindingPlace } from '../../model/finding.ts';
import type { MarkerValue } from '../../model/marker.ts';
import type { DiffedComponent, DiffedUapi, DiffOutput } from '../../model/outputs.ts';
import type { Target } from '../../model/target.ts';
import { sharedTargets } from '../../model/target.ts';
import { uapiOf } from '../../model/uapi.ts';
import { acceptedSide } from '../../verdict/accepted-side.ts';
import type { Kernel } from '../../verdict/kernel.ts';
import { factsOf, isAvailable, layoutLookup } from '../../verdict/kernel.ts';
import type { ResolvedKernel } from '../kernels/resolve.ts';

// Every finding of a pair, component by component. Nothing is judged here: a gate that refuses hides nothing.

export interface DiffRequest {
  from: ResolvedKernel;
  to: ResolvedKernel;
  target: Target;
  /** Ids, in the order in which they are told. */
  components: readonly string[];
  /** Whether they are all that there is: what belongs to no component is compared too. */
  isWhole: boolean;
  judging: Judging;
  catalog: Catalog;
}

/** Compares each component of two kernels on one target, and says where other targets differ. */
export function diffKernels(request: DiffRequest): DiffOutput {
  const { from, to, target, components } = request;
  return {
    outgoing: from.kernel.release,
    incoming: to.kernel.release,
    target,
    components: components.map((id) => diffOne(request, id)),
    ...(request.isWhole && { uapi: diffedUapi(from.document(), to.document()) }),
  };
}

function diffedUapi(outgoing: CaptureDocument, incoming: CaptureDocument): DiffedUapi | null {
  const [written, read] = [uapiOf(outgoing), uapiOf(incoming)];
  return written && read ? diffUapi(written, read) : null;
}

function diffOne(request: DiffRequest, id: string): DiffedComponent {
  const { from, to, target } = request;
  const knownMarkers = knownMarkersOf(request, id);
  const { findings, accepted } = compare(request, { id, target, knownMarkers });
  const elsewhere = new Map<Target, readonly RawFinding[]>();
  for (const other of sharedTargets([from.document(), to.document()])) {
    if (other === target) continue;
    elsewhere.set(other, compare(request, { id, target: other, knownMarkers }).findings);
  }
  const all = [...findings, ...diffTargets({ component: id, target, findings, elsewhere })];
  const [written, read] = [factsOf(from.kernel, id), factsOf(to.kernel, id)];
  const isShared = isAvailable(written) && isAvailable(read);
  return {
    id,
    available: { outgoing: written.available, incoming: read.available },
    markers: { outgoing: markerOf(written), incoming: markerOf(read) },
    accepted: isShared ? accepted : null,
    findings: all.map((finding) => locate(request, id, finding)),
  };
}

interface Comparison {
  id: string;
  target: Target;
  knownMarkers: readonly KnownMarker[];
}

function compare({ from, to, judging }: DiffRequest, { id, target, knownMarkers }: Comparison) {
  const outgoing = sideOf(from.kernel, id, target);
  const incoming = acceptedSide({
    outgoing: from.kernel,
    incoming: to.kernel,
    id,
    own: sideOf(to.kernel, id, target),
    named: (release) => {
      const kernel = judging.kernelNamed(release);
      return kernel && sideOf(kernel, id, target);
    },
  });
  const errata = judging.errata.filter(
    (erratum) =>
      erratum.component === id &&
      judging.erratumApplies(erratum, erratum.side === 'outgoing' ? outgoing.release : incoming.release),
  );
  const reviews = judging.reviews.find(({ component }) => component === id)?.functions ?? [];
  return diffComponent({ component: id, target, outgoing, incoming, errata, reviews, knownMarkers });
}

function sideOf(kernel: Kernel, id: string, target: Target): SideFacts {
  return { release: kernel.release, facts: factsOf(kernel, id), layoutOf: layoutLookup(kernel, target) };
}

/** What the kernels of the catalog write for a component, oldest first; equal facts are looked at once. */
function knownMarkersOf({ catalog, target }: DiffRequest, id: string): KnownMarker[] {
  const seen = new Set<ComponentFacts>();
  return catalog.allKernels().flatMap((kernel) => {
    const facts = kernel.components.get(id)?.facts;
    if (!facts || seen.has(facts) || !isAvailable(facts)) return [];
    seen.add(facts);
    return knownMarkerOf(sideOf(kernel, id, target), target) ?? [];
  });
}

function markerOf({ marker }: ComponentFacts): number | string | null {
  return textOf(marker?.writes);
}

function textOf(value: MarkerValue | undefined): number | string | null {
  return typeof value === 'object' ? JSON.stringify(value) : (value ?? null);
}

function locate({ from, to }: DiffRequest, id: string, { placeKeys, ...finding }: RawFinding): Finding {
  const where = (['outgoing', 'incoming'] as const).flatMap((side): FindingPlace[] => {
    const { kernel } = side === 'outgoing' ? from : to;
    const place = kernel.components.get(id)?.places[placeKeys[side] ?? ''];
    const match = place === undefined ? null : /^(.*):(\d+)$/.exec(place);
    return match ? [{ file: match[1] ?? '', line: Number(match[2]), side }] : [];
  });
  return { ...finding, where };
}
