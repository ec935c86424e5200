import { existsSync } from 'node:fs';
import type { AuditWhat } from '../ask/audit.ts';
import { ToolError } from '../errors.ts';
import type { OptionValues } from './command.ts';

/** What operands and options name: a range or commit, files, or what is staged. @throws ToolError USAGE, FILE_UNREADABLE */
export function whatOf(operands: readonly string[], { staged, on }: OptionValues): AuditWhat {
  const [first = 'HEAD'] = operands;
  if (staged === true) {
    if (operands.length > 0) throw new ToolError('USAGE', '--staged names what is audited; give no operand');
    return { kind: 'staged' };
  }
  // A bare repository has a file HEAD; nobody means that one.
  const areFiles = operands.length > 0 && operands.every((path) => path !== 'HEAD' && existsSync(path));
  if (areFiles) return { kind: 'patches', paths: operands };
  if (operands.length > 1) {
    const stranger = operands.find((path) => !existsSync(path)) ?? first;
    throw new ToolError('FILE_UNREADABLE', `${stranger}: no such file; give one range, or patches`);
  }
  if (on !== undefined) throw misplacedOn(operands, String(on));
  return { kind: 'range', text: first };
}

/** `--on` names what patches apply to: with none of them, a range may have been meant, or a file that is not there. */
function misplacedOn([what]: readonly string[], on: string): ToolError {
  if (what !== undefined && !what.includes('..'))
    return new ToolError('FILE_UNREADABLE', `${what}: no such file; --on ${on} is for patches`);
  const range = on.includes('#') ? `${on}..HEAD` : `${what ?? `${on}..HEAD`}`;
  return new ToolError(
    'USAGE',
    `--on ${on} is what patches apply to, and none are given; for commits: audit ${range}`,
  );
}
