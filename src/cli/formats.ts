import { randomUUID } from 'node:crypto';
import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { unwritable } from '../catalog/make-folder.ts';
import { ToolError } from '../errors.ts';
import { canonicalJson } from '../model/canonical.ts';
import type { Io, OptionValues } from './command.ts';

/** What each format would print; made only when it is asked for. */
export interface Renderings {
  terminal(): string;
  json(): unknown;
  /** Further formats of a command, by name, each as text. */
  readonly [format: string]: () => unknown;
}

/** Prints a result in every format that was asked for: `NAME` to stdout, `NAME=FILE` into a file. */
export function printResult(renderings: Renderings, { format }: OptionValues, io: Io): void {
  const requests = Array.isArray(format) ? format : ['terminal'];
  for (const request of requests) {
    const [name = '', file] = splitOnce(request);
    const text = renderAs(name, renderings);
    if (file === undefined) io.out(text);
    else writeAtomically(file, text);
  }
}

/** Whether stdout is given over to a format that programs read. */
export function splitOnce(request: string): [name: string, file?: string] {
  const at = request.indexOf('=');
  return at < 0 ? [request] : [request.slice(0, at), request.slice(at + 1)];
}

function renderAs(name: string, renderings: Renderings): string {
  const render = Object.hasOwn(renderings, name) ? renderings[name] : undefined;
  if (render) return name === 'json' ? canonicalJson(render()) : String(render());
  const known = Object.keys(renderings).join(', ');
  throw new ToolError('USAGE', `--format ${name}: known formats are ${known}`);
}

/** Writes a file whole or not at all. */
export function writeAtomically(path: string, text: string): void {
  const partial = `${path}.${randomUUID()}.partial`;
  try {
    writeFileSync(partial, text);
    renameSync(partial, path);
  } catch (cause) {
    if (existsSync(partial)) rmSync(partial);
    throw unwritable(path, cause);
  }
}
