import { restoreNames } from '../formats/fdt-names.ts';
import type { DeviceTreeNode } from '../formats/fdt-tree.ts';
import type { BlobState } from '../model/inspect.ts';
import type { Blob, Identity } from './blob.ts';
import { nodesOf, ownerOf, ROOT_ENTRY } from './entries.ts';
import { isKin, isMarked } from './identify.ts';
import type { Known } from './known.ts';

// What there is of a blob. debugfs shows a tree as long as it was when it was registered, though it grew since, and what a kernel
// was handed where that lay, though the memory was freed since; what is not there must not be taken for what a kernel wrote.

export function stateOf(blob: Blob, identity: Identity | undefined, known: Known): BlobState {
  if (blob.fault) return blob.fault.state;
  if (isReleased(blob, identity, known)) return 'released';
  return blob.tree?.cut ? 'cut' : 'whole';
}

/** Whether the bytes can be judged. */
export function isAtHand(state: BlobState): boolean {
  return state === 'whole' || state === 'cut';
}

/** A kernel boots only with data that has its marker; where none is left, the kernel freed what it had read. */
function isReleased(blob: Blob, identity: Identity | undefined, { kernels, target }: Known): boolean {
  const entry = identity?.recognizedBy === 'file-name' ? identity.entry : undefined;
  if (!blob.isIncoming || entry === undefined || entry === ROOT_ENTRY) return false;
  const parts = kernels.flatMap((kernel) => ownerOf(kernel, entry) ?? []);
  const hasString = parts.some(({ facts }) => typeof facts.marker?.writes === 'string');
  return hasString && !parts.some((part) => isMarked(blob, part, target) || isKin(blob, part, target));
}

/** The blob with the names that fit where its tree was cut, out of those that any kernel has in trees of its entry. */
export function withKnownNames(blob: Blob, identity: Identity | undefined, { kernels }: Known): Blob {
  const { entry } = identity ?? {};
  if (!blob.tree?.cut || entry === undefined) return blob;
  const names = kernels.flatMap((kernel) =>
    nodesOf(kernel, entry).flatMap(({ node }) => node.properties.map(({ name }) => name)),
  );
  return { ...blob, tree: restoreNames(blob.tree, ['compatible', ...names]) };
}

/** Whether a property that a node of a tree lacks may have been cut off: its name, or the end of the node's properties. */
export function mayHaveLost({ tree }: Blob, path: string, { properties, children }: DeviceTreeNode): boolean {
  if (!tree?.cut) return false;
  return (
    properties.some(({ cutName }) => cutName === 'lost') ||
    (tree.cut.inside === path && children.length === 0)
  );
}

/** What to say of a blob that is not whole; undefined of one that is. */
export function stateNote(blob: Blob, state: BlobState, identity: Identity | undefined): string | undefined {
  if (blob.fault) return blob.fault.message;
  if (state === 'released')
    return 'released by this kernel after it read it: the bytes are something else now';
  return state === 'cut' ? cutNote(blob, identity) : undefined;
}

function cutNote({ tree, isIncoming }: Blob, identity: Identity | undefined): string {
  const { said = 0, there = 0, inside } = tree?.cut ?? {};
  const isGrown = identity?.entry === ROOT_ENTRY && !isIncoming;
  const why = isGrown ? "cut by the kernel's debugfs, which shows a tree as long as it was at first" : 'cut';
  const names = tree ? cutNames(tree.root) : { fitting: [], lost: 0 };
  return [
    `${why}: ${said} bytes said, ${there} there`,
    ...(inside === undefined ? [] : [`what follows in ${inside} and behind it is lost`]),
    ...(names.fitting.length > 0
      ? [`names of properties are lost, and by their lengths can only be ${names.fitting.join(', ')}`]
      : []),
    ...(names.lost > 0 ? [`the names of ${names.lost} properties are lost`] : []),
  ].join('; ');
}

/** The names that were put in, and how many properties have none. */
export function cutNames(root: DeviceTreeNode): { fitting: string[]; lost: number } {
  const all = [root, ...descendants(root)].flatMap(({ properties }) => properties);
  const fitting = all.filter(({ cutName }) => cutName === 'fitting').map(({ name }) => name);
  return { fitting: [...new Set(fitting)], lost: all.filter(({ cutName }) => cutName === 'lost').length };
}

function descendants({ children }: DeviceTreeNode): DeviceTreeNode[] {
  return children.flatMap((child) => [child, ...descendants(child)]);
}
