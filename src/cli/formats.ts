import { streamFile, writeAtomically } from '../ask/files/write.ts';
import { ToolError } from '../errors.ts';
import { canonicalJson, jsonChunks } from '../model/canonical.ts';
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

/** Prints a result that may be long: what is JSON is written as it is made, and the program stays open to signals. */
export async function streamResult(renderings: Renderings, { format }: OptionValues, io: Io): Promise<void> {
  const requests = Array.isArray(format) ? format : ['terminal'];
  for (const request of requests) {
    const [name = '', file] = splitOnce(request);
    const chunks = chunksOf(name, renderings);
    if (file !== undefined) await streamFile(file, chunks);
    else if (io.stream) await io.stream(chunks);
    else for (const chunk of chunks) io.out(chunk);
  }
}

function chunksOf(name: string, renderings: Renderings): Iterable<string> {
  if (name === 'json' && Object.hasOwn(renderings, name)) return jsonChunks(renderings.json());
  return [renderAs(name, renderings)];
}

/** The names of the formats that were asked for. */
export function formatsOf({ format }: OptionValues): string[] {
  return Array.isArray(format) ? format.map((request) => splitOnce(request)[0]) : ['terminal'];
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
