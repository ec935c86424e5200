import { channel } from 'node:diagnostics_channel';
import { type FileHandle, open } from 'node:fs/promises';
import { basename } from 'node:path';
import type { ByteSource } from '../bytes/byte-source.ts';
import { ToolError } from '../errors.ts';
import { pause } from '../work.ts';
import { SpareMemory } from './spare-memory.ts';

const CHUNK_SIZE = 256 << 10;
/** A file can be entered anywhere; these steps only say where it is worth looking. */
const START_STEP = 16 << 20;

/** What is told of each read of a file on the channel `luo-abi:read`, for whoever shows progress. */
export interface FileRead {
  name: string;
  /** Bytes of the file. */
  size: number;
  /** Bytes that were read now. */
  length: number;
}

const reads = channel('luo-abi:read');

/** A file as a ByteSource; every read gives a buffer of its own. */
export class FileSource implements ByteSource {
  readonly size: number;
  readonly isStateless = true;
  readonly #handle: FileHandle;
  readonly #name: string;

  readonly #spare: SpareMemory;

  /** `spare` is where buffers are taken from. */
  constructor(handle: FileHandle, size: number, name: string, spare = new SpareMemory()) {
    this.#handle = handle;
    this.size = size;
    this.#name = name;
    this.#spare = spare;
  }

  get starts(): readonly number[] {
    const count = Math.max(1, Math.ceil(this.size / START_STEP));
    return Array.from({ length: count }, (_, index) => index * START_STEP);
  }

  async at(offset: number): Promise<Uint8Array> {
    return this.peek(offset, CHUNK_SIZE);
  }

  async peek(start: number, length: number): Promise<Uint8Array> {
    // Not from the pool: what is read is given away, and may be kept for long.
    const bytes = Buffer.allocUnsafeSlow(Math.max(0, Math.min(length, this.size - start)));
    return bytes.subarray(0, await this.#readInto(bytes, start));
  }

  async #readInto(buffer: Uint8Array, position: number): Promise<number> {
    pause();
    try {
      const { bytesRead } = await this.#handle.read(buffer, { position });
      if (reads.hasSubscribers) {
        reads.publish({ name: this.#name, size: this.size, length: bytesRead } satisfies FileRead);
      }
      return bytesRead;
    } catch (error) {
      throw unreadable(this.#name, error);
    }
  }

  async read(
    offset: number,
    length: number,
    into?: Uint8Array<ArrayBuffer>,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const size = Math.max(0, Math.min(length, this.size - offset));
    const bytes = into?.subarray(0, size) ?? this.#spare.take(size);
    let filled = 0;
    while (filled < bytes.byteLength) {
      const got = await this.#readInto(bytes.subarray(filled), offset + filled);
      if (got === 0) break;
      filled += got;
    }
    return bytes.subarray(0, filled);
  }

  expect(): void {}

  async close(): Promise<void> {
    await this.#handle.close();
  }
}

/** Opens a regular file. Throws FILE_UNREADABLE. `name` is what messages call it. */
export async function openFile(path: string, name: string): Promise<FileSource> {
  try {
    const handle = await open(path, 'r');
    const stat = await handle.stat();
    if (stat.isFile()) return new FileSource(handle, stat.size, name);
    await handle.close();
  } catch (error) {
    throw unreadable(name, error);
  }
  throw new ToolError('FILE_UNREADABLE', `${name}: not a regular file`);
}

/** FILE_UNREADABLE with the system's reason; the system's own message would hold the machine's path. */
export function unreadable(name: string, error: unknown): ToolError {
  const reason = (error as NodeJS.ErrnoException).code ?? 'unknown reason';
  return new ToolError('FILE_UNREADABLE', `${name}: cannot be read (${reason})`, {
    path: name,
    cause: error,
  });
}

/** Runs on an opened regular file, by its base name, and closes it. Throws FILE_UNREADABLE. */
export async function withFile<Result>(
  locator: string,
  run: (name: string, file: FileSource) => Promise<Result>,
): Promise<Result> {
  const name = basename(locator);
  const file = await openFile(locator, name);
  try {
    return await run(name, file);
  } finally {
    await file.close();
  }
}
