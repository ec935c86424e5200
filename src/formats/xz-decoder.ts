import type { ByteSource } from '../bytes/byte-source.ts';

/** What a decoder can be asked to decode. The one mechanism serves both; it was made for xz, hence the names. */
export type StreamFormat = 'xz' | 'zstd';

/** Gives the next part of a compressed stream, undefined at its end. The part's buffer is given away. */
export type XzInput = () => Promise<Uint8Array<ArrayBuffer> | undefined>;

/** One compressed stream being decoded. */
export interface XzJob {
  /**
   * The next decoded bytes, undefined at the end; the view is good until the next call, and there is
   * one call at a time. Throws what went wrong: an Error of the decoder for a damaged stream or when
   * the decoder is gone, whatever the input threw.
   */
  next(): Promise<Uint8Array | undefined>;
  /** True when the views stay good: they can be kept instead of copied. */
  readonly areChunksLasting?: boolean;
  /** No more bytes are wanted. */
  cancel(): void;
}

/** Something that decodes .xz and .zst streams, several at a time. */
export interface XzDecoder {
  /** How many streams are worth starting together, the one that is read counted in. */
  readonly width: number;
  /** Decodes a stream, xz unless said otherwise, giving at most `limit` bytes. */
  start(input: XzInput, limit?: number, format?: StreamFormat): XzJob;
  /**
   * Decodes a whole stream of at most `limit` bytes into what can seek and takes no memory of this process; whoever asks closes
   * it. Each part of the input is good until the next is asked for. Absent, and undefined, where there is nothing of the kind: `start` decodes then. Throws as a job does.
   */
  keep?(input: XzInput, limit: number, format: StreamFormat): Promise<ByteSource | undefined>;
  /** Gives up threads and processes; jobs that are not done fail. */
  close(): Promise<void>;
}
