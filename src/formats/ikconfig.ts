/*
 * The configuration inside a kernel (kernel/configs.c): "IKCFG_ST", a gzip file, "IKCFG_ED".
 */
import { ToolError } from '../errors.ts';
import { gunzipAtMost, isGz } from './decompress-gz.ts';
import { readConfig } from './kconfig.ts';

const START = 'IKCFG_ST';
const END = 'IKCFG_ED';
/** The largest configurations are 300 KB. */
const TEXT_LIMIT = 16 << 20;

/**
 * The built-in configuration in an image's bytes, undefined where there is none. Throws IMAGE_CORRUPT for one
 * that begins and cannot be read.
 */
export async function findIkconfig(bytes: Uint8Array): Promise<ReadonlyMap<string, string> | undefined> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = startIn(buffer);
  if (start === -1) return undefined;
  const end = buffer.indexOf(END, start);
  const packed = buffer.subarray(start + START.length, end === -1 ? start : end);
  const text = await gunzipAtMost(packed, TEXT_LIMIT);
  if (text !== undefined) return readConfig(Buffer.from(text).toString('utf8'));
  const message = `built-in configuration: damaged or cut short at offset ${start}`;
  throw new ToolError('IMAGE_CORRUPT', message, { offset: start });
}

/** Where the configuration's first word stands, -1 where it does not. Only a gzip file behind it makes a configuration. */
function startIn(buffer: Buffer): number {
  let at = buffer.indexOf(START);
  while (at !== -1 && !isGz(buffer.subarray(at + START.length))) at = buffer.indexOf(START, at + 1);
  return at;
}
