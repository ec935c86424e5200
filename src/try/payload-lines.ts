import { ToolError } from '../errors.ts';
import type { PayloadDocument, PayloadFile, Seal } from '../model/payload.ts';

/** F_SEAL_* (include/uapi/linux/fcntl.h). */
const SEALS: Readonly<Record<Seal, number>> = {
  seal: 0x1,
  shrink: 0x2,
  grow: 0x4,
  write: 0x8,
  'future-write': 0x10,
};
/** What F_GET_SEALS says of a file that was made without MFD_ALLOW_SEALING. */
const UNSEALABLE = SEALS.seal;
const MFD_ALLOW_SEALING = 2;
/** The guest keeps the text in a buffer of this size. */
const LIMIT = (1 << 18) - 1;
/** As many as a kernel keeps by a name (RESERVE_MEM_MAX_ENTRIES in mm/memblock.c). */
const MOST_REGIONS = 8;

/**
 * A payload as the guest reads it, one item a line. Between looking up where regions lie and reading them, all free memory
 * is overwritten.
 * @throws ToolError DOCUMENT_INVALID for one that cannot be meant: a name or a token twice, or more than the guest holds.
 */
export function payloadLines({ sessions, regions }: PayloadDocument): string {
  checkNames('session', [...sessions.map(({ name }) => name)]);
  checkNames('region', [...regions.map(({ name }) => name)]);
  const lines = sessions.flatMap(({ name, files }) => {
    checkNames(`token in session ${name}`, [...files.map(({ token }) => token)]);
    return [`session ${name}`, ...files.map(fileLine)];
  });
  if (regions.length > MOST_REGIONS)
    throw new ToolError(
      'DOCUMENT_INVALID',
      `payload: ${regions.length} regions, and kernels keep ${MOST_REGIONS}`,
    );
  lines.push(...regions.map(({ name }) => `place ${name}`));
  if (regions.length > 0) lines.push('overwrite');
  lines.push(...regions.map(({ name }) => `region ${name}`));
  const text = `${lines.join('\n')}\n`;
  if (text.length <= LIMIT) return text;
  throw new ToolError('DOCUMENT_INVALID', `payload: ${text.length} bytes for the guest, at most ${LIMIT}`);
}

function fileLine({ token, size, position = 0, seals, hole = 0 }: PayloadFile): string {
  if (BigInt(token) >= 1n << 64n)
    throw new ToolError('DOCUMENT_INVALID', `payload: token ${token} is beyond 64 bits`);
  const bits = seals === undefined ? UNSEALABLE : seals.reduce((all, seal) => all | SEALS[seal], 0);
  return `file ${token} ${size} ${position} ${bits} ${seals === undefined ? 0 : MFD_ALLOW_SEALING} ${hole}`;
}

function checkNames(what: string, names: readonly string[]): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined)
    throw new ToolError('DOCUMENT_INVALID', `payload: ${what} ${twice} is there twice`);
}
