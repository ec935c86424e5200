/*
 * The build ID that the linker leaves in an image, as an ELF note (gABI, binutils ld --build-id):
 *   u32 namesz 4, u32 descsz, u32 type 3, "GNU\0", descsz bytes
 * A kernel shows its section .notes in /sys/kernel/notes, so that the running kernel and its image are known for one.
 */

/** Bytes from the start of the note to the ID. */
const HEAD_SIZE = 16;
const NAME = Buffer.from('GNU\0', 'latin1');
const TYPE = 3;
/** SHA-1 has 20 bytes, UUIDs 16, xxHash 8. */
const LIMIT = 64;

/** The build ID in notes, or anywhere in an image without sections, in hexadecimal; undefined where there is none. */
export function findBuildId(bytes: Uint8Array, bigEndian: boolean): string | undefined {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const word = (at: number): number => (bigEndian ? buffer.readUInt32BE(at) : buffer.readUInt32LE(at));
  for (let name = buffer.indexOf(NAME); name !== -1; name = buffer.indexOf(NAME, name + 1)) {
    const head = name - (HEAD_SIZE - NAME.byteLength);
    if (head < 0 || word(head) !== NAME.byteLength || word(head + 8) !== TYPE) continue;
    const size = word(head + 4);
    const end = name + NAME.byteLength + size;
    if (size > 0 && size <= LIMIT && end <= buffer.byteLength) {
      return buffer.toString('hex', name + NAME.byteLength, end);
    }
  }
  return undefined;
}
