import type { AuditOutput } from '../model/audit.ts';
import type { AuditOptions, AuditWhat } from './history/audited.ts';

export type { AuditOptions, AuditWhat } from './history/audited.ts';

/**
 * Commit by commit, or patch by patch: which handed-over data changed, which marker guards it, and whether that was raised.
 * What `luo-abi audit --format json` prints.
 * @throws ToolError NOT_A_REPOSITORY, REVISION_UNKNOWN, FILE_UNREADABLE, PATCH_CONFLICT, and as the sources
 */
export async function audit(what: AuditWhat, options: AuditOptions = {}): Promise<AuditOutput> {
  const { auditTouched } = await import('./history/audit.ts');
  const { what: name, output } = await auditTouched(what, options);
  return output ?? untouched(name);
}

/** The answer where nothing of what is audited is handed over. */
export function untouched(what: string): AuditOutput {
  const whole = { components: [], findings: [] };
  return { what, base: '', looked: 0, patches: [], whole, pairs: [] };
}
