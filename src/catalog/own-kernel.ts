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
  return own !== undefined && !isSameKernel(kernel, own);
}

/** The records of an ordered pair; none where one side only bears the name of the kernel that was tested. */
export function evidenceAbout(
  { outgoing, incoming }: { outgoing: Kernel; incoming: Kernel },
  catalog: Catalog,
): EvidenceDocument[] {
  const records = catalog.evidenceOf(outgoing.release, incoming.release);
  const isOther = records.length > 0 && [outgoing, incoming].some((kernel) => isNamesake(kernel, catalog));
  return isOther ? [] : records;
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
    `${text}: the catalog has another kernel named ${release}; rename it with --release`,
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
