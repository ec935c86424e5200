import { readFileSync } from 'node:fs';
import { ToolError } from '../../errors.ts';
import { readConfig } from '../../formats/kconfig.ts';

/** A build's configuration: CONFIG_* to value. @throws ToolError FILE_UNREADABLE, CONFIG_INVALID */
export function configFrom(path: string): ReadonlyMap<string, string> {
  try {
    return readConfig(readFileSync(path, 'utf8'));
  } catch (cause) {
    if (cause instanceof ToolError) throw cause;
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    throw new ToolError('FILE_UNREADABLE', `${path}: cannot be read (${reason})`, { path, cause });
  }
}
