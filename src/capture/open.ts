import type { SourceKind, TreeEvidence } from '../sources/index.ts';
import { openSource } from '../sources/index.ts';
import { SOUGHT } from './sought.ts';
import { isWanted, wantedFolders } from './wanted.ts';

/** Opens what a locator names for the files that a capture may read. Errors as `openSource`. */
export function openKernelSource(
  locator: string,
  { source, keepImage }: { source?: SourceKind; keepImage?: true } = {},
): Promise<TreeEvidence> {
  const options = { ...(source && { kind: source }), ...(keepImage && { keepImage }) };
  return openSource(locator, {
    wanted: isWanted,
    // An image asks for none.
    get folders() {
      return wantedFolders();
    },
    sought: SOUGHT,
    ...options,
  });
}
