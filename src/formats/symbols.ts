/*
 * Where things lie in a kernel, by their names. Two forms say it:
 *   System.map, /proc/kallsyms   a line each: address in hexadecimal, one letter, name, [module]
 *   .symtab of a vmlinux         per symbol u32 name, u8 info, u8 other, u16 section, u64 value, u64 size (gABI);
 *                                names in the section that its link names
 */
import type { ElfFile } from './elf.ts';

/** Names to addresses. */
export interface SymbolTable {
  /** Undefined where no symbol bears the name, where several do, and where the address is hidden (zero). */
  addressOf(name: string): bigint | undefined;
}

/** Bytes of a symbol, and where its value is, in 64-bit files. */
const [SYMBOL_SIZE, VALUE_OFFSET] = [24, 8];
const LINE = /^[0-9a-f]{8,16} [A-Za-z?] [^\s]+(?:\t\[\w+\])?$/;
/** So many lines tell a list of symbols from other text. */
const WITNESSES = 3;

/** Whether a text begins as a list of symbols does. */
export function isSymbolMap(text: string): boolean {
  const lines = text.split('\n', WITNESSES);
  return lines.length === WITNESSES && lines.every((line) => LINE.test(line));
}

/** The symbols of System.map or /proc/kallsyms, those of modules left out. */
export function readSymbolMap(text: string): SymbolTable {
  return {
    addressOf(name) {
      if (!/^[\w.$]+$/.test(name)) return undefined;
      const line = new RegExp(`^([0-9a-f]+) . ${name.replace(/[.$]/g, '\\$&')}$`, 'gm');
      return only([...text.matchAll(line)].map(([, address]) => BigInt(`0x${address}`)));
    },
  };
}

/** The symbols of a linked 64-bit ELF file; undefined where it has none, as the one in a bzImage. Throws ELF_CORRUPT. */
export async function readElfSymbols(elf: ElfFile): Promise<SymbolTable | undefined> {
  const table = elf.find('.symtab');
  const names = table && elf.sections[table.link];
  if (!table || !names || elf.bits !== 64) return undefined;
  const [entries, text] = [toBuffer(await elf.read(table)), toBuffer(await elf.read(names))];
  const [u32, u64] = elf.bigEndian
    ? [entries.readUInt32BE.bind(entries), entries.readBigUInt64BE.bind(entries)]
    : [entries.readUInt32LE.bind(entries), entries.readBigUInt64LE.bind(entries)];
  return {
    addressOf(name) {
      const starts = placesOf(text, name);
      const found: bigint[] = [];
      for (let at = 0; at + SYMBOL_SIZE <= entries.byteLength; at += SYMBOL_SIZE) {
        if (starts.has(u32(at))) found.push(u64(at + VALUE_OFFSET));
      }
      return only(found);
    },
  };
}

/** Where a name may begin: a table may have one name as the end of another. */
function placesOf(text: Buffer, name: string): Set<number> {
  const places = new Set<number>();
  const needle = Buffer.from(`${name}\0`, 'latin1');
  for (let at = text.indexOf(needle); at !== -1; at = text.indexOf(needle, at + 1)) places.add(at);
  return places;
}

function only(addresses: readonly bigint[]): bigint | undefined {
  const [first, ...others] = new Set(addresses);
  return others.length > 0 || first === 0n ? undefined : first;
}

function toBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
