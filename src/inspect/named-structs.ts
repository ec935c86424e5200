import { ToolError } from '../errors.ts';
import type { Kernel } from '../verdict/kernel.ts';
import type { Blob, Identity, NamedStruct } from './blob.ts';
import type { Part } from './entries.ts';
import { availableParts, entryOf, structCarrier, treeCarrier } from './entries.ts';

/**
 * What `--component` says of a blob: `memfd` (its one struct that stands alone), `luo-flb.luo_flb_ser`, or several structs that
 * stand one behind the other, `kho-block.kho_block_header_ser+luo-session.luo_session_ser`.
 * @throws ToolError COMPONENT_UNKNOWN, USAGE for a component with no struct of its own or with several
 */
export function namedIdentity(text: string, blob: Blob, kernels: readonly Kernel[]): Identity {
  const names = text.split('+');
  const [first = ''] = names;
  const entry = names.length === 1 ? namedEntry(first, blob, kernels) : undefined;
  if (entry !== undefined) return { entry, recognizedBy: 'option' };
  return { structs: names.map((name) => namedStruct(name, kernels)), recognizedBy: 'option' };
}

/** Newest first. */
function partsNamed(id: string, kernels: readonly Kernel[]): Part[] {
  const parts = [...kernels]
    .reverse()
    .flatMap((kernel) => availableParts(kernel).filter((part) => part.id === id));
  if (parts.length > 0) return parts;
  const known = [
    ...new Set(kernels.flatMap((kernel) => availableParts(kernel).map((part) => part.id))),
  ].sort();
  throw new ToolError('COMPONENT_UNKNOWN', `${id}: no such component; known: ${known.join(', ')}`);
}

/** The entry that a component's name stands for: that of its tree for a tree, of its one struct with a marker otherwise. */
function namedEntry(name: string, { tree }: Blob, kernels: readonly Kernel[]): string | undefined {
  const [id = '', struct] = name.split('.');
  for (const part of partsNamed(id, kernels)) {
    const { marker } = part.facts;
    const carrier = structCarrier(marker);
    const isMarked = carrier !== undefined && (struct === undefined || struct === carrier.struct);
    const entry = entryOf(part) ?? (tree && treeCarrier(marker)?.entry);
    if (entry === undefined) continue;
    if (tree ? struct === undefined : isMarked && marker?.kind !== 'guarded') return entry;
  }
  return undefined;
}

function namedStruct(name: string, kernels: readonly Kernel[]): NamedStruct {
  const [component = '', struct] = name.split('.');
  const parts = partsNamed(component, kernels);
  const names = [...new Set(parts.flatMap(({ facts }) => Object.keys(facts.structs)))].sort();
  if (struct !== undefined && names.includes(struct)) return { component, struct };
  if (struct !== undefined) {
    throw new ToolError(
      'COMPONENT_UNKNOWN',
      `${name}: ${component} has no such struct; known: ${names.join(', ')}`,
    );
  }
  for (const { facts } of parts) {
    const alone = Object.keys(facts.structs).filter(
      (candidate) => facts.structs[candidate]?.placement === 'blob',
    );
    if (alone.length === 1) return { component, struct: alone[0] as string };
  }
  const hint =
    names.length > 0
      ? `name one: ${names.map((known) => `${component}.${known}`).join(', ')}`
      : 'it has none';
  throw new ToolError('USAGE', `\`component\` ${component}: which struct? ${hint}`);
}
