import { readFileSync } from 'node:fs';
import type { ErrorObject, ValidateFunction } from 'ajv';
import { ToolError } from '../errors.ts';
import { checkAccepts } from '../model/accepts.ts';
import type { CaptureDocument } from '../model/capture.ts';
import { compileSchema } from './compile.ts';
import type { SchemaName } from './schemas.ts';

const validators = new Map<SchemaName, ValidateFunction>();

// Made on first need: most commands validate nothing.
function validatorOf(name: SchemaName): ValidateFunction {
  const validator = validators.get(name) ?? compileSchema(name);
  validators.set(name, validator);
  return validator;
}

/**
 * Checks a document against its published schema.
 * @throws ToolError DOCUMENT_INVALID with the path of the first thing that is wrong.
 */
export function validate<T>(name: SchemaName, document: unknown, label: string): T {
  const validator = validatorOf(name);
  if (validator(document)) {
    if (name === 'capture') checkAccepts((document as CaptureDocument).components, label);
    return document as T;
  }
  const [error] = validator.errors ?? [];
  throw new ToolError('DOCUMENT_INVALID', `${label}: ${error ? describe(error) : `does not match ${name}`}`, {
    path: label,
  });
}

/** What a schema has against a document: where it stands, and what it is; undefined for nothing. */
export function firstFault(
  name: SchemaName,
  document: unknown,
): { keys: string[]; words: string } | undefined {
  const validator = validatorOf(name);
  if (validator(document)) return undefined;
  const [error] = validator.errors ?? [];
  if (!error) return { keys: [], words: `does not match ${name}` };
  const keys = error.instancePath.split('/').slice(1).map(unescaped);
  return { keys, words: describe({ ...error, instancePath: '' }).replace(/^\/ /, '') };
}

/** A step of a JSON pointer. */
function unescaped(step: string): string {
  return step.replaceAll('~1', '/').replaceAll('~0', '~');
}

function describe({
  instancePath,
  message,
  params,
}: Pick<ErrorObject, 'instancePath' | 'message' | 'params'>): string {
  const extra = 'additionalProperty' in params ? ` (${String(params.additionalProperty)})` : '';
  const allowed = 'allowedValues' in params ? `: ${(params.allowedValues as unknown[]).join(', ')}` : '';
  return `${instancePath || '/'} ${message ?? 'is wrong'}${extra}${allowed}`;
}

/**
 * Parses JSON text and checks it against a schema.
 * @throws ToolError DOCUMENT_INVALID for text that is not JSON, or a document that breaks the schema.
 */
export function parseDocument<T>(name: SchemaName, text: string, label: string): T {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.replaceAll('\n', ' ') : String(cause);
    throw new ToolError('DOCUMENT_INVALID', `${label}: not JSON: ${reason}`, { path: label, cause });
  }
  return validate<T>(name, document, label);
}

/** The text of a file. @throws ToolError FILE_UNREADABLE */
export function readTextFile(path: string): string {
  return readBytesFile(path).toString();
}

/** The bytes of a file. @throws ToolError FILE_UNREADABLE */
export function readBytesFile(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    throw new ToolError('FILE_UNREADABLE', `${path}: cannot be read (${reason})`, { path, cause });
  }
}
