import { ToolError } from '../errors.ts';
import { sortKeys } from '../model/canonical.ts';
import type { EvidenceDocument } from '../model/evidence.ts';
import type { Kernel } from '../verdict/kernel.ts';
import type { Catalog } from './catalog.ts';

// A release names one kernel. Tests, errata, waivers and ways go by that name, so a document that bears the name of a kernel
// of the catalog and says something else must not pass for it.

/** Whether the catalog has another kernel of that name. */
export function isNamesake(kernel: Kernel, catalog: Catalog): boolean {
  const own = catalog.kernel(kernel.release);
  return own !== undefined && own !== kernel && !isSameKernel(kernel, own);
}

/** The records of an ordered pair that are of these two kernels, and not of others that bear their names. */
export function evidenceAbout(kernels: Sides, catalog: Catalog): EvidenceDocument[] {
  return evidenceAmong(
    catalog.evidenceOf(kernels.outgoing.release, kernels.incoming.release),
    kernels,
    catalog,
  );
}

/** Those records that are of the catalog's own kernels, or of kernels that it has not. */
export function ownEvidence(records: readonly EvidenceDocument[], catalog: Catalog): EvidenceDocument[] {
  return records.filter((record) => {
    const [outgoing, incoming] = [catalog.kernel(record.outgoing), catalog.kernel(record.incoming)];
    if (record.images === undefined || !outgoing || !incoming) return true;
    return evidenceAmong([record], { outgoing, incoming }, catalog).length > 0;
  });
}

interface Sides {
  outgoing: Kernel;
  incoming: Kernel;
}

function evidenceAmong(
  records: readonly EvidenceDocument[],
  { outgoing, incoming }: Sides,
  catalog: Catalog,
): EvidenceDocument[] {
  const [wrote, read] = [testedAs(outgoing, catalog), testedAs(incoming, catalog)];
  return records.filter(({ images }) => wrote(images?.outgoing) && read(images?.incoming));
}

/** Whether a kernel is the one that a test booted: that image; or, where none is named, the release as the catalog has it. */
export function isTested(kernel: Kernel, image: string | undefined, catalog: Catalog): boolean {
  return testedAs(kernel, catalog)(image);
}

/** `isTested` for many records of one kernel. */
function testedAs(kernel: Kernel, catalog: Catalog): (image: string | undefined) => boolean {
  let isOwn: boolean | undefined;
  let digests: ReadonlySet<string> | undefined;
  return (image) => {
    if (image !== undefined) {
      digests ??= new Set(kernel.files?.map(({ sha256 }) => sha256));
      return digests.has(image);
    }
    isOwn ??= isCatalogs(kernel, catalog);
    return isOwn;
  };
}

function isCatalogs(kernel: Kernel, catalog: Catalog): boolean {
  const own = catalog.kernel(kernel.release);
  return own === kernel || (own !== undefined && isSameKernel(kernel, own) && hasSameFiles(kernel, own));
}

/** Whether what was read for both is the same; of a kernel that nothing was read for, its facts are all there is. */
function hasSameFiles({ files = [] }: Kernel, own: Kernel): boolean {
  const known = new Map(own.files?.map(({ path, sha256 }) => [path, sha256]));
  const common = files.filter(({ path }) => known.has(path));
  if (common.length === 0) return files.length === 0 || known.size === 0;
  return common.every(({ path, sha256 }) => known.get(path) === sha256);
}

/**
 * A kernel out of a document may take part beside those of the catalog: its name is free, or it is the catalog's own.
 * @throws ToolError RELEASE_TAKEN
 */
export function checkNameFree(kernel: Kernel, text: string, catalog: Catalog): void {
  if (!isNamesake(kernel, catalog)) return;
  const { release } = kernel;
  throw new ToolError(
    'RELEASE_TAKEN',
    `${text}: the catalog has another kernel named ${release}; rename it with \`release\``,
    { path: text },
  );
}

/** Whether two kernels of one name are the same to every verdict. Places say only where a fact was read. */
export function isSameKernel(one: Kernel, other: Kernel): boolean {
  if (one.components.size !== other.components.size) return false;
  if (String([...(one.targets ?? [])].sort()) !== String([...(other.targets ?? [])].sort())) return false;
  return [...one.components].every(([id, { facts }]) => {
    const known = other.components.get(id)?.facts;
    return known === facts || (known !== undefined && factsText(known) === factsText(facts));
  });
}

function factsText(facts: object): string {
  return JSON.stringify(facts, (_key, value: unknown) =>
    value !== null && typeof value === 'object' && !Array.isArray(value)
      ? sortKeys(value as Record<string, unknown>)
      : value,
  );
}
