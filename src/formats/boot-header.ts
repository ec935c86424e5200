/*
 * What stands in front of a kernel that a boot loader starts. All little endian.
 *
 * x86 bzImage (Documentation/arch/x86/boot.rst), offsets from the start of the file:
 *   1f1 u8 setup_sects (0 means 4), 1fe u16 aa55, 202 "HdrS", 206 u16 protocol, 20e u16 kernel_version - 200,
 *   236 u16 xloadflags (bit 0: 64 bits), 248 u32 payload_offset (from the end of the setup), 24c u32 payload_length
 * arm64 Image (Documentation/arch/arm64/booting.rst): 10 u64 image_size, 18 u64 flags, 38 "ARM\x64"
 * EFI zboot (drivers/firmware/efi/libstub/zboot-header.S): "MZ", 4 "zimg", 8 u32 payload offset, c u32 its size
 */
import { Cursor } from '../bytes/cursor.ts';

/** Bytes from the start of a file that readBootHeader needs. */
export const BOOT_HEADER_SIZE = 0x250;

/** Where the compressed kernel lies in the file, in bytes. */
export interface BootPayload {
  offset: number;
  size: number;
  /**
   * The last four bytes of the payload are the size of what it becomes and no part of the compressed data,
   * but for gzip, whose own trailer they are.
   */
  hasSizeBehind: boolean;
}

export type BootHeader =
  | {
      form: 'bzimage';
      /** Boot protocol: 0x020f is 2.15. */
      protocol: number;
      is64: boolean;
      /** Where the version string is, undefined where there is none. */
      versionOffset?: number;
      payload?: BootPayload;
    }
  | { form: 'arm64'; bigEndian: boolean }
  | { form: 'zboot'; payload: BootPayload };

/** Reads the header of an image, undefined where there is none. Throws IMAGE_CORRUPT where it is cut short. */
export function readBootHeader(head: Uint8Array): BootHeader | undefined {
  if (hasText(head, 0, 'MZ') && hasText(head, 4, 'zimg')) return readZboot(head);
  if (hasText(head, 0x38, 'ARM\x64')) return { form: 'arm64', bigEndian: ((head[0x18] ?? 0) & 1) === 1 };
  const isX86 = hasText(head, 0x202, 'HdrS') && hasText(head, 0x1fe, '\x55\xaa');
  return isX86 ? readX86(head) : undefined;
}

function readX86(head: Uint8Array): BootHeader {
  const protocol = numberAt(head, 0x206, 2);
  const setupSize = ((head[0x1f1] || 4) + 1) * 512;
  const version = numberAt(head, 0x20e, 2);
  const hasPayload = protocol >= 0x0208;
  const is64 = protocol >= 0x020c && (numberAt(head, 0x236, 2) & 1) === 1;
  const payload = {
    offset: hasPayload ? setupSize + numberAt(head, 0x248, 4) : 0,
    size: hasPayload ? numberAt(head, 0x24c, 4) : 0,
    hasSizeBehind: true,
  };
  return {
    form: 'bzimage',
    protocol,
    is64,
    ...(version === 0 ? {} : { versionOffset: version + 0x200 }),
    ...(payload.size === 0 ? {} : { payload }),
  };
}

function readZboot(head: Uint8Array): BootHeader {
  // The size in this header already leaves out what was put behind.
  const payload = { offset: numberAt(head, 8, 4), size: numberAt(head, 12, 4), hasSizeBehind: false };
  return { form: 'zboot', payload };
}

function numberAt(head: Uint8Array, offset: number, size: 2 | 4): number {
  const cursor = new Cursor(head, { label: 'boot header', code: 'IMAGE_CORRUPT' });
  cursor.skip(offset);
  return size === 2 ? cursor.u16() : cursor.u32();
}

function hasText(head: Uint8Array, offset: number, text: string): boolean {
  return Buffer.from(text, 'latin1').every((byte, index) => head[offset + index] === byte);
}
