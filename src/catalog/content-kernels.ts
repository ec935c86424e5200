import type { CaptureDocument } from '../model/capture.ts';
import { appliesTo } from '../verdict/errata.ts';
import type { Kernel, KernelComponent } from '../verdict/kernel.ts';
import { kernelOf } from '../verdict/kernel.ts';
import type { CatalogContent } from './documents.ts';
import type { Judging } from './judging.ts';

// Documents that are judged once need no catalog, which takes longer to write than their verdicts take to compute.

/** The kernels of documents, in their order. Those that say the same of a component share its facts. */
export function kernelsOf(documents: readonly CaptureDocument[]): Kernel[] {
  const known = new Map<string, KernelComponent['facts']>();
  const sharing = (id: string, { facts, places }: KernelComponent): KernelComponent => {
    const text = `${id} ${JSON.stringify(facts)}`;
    const shared = known.get(text) ?? facts;
    known.set(text, shared);
    return { facts: shared, places };
  };
  return documents.map((document) => {
    const kernel = kernelOf(document);
    const components = [...kernel.components].map(([id, component]) => [id, sharing(id, component)] as const);
    return { ...kernel, components: new Map(components) };
  });
}

/** What verdicts take beside two kernels of documents. */
export function judgingOf(
  { errata, reviews }: CatalogContent,
  documents: readonly CaptureDocument[],
): Judging {
  const byRelease = new Map(documents.map((document) => [document.release, document]));
  const kernelNamed = (release: string): Kernel | undefined => {
    const document = byRelease.get(release);
    return document && kernelOf(document);
  };
  return { errata, reviews, erratumApplies: appliesTo, kernelNamed };
}
