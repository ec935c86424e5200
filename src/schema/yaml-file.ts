import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Document, LineCounter, type Node, parseDocument } from 'yaml';
import { ToolError } from '../errors.ts';
import { nearest } from '../model/nearest.ts';
import { packageRoot } from './package-root.ts';
import type { SchemaName } from './schemas.ts';
import { firstFault } from './validate.ts';

// Files that people write: YAML, of which JSON is a part. Whatever is wrong with one is one error that names the place. Nothing
// of a file can run: no tag constructs anything, aliases and sizes have their limits.

/** A step to a part of a document. */
export type Key = number | string;

/** A file as it was read, and where its parts stand. */
export interface WrittenFile {
  path: string;
  value: unknown;
  /** The line of the value at a path, or of the nearest thing around it. */
  lineOf(keys: readonly Key[]): number | undefined;
}

/** Values that aliases may stand for, times how often they do. */
const ALIAS_LIMIT = 100;

/**
 * @param what the file should be, with its article: `a policy`
 * @throws ToolError DOCUMENT_INVALID
 */
export function parseYaml(text: string, path: string, what: string): WrittenFile {
  const lines = new LineCounter();
  try {
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, version: '1.2' });
    const [fault] = [...document.errors, ...document.warnings];
    if (fault) {
      const { line } = lines.linePos(fault.pos[0]);
      throw new ToolError('DOCUMENT_INVALID', `${path}:${line}: ${oneLine(fault.message)}`, { path, line });
    }
    const value: unknown = document.toJS({ maxAliasCount: ALIAS_LIMIT });
    return { path, value, lineOf: (keys) => lineIn(document, lines, keys) };
  } catch (cause) {
    if (cause instanceof ToolError) throw cause;
    // Aliases without end and nesting without end are errors of the parser's own.
    const reason = oneLine(cause instanceof Error ? cause.message : String(cause));
    throw new ToolError('DOCUMENT_INVALID', `${path}: not ${what}: ${reason}`, { path, cause });
  }
}

/** Text on one line. */
export function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

function lineIn(document: Document, lines: LineCounter, keys: readonly Key[]): number | undefined {
  for (let depth = keys.length; depth >= 0; depth -= 1) {
    const node = document.getIn(keys.slice(0, depth), true) as Node | undefined;
    if (node?.range) return lines.linePos(node.range[0]).line;
  }
  return undefined;
}

/** What is wrong with a part of a file, to be thrown. */
export function faultAt(file: WrittenFile, keys: readonly Key[], words: string): ToolError {
  const line = file.lineOf(keys);
  const at = keys.length > 0 ? `${keys.join('.')}: ` : '';
  const { path } = file;
  const place = line === undefined ? path : `${path}:${line}`;
  return new ToolError('DOCUMENT_INVALID', `${place}: ${at}${words}`, {
    path,
    ...(line !== undefined && { line }),
  });
}

interface SchemaNode {
  $ref?: string;
  properties?: { [name: string]: SchemaNode };
  additionalProperties?: SchemaNode | boolean;
  items?: SchemaNode;
  definitions?: { [name: string]: SchemaNode };
}

/**
 * A key that the published schema does not have is named with the nearest that it has: a misspelt rule must not be a missing one.
 * @throws ToolError DOCUMENT_INVALID
 */
export function checkKeys(schemaName: SchemaName, file: WrittenFile): void {
  const path = join(packageRoot(), 'schemas', `${schemaName}.schema.json`);
  const schema = JSON.parse(readFileSync(path, 'utf8')) as SchemaNode;
  const resolve = ({ $ref, ...node }: SchemaNode): SchemaNode =>
    $ref === undefined ? node : (schema.definitions?.[$ref.replace('#/definitions/', '')] ?? {});
  const walk = (part: unknown, given: SchemaNode, keys: readonly Key[]): void => {
    const node = resolve(given);
    if (Array.isArray(part)) {
      for (const [index, entry] of part.entries()) walk(entry, node.items ?? {}, [...keys, index]);
      return;
    }
    if (typeof part !== 'object' || part === null) return;
    const { properties, additionalProperties } = node;
    const others = typeof additionalProperties === 'object' ? additionalProperties : undefined;
    if (!properties && !others) return;
    for (const [key, entry] of Object.entries(part)) {
      const known = properties && Object.hasOwn(properties, key) ? properties[key] : others;
      if (!known) throw unknownKey(key, Object.keys(properties ?? {}), keys, file);
      walk(entry, known, [...keys, key]);
    }
  };
  walk(file.value, schema, []);
}

function unknownKey(
  key: string,
  known: readonly string[],
  keys: readonly Key[],
  file: WrittenFile,
): ToolError {
  const [near] = nearest(key, known);
  const hint = near === undefined ? `known keys: ${known.join(', ')}` : `nearest: ${near}`;
  return faultAt(file, [...keys, key], `no such key; ${hint}`);
}

/**
 * Checks a file against its published schema, with the line of what is wrong.
 * @throws ToolError DOCUMENT_INVALID
 */
export function validateFile<T>(schemaName: SchemaName, file: WrittenFile): T {
  const fault = firstFault(schemaName, file.value);
  if (fault) throw faultAt(file, fault.keys, fault.words);
  return file.value as T;
}
