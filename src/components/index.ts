import { kexecMetadata } from './kexec-metadata.ts';
import { kho } from './kho.ts';
import { khoBlock } from './kho-block.ts';
import { luo } from './luo.ts';
import { luoFlb } from './luo-flb.ts';
import { luoSession } from './luo-session.ts';
import { memblock } from './memblock.ts';
import { memfd } from './memfd.ts';
import { pci } from './pci.ts';
import { reserveMem } from './reserve-mem.ts';

/** Every component, sorted by id. */
export const COMPONENTS = [
  kexecMetadata,
  kho,
  khoBlock,
  luo,
  luoFlb,
  luoSession,
  memblock,
  memfd,
  pci,
  reserveMem,
] as const;

export type ComponentId = (typeof COMPONENTS)[number]['id'];
