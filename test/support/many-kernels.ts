import type { CatalogContent } from '../../src/catalog/documents.ts';
import type { CaptureDocument } from '../../src/model/capture.ts';
import { documentOf, shipped } from './shipped.ts';

// Catalogs of very many kernels: shipped documents under other names, so that what they say is real.

/** Shipped kernels of which no two write and read alike. */
const ORIGINALS = [
  '6.16',
  '6.17.8',
  '6.18.15',
  '6.19.6',
  '6.19.11',
  '7.0',
  '7.1-rc1',
  '7.1.3',
  '7.1.13',
  '7.2.12',
  '7.3-rc7',
  '7.3.4',
];

export interface ManyKernels {
  /** Every kernel writes and reads what no other does; without it there are as many classes as originals. */
  isEachItsOwn?: boolean;
  /** Kernels of a vendor: `7.1.13+b17` instead of `7.1.1017`. */
  isVendor?: boolean;
  /** Where the originals are from; those that ship where it is not said. */
  originalOf?(release: string): CaptureDocument;
}

/** That many documents, oldest first, an original after the other by turns within each series. */
export function manyKernels(
  count: number,
  { isEachItsOwn = false, isVendor = false, originalOf = documentOf }: ManyKernels = {},
): CaptureDocument[] {
  const originals = ORIGINALS.map(originalOf);
  return Array.from({ length: count }, (_, at) => {
    const original = originals[at % originals.length] as CaptureDocument;
    const series = original.release.split(/[.-]/, 2).join('.');
    const vendor = isVendor ? `b${at}` : null;
    const release = isVendor ? `${original.release}+b${at}` : `${series}.${1000 + at}`;
    const named = { ...original, release, base: isVendor ? original.base : release, vendor };
    return isEachItsOwn ? { ...named, components: apart(original.components, at) } : named;
  });
}

/** Half of them bear a marker of their own, the others the same one over a constant of their own. */
function apart(components: CaptureDocument['components'], at: number): CaptureDocument['components'] {
  const { kho, ...others } = structuredClone(components);
  if (!kho?.marker) throw new Error('an original without KHO');
  const value = at % 2 === 0 ? `kho-v${1000 + at}` : 'kho-v999';
  kho.marker.writes = value;
  kho.marker.accepts = [{ value }];
  kho.constants = { ...kho.constants, KHO_TREE_MAX_DEPTH: { role: 'shape', value: { all: 1000 + at } } };
  return { kho, ...others };
}

/** A catalog's content: these documents with the errata and reviews that ship. */
export function contentWith(documents: CaptureDocument[]): CatalogContent {
  const { errata, reviews } = shipped();
  return { documents, errata, reviews, stamp: 'many kernels' };
}
