import { once } from 'node:events';
import { fstatSync, writeSync } from 'node:fs';
import { batched } from '../ask/files/batches.ts';
import { ToolError } from '../errors.ts';

// Node's stream for standard output takes as long to load as a small command runs. A file, a pipe and /dev/null are
// written directly, and wait for their reader as they do behind the stream.

/** Their major number: /dev/null and its like, which are no terminals. */
const MEMORY_DEVICES = 1;

const isDirect = isWrittenDirectly(1);

let stream: NodeJS.WriteStream | undefined;

/** Writes text; the reader that closes the pipe early (head) ends the program without an error. */
export function writeOut(text: string): void {
  const rest = isDirect && !stream ? writeDirectly(Buffer.from(text)) : text;
  if (rest.length > 0) standardStream().write(rest);
}

/** The same of a long text, in pieces; a reader that is slow is waited for. */
export async function streamOut(chunks: Iterable<string>): Promise<void> {
  for await (const text of batched(chunks)) {
    writeOut(text);
    if (stream?.writableNeedDrain) await once(stream, 'drain');
  }
}

/** Columns of the terminal that is written to; undefined where it is none. */
export function terminalColumns(): number | undefined {
  if (isDirect) return undefined;
  const { isTTY, columns } = standardStream();
  return isTTY ? columns : undefined;
}

/** What could not be written because the reader made the pipe one that does not wait. */
function writeDirectly(bytes: Buffer): Buffer {
  let written = 0;
  try {
    while (written < bytes.length) written += writeSync(1, bytes, written);
  } catch (error) {
    endWithReader(error);
    if (!isCode(error, 'EAGAIN'))
      throw new ToolError(
        'FILE_UNWRITABLE',
        `standard output: ${error instanceof Error ? error.message : error}`,
      );
  }
  return bytes.subarray(written);
}

function standardStream(): NodeJS.WriteStream {
  if (stream) return stream;
  stream = process.stdout;
  stream.on('error', (error) => {
    endWithReader(error);
    throw error;
  });
  return stream;
}

function endWithReader(error: unknown): void {
  if (isCode(error, 'EPIPE')) process.exit(0);
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

/** Whether a file descriptor is open on a file, a pipe or /dev/null. */
export function isWrittenDirectly(descriptor: number): boolean {
  try {
    const found = fstatSync(descriptor);
    if (found.isFile() || found.isFIFO()) return true;
    return found.isCharacterDevice() && found.rdev >> 8 === MEMORY_DEVICES;
  } catch {
    return false;
  }
}
