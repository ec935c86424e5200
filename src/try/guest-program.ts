import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ToolError } from '../errors.ts';
import { packageRoot } from '../schema/package-root.ts';
import type { Machine } from './machine.ts';

/** Where the guest program's source stands, and what was built from it, in the package. */
export const GUEST_FOLDER = 'src/try/guest';

/** The program that a trial's kernels run first. @throws ToolError FILE_UNREADABLE */
export function guestProgram({ uname }: Machine): Uint8Array {
  const path = join(packageRoot(), GUEST_FOLDER, `init-${uname}`);
  if (existsSync(path)) return readFileSync(path);
  throw new ToolError('FILE_UNREADABLE', `${path}: not there; npm run guest builds it with gcc`, { path });
}
