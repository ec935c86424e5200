import { dirname, resolve } from 'node:path';
import validRange from 'semver/ranges/valid.js';
import { components, withComponents } from '../../components/index.ts';
import { RULES } from '../../diff/rules/index.ts';
import { ToolError } from '../../errors.ts';
import { isDay } from '../../model/calendar.ts';
import { nearest } from '../../model/nearest.ts';
import type { PolicyDocument, PolicyWaiver } from '../../model/policy.ts';
import { parseReleaseName } from '../../model/release-name.ts';
import { readTextFile, validate } from '../../schema/validate.ts';
import {
  checkKeys,
  faultAt,
  type Key,
  oneLine,
  parseYaml,
  type WrittenFile,
} from '../../schema/yaml-file.ts';
import { openOwnComponents } from './components.ts';

// Reads a policy: YAML, of which JSON is a part. Whatever is wrong with it is one error that names the place; a policy that
// is read in part would be a gate with a hole.

/** A policy, and where its waivers stand. */
export interface PolicyFile {
  policy: PolicyDocument;
  /** Line of the waiver at a position, from 1; null where it is not known. */
  lineOfWaiver(position: number): number | null;
  /** Runs something with the components that the policy brings. */
  withItsComponents<T>(run: () => T): T;
}

/** Reads and checks a policy. @throws ToolError FILE_UNREADABLE, DOCUMENT_INVALID */
export function readPolicy(path: string): PolicyFile {
  const text = readTextFile(path);
  const source = parseYaml(text, path, 'a policy');
  const { value } = source;
  checkKeys('policy', source);
  checkDates(value, source);
  const policy = validatePolicy(value, path);
  const own =
    policy.components === undefined ? [] : openOwnComponents(resolve(dirname(path), policy.components));
  const withItsComponents = <T>(run: () => T): T => (own.length > 0 ? withComponents(own, run) : run());
  withItsComponents(() => {
    for (const [position, waiver] of (policy.waivers ?? []).entries()) checkWaiver(waiver, position, source);
  });
  checkRanges(policy, source);
  const lineOfWaiver = (position: number): number | null => source.lineOf(['waivers', position]) ?? null;
  return { policy, lineOfWaiver, withItsComponents };
}

/** An expiry without a date would be a waiver without an end. */
function checkDates(value: unknown, source: WrittenFile): void {
  const waivers: unknown =
    typeof value === 'object' && value !== null && 'waivers' in value ? value.waivers : [];
  if (!Array.isArray(waivers)) return;
  for (const [position, waiver] of waivers.entries()) {
    if (typeof waiver !== 'object' || waiver === null || !('expires' in waiver)) continue;
    const { expires } = waiver;
    if (typeof expires === 'string' && isDay(expires)) continue;
    const shown =
      expires === null || expires === '' ? 'it has no date' : `${oneLine(String(expires))} is no date`;
    throw faultAt(source, ['waivers', position, 'expires'], `${shown}; write YYYY-MM-DD`);
  }
}

function validatePolicy(value: unknown, path: string): PolicyDocument {
  try {
    return validate<PolicyDocument>('policy', value, path);
  } catch (error) {
    if (!(error instanceof ToolError) || !error.message.endsWith('must be string')) throw error;
    // YAML reads 7.10 as the number 7.1.
    throw new ToolError(error.code, `${error.message}; put it in quotes`, error.details);
  }
}

function checkWaiver(waiver: PolicyWaiver, position: number, source: WrittenFile): void {
  const { fingerprint, rule, subject, outgoing, incoming, component } = waiver;
  const at = ['waivers', position] as const;
  if ((fingerprint === undefined) === (rule === undefined)) {
    throw faultAt(source, at, 'give either a fingerprint or a rule');
  }
  if (rule !== undefined) {
    const missing = Object.entries({ subject, outgoing, incoming }).find(([, value]) => value === undefined);
    if (missing) throw faultAt(source, at, `a waiver by rule needs ${missing[0]} as well`);
    checkKnown(rule, ruleIds(), 'rule', { source, keys: [...at, 'rule'] });
  }
  if (component !== undefined) {
    const ids = components().map(({ id }) => id);
    checkKnown(component, ids, 'component', { source, keys: [...at, 'component'] });
  }
  for (const [side, text] of Object.entries({ outgoing, incoming })) {
    if (text !== undefined) checkRange(text, source, [...at, side]);
  }
}

function ruleIds(): string[] {
  return RULES.map(({ id }) => id as string);
}

function checkKnown(
  name: string,
  known: readonly string[],
  kind: string,
  { source, keys }: { source: WrittenFile; keys: readonly Key[] },
): void {
  if (known.includes(name)) return;
  const near = nearest(name, known);
  const hint = near.length > 0 ? `; nearest: ${near.join(', ')}` : '';
  throw faultAt(source, keys, `no ${kind} ${name}${hint}`);
}

function checkRanges({ kernels }: PolicyDocument, source: WrittenFile): void {
  for (const [index, range] of (kernels?.ranges ?? []).entries()) {
    if (validRange(range) === null) {
      throw faultAt(
        source,
        ['kernels', 'ranges', index],
        `${range} is not a range; write ">=6.18 <7.2" or "7.x"`,
      );
    }
  }
}

function checkRange(text: string, source: WrittenFile, keys: readonly Key[]): void {
  if (text.trim() !== '' && (parseReleaseName(text) !== undefined || validRange(text) !== null)) return;
  throw faultAt(source, keys, `${text} is neither a release nor a range`);
}
