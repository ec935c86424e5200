import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import validRange from 'semver/ranges/valid.js';
import type { Document, LineCounter, Node } from 'yaml';
import { COMPONENTS } from '../components/index.ts';
import { RULES } from '../diff/rules/index.ts';
import { ToolError } from '../errors.ts';
import { isDay } from '../model/calendar.ts';
import { nearest } from '../model/nearest.ts';
import type { PolicyDocument, PolicyWaiver } from '../model/policy.ts';
import { parseReleaseName } from '../model/release-name.ts';
import { packageRoot } from '../schema/package-root.ts';
import { readTextFile, validate } from '../schema/validate.ts';

// Reads a policy: YAML, of which JSON is a part. Whatever is wrong with it is one error that names the place; a policy that
// is read in part would be a gate with a hole.

/** A policy, and where its waivers stand. */
export interface PolicyFile {
  policy: PolicyDocument;
  /** Line of the waiver at a position, from 1; null where it is not known. */
  lineOfWaiver(position: number): number | null;
}

type Key = number | string;

/** Reads and checks a policy. @throws ToolError FILE_UNREADABLE, DOCUMENT_INVALID */
export async function readPolicy(path: string): Promise<PolicyFile> {
  const text = readTextFile(path);
  const source = await parse(text, path);
  const { value } = source;
  checkKeys(value, source);
  checkDates(value, source);
  const policy = validatePolicy(value, path);
  for (const [position, waiver] of (policy.waivers ?? []).entries()) checkWaiver(waiver, position, source);
  checkRanges(policy, source);
  return { policy, lineOfWaiver: (position) => source.lineOf(['waivers', position]) ?? null };
}

interface Source {
  path: string;
  value: unknown;
  lineOf(keys: readonly Key[]): number | undefined;
}

async function parse(text: string, path: string): Promise<Source> {
  const { LineCounter, parseDocument } = await import('yaml');
  const lines = new LineCounter();
  try {
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, version: '1.2' });
    const [error] = document.errors;
    if (error) {
      const { line } = lines.linePos(error.pos[0]);
      throw new ToolError('DOCUMENT_INVALID', `${path}:${line}: ${oneLine(error.message)}`, { path, line });
    }
    const value: unknown = document.toJS({ maxAliasCount: 100 });
    return { path, value, lineOf: (keys) => lineOf(document, lines, keys) };
  } catch (cause) {
    if (cause instanceof ToolError) throw cause;
    // Aliases without end and nesting without end are errors of the parser's own.
    const reason = oneLine(cause instanceof Error ? cause.message : String(cause));
    throw new ToolError('DOCUMENT_INVALID', `${path}: not a policy: ${reason}`, { path, cause });
  }
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** The line of the value at a path, or of the nearest thing around it. */
function lineOf(document: Document, lines: LineCounter, keys: readonly Key[]): number | undefined {
  for (let depth = keys.length; depth >= 0; depth -= 1) {
    const node = document.getIn(keys.slice(0, depth), true) as Node | undefined;
    if (node?.range) return lines.linePos(node.range[0]).line;
  }
  return undefined;
}

function invalid(source: Source, keys: readonly Key[], words: string): ToolError {
  const line = source.lineOf(keys);
  const at = keys.length > 0 ? `${keys.join('.')}: ` : '';
  const { path } = source;
  const place = line === undefined ? path : `${path}:${line}`;
  return new ToolError('DOCUMENT_INVALID', `${place}: ${at}${words}`, {
    path,
    ...(line !== undefined && { line }),
  });
}

interface SchemaNode {
  $ref?: string;
  properties?: { [name: string]: SchemaNode };
  items?: SchemaNode;
  definitions?: { [name: string]: SchemaNode };
}

/** A key that the published schema does not have is named with the nearest that it has: a misspelt rule must not be a missing one. */
function checkKeys(value: unknown, source: Source): void {
  const path = join(packageRoot(), 'schemas/policy.schema.json');
  const schema = JSON.parse(readFileSync(path, 'utf8')) as SchemaNode;
  const resolve = ({ $ref, ...node }: SchemaNode): SchemaNode =>
    $ref === undefined ? node : (schema.definitions?.[$ref.replace('#/definitions/', '')] ?? {});
  const walk = (part: unknown, given: SchemaNode, keys: readonly Key[]): void => {
    const node = resolve(given);
    if (Array.isArray(part)) {
      for (const [index, entry] of part.entries()) walk(entry, node.items ?? {}, [...keys, index]);
    } else if (typeof part === 'object' && part !== null && node.properties) {
      const { properties } = node;
      for (const [key, entry] of Object.entries(part)) {
        if (!Object.hasOwn(properties, key)) throw unknownKey(key, Object.keys(properties), keys, source);
        walk(entry, properties[key] ?? {}, [...keys, key]);
      }
    }
  };
  walk(value, schema, []);
}

function unknownKey(key: string, known: readonly string[], keys: readonly Key[], source: Source): ToolError {
  const [near] = nearest(key, known);
  const hint = near === undefined ? `known keys: ${known.join(', ')}` : `nearest: ${near}`;
  const line = source.lineOf([...keys, key]);
  const at = [...keys, key].join('.');
  const place = line === undefined ? source.path : `${source.path}:${line}`;
  return new ToolError('DOCUMENT_INVALID', `${place}: ${at}: no such key; ${hint}`, { path: source.path });
}

/** An expiry without a date would be a waiver without an end. */
function checkDates(value: unknown, source: Source): void {
  const waivers: unknown =
    typeof value === 'object' && value !== null && 'waivers' in value ? value.waivers : [];
  if (!Array.isArray(waivers)) return;
  for (const [position, waiver] of waivers.entries()) {
    if (typeof waiver !== 'object' || waiver === null || !('expires' in waiver)) continue;
    const { expires } = waiver;
    if (typeof expires === 'string' && isDay(expires)) continue;
    const shown =
      expires === null || expires === '' ? 'it has no date' : `${oneLine(String(expires))} is no date`;
    throw invalid(source, ['waivers', position, 'expires'], `${shown}; write YYYY-MM-DD`);
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

function checkWaiver(waiver: PolicyWaiver, position: number, source: Source): void {
  const { fingerprint, rule, subject, outgoing, incoming, component } = waiver;
  const at = ['waivers', position] as const;
  if ((fingerprint === undefined) === (rule === undefined)) {
    throw invalid(source, at, 'give either a fingerprint or a rule');
  }
  if (rule !== undefined) {
    const missing = Object.entries({ subject, outgoing, incoming }).find(([, value]) => value === undefined);
    if (missing) throw invalid(source, at, `a waiver by rule needs ${missing[0]} as well`);
    checkKnown(rule, ruleIds(), 'rule', { source, keys: [...at, 'rule'] });
  }
  if (component !== undefined) {
    const ids = COMPONENTS.map(({ id }) => id as string);
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
  { source, keys }: { source: Source; keys: readonly Key[] },
): void {
  if (known.includes(name)) return;
  const near = nearest(name, known);
  const hint = near.length > 0 ? `; nearest: ${near.join(', ')}` : '';
  throw invalid(source, keys, `no ${kind} ${name}${hint}`);
}

function checkRanges({ kernels }: PolicyDocument, source: Source): void {
  for (const [index, range] of (kernels?.ranges ?? []).entries()) {
    if (validRange(range) === null) {
      throw invalid(
        source,
        ['kernels', 'ranges', index],
        `${range} is not a range; write ">=6.18 <7.2" or "7.x"`,
      );
    }
  }
}

function checkRange(text: string, source: Source, keys: readonly Key[]): void {
  if (text.trim() !== '' && (parseReleaseName(text) !== undefined || validRange(text) !== null)) return;
  throw invalid(source, keys, `${text} is neither a release nor a range`);
}
