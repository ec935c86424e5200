import { ToolError } from '../../errors.ts';
import type { ShimDecisionsDocument } from '../../model/shim.ts';
import { readTextFile, validate } from '../../schema/validate.ts';

/** What a shim is made of; a decision file is for one of them. */
export type ShimSubject = Pick<ShimDecisionsDocument, 'component' | 'incoming' | 'outgoing'>;

const WORDS = ['copy', 'drop', 'refuse'];

/**
 * Reads the answers to the questions of a shim: YAML, of which JSON is a part.
 * @throws ToolError FILE_UNREADABLE; DOCUMENT_INVALID for what is no such file, is for another shim, or has a decision that is
 *   none, with its name
 */
export async function readDecisions(path: string, subject: ShimSubject): Promise<ShimDecisionsDocument> {
  const value = await parsed(path);
  checkWords(path, value);
  return checkSubject(validate<ShimDecisionsDocument>('shim-decisions', value, path), subject, path);
}

/** Decisions are for one shim. @throws ToolError DOCUMENT_INVALID */
export function checkSubject(
  document: ShimDecisionsDocument,
  subject: ShimSubject,
  path: string,
): ShimDecisionsDocument {
  for (const key of ['component', 'outgoing', 'incoming'] as const) {
    if (document[key] === subject[key]) continue;
    throw invalid(path, `${key} is ${document[key]}, and the shim is of ${subject[key]}`);
  }
  return document;
}

async function parsed(path: string): Promise<unknown> {
  const text = readTextFile(path);
  const { parse } = await import('yaml');
  try {
    return parse(text, { maxAliasCount: 100, prettyErrors: false });
  } catch (cause) {
    const reason = (cause instanceof Error ? cause.message : String(cause)).replace(/\s+/g, ' ').trim();
    throw new ToolError('DOCUMENT_INVALID', `${path}: no decisions: ${reason}`, { path, cause });
  }
}

/** The schema would say where it is wrong, and not what the decision is about. */
function checkWords(path: string, value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  for (const key of ['decisions', 'back'] as const) {
    const decisions: unknown = Reflect.get(value, key);
    if (typeof decisions !== 'object' || decisions === null) continue;
    for (const [subject, decision] of Object.entries(decisions)) {
      if (WORDS.includes(decision) || isDefault(decision)) continue;
      const shown = JSON.stringify(decision);
      throw invalid(path, `${subject}: ${shown} is no decision; known: ${WORDS.join(', ')}, default: VALUE`);
    }
  }
}

function isDefault(decision: unknown): boolean {
  if (typeof decision !== 'object' || decision === null || !('default' in decision)) return false;
  return typeof decision.default === 'number' || typeof decision.default === 'string';
}

function invalid(path: string, words: string): ToolError {
  return new ToolError('DOCUMENT_INVALID', `${path}: ${words}`, { path });
}
