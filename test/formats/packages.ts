/* Builders of small cpio archives and RPM packages for the tests of formats and sources. */
import assert from 'node:assert/strict';
import { processorTime } from '../support/processor-time.ts';
import { endsWell } from './property.ts';

const TIME_LIMIT = 10_000;
const MEMORY_LIMIT = 1 << 30;

/** True when this ends well (see endsWell), within ten seconds of the processor, and with less than 1 GiB in use. */
export async function endsSoon(run: () => Promise<unknown>): Promise<boolean> {
  const start = processorTime();
  const isWell = await endsWell(run);
  const time = processorTime() - start;
  assert.ok(time < TIME_LIMIT, `${time} ms`);
  assert.ok(process.memoryUsage.rss() < MEMORY_LIMIT, 'memory');
  return isWell;
}

export interface CpioEntry {
  path: string;
  text?: string | Uint8Array;
  /** Type and permissions; a file unless given. */
  mode?: number;
  inode?: number;
  linkCount?: number;
  /** Size to claim instead of the real one. */
  size?: number;
  magic?: string;
}

/** A newc archive with the entries as they stand, and its trailer unless left out. */
export function cpioBytes(entries: readonly CpioEntry[], { trailer = true } = {}): Buffer {
  const all = trailer ? [...entries, { path: 'TRAILER!!!', mode: 0 }] : entries;
  return Buffer.concat(all.map((entry, index) => cpioEntry({ inode: index + 1, ...entry })));
}

function cpioEntry(entry: CpioEntry): Buffer {
  const content = Buffer.from(entry.text ?? '');
  const name = Buffer.from(`${entry.path}\0`);
  const size = entry.size ?? content.byteLength;
  const fields = [entry.inode ?? 1, entry.mode ?? 0o100644, 0, 0, entry.linkCount ?? 1, 1_780_000_000, size];
  const digits = [...fields, 0, 0, 0, 0, name.byteLength, 0].map((field) =>
    field.toString(16).padStart(8, '0'),
  );
  const head = Buffer.concat([Buffer.from((entry.magic ?? '070701') + digits.join('')), name]);
  const pad = (bytes: Buffer) => Buffer.concat([bytes, Buffer.alloc(-bytes.byteLength & 3)]);
  return Buffer.concat([pad(head), pad(content)]);
}

/** Tags as numbers, each a text. */
export type RpmTags = { [tag: number]: string };

export const RPM_TAGS: RpmTags = {
  1000: 'kernel-core',
  1001: '6.19.10',
  1002: '300.fc43',
  1022: 'x86_64',
  1044: 'kernel.src.rpm',
  1124: 'cpio',
  1125: 'gzip',
};

/** One header: index and store, not padded. */
export function rpmSection(tags: RpmTags): Buffer {
  const rows: Buffer[] = [];
  const texts: Buffer[] = [];
  let offset = 0;
  for (const [tag, text] of Object.entries(tags)) {
    const row = Buffer.alloc(16);
    for (const [at, value] of [Number(tag), 6, offset, 1].entries()) row.writeUInt32BE(value, at * 4);
    rows.push(row);
    texts.push(Buffer.from(`${text}\0`));
    offset += Buffer.byteLength(text) + 1;
  }
  const intro = Buffer.from('8eade80100000000', 'hex');
  const counts = Buffer.alloc(8);
  counts.writeUInt32BE(rows.length, 0);
  counts.writeUInt32BE(offset, 4);
  return Buffer.concat([intro, counts, ...rows, ...texts]);
}

/** A package around a payload, which is taken as it stands. */
export function rpmBytes(payload: Uint8Array, tags: RpmTags = RPM_TAGS, type = 0): Buffer {
  const lead = Buffer.alloc(96);
  lead.write('edabeedb0300', 'hex');
  lead.writeUInt16BE(type, 6);
  const signature = rpmSection({ 269: 'abc' });
  const padding = Buffer.alloc(-signature.byteLength & 7);
  return Buffer.concat([lead, signature, padding, rpmSection(tags), payload]);
}
