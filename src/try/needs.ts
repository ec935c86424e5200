import type { Machine } from './machine.ts';

/** Options of a kernel: CONFIG_NAME to value. */
export type Options = ReadonlyMap<string, string>;

/** What a kernel is in a trial. */
export interface Part {
  /** It hands over to another. */
  isOutgoing: boolean;
  /** The payload has sessions. */
  hasSessions: boolean;
}

/** Without one of these nothing is seen of a kernel, or it runs no program. */
const EVERY = [
  'CONFIG_BLK_DEV_INITRD',
  'CONFIG_BINFMT_ELF',
  'CONFIG_PRINTK',
  'CONFIG_PROC_FS',
  'CONFIG_SYSFS',
  'CONFIG_DEVTMPFS',
];
const OUTGOING = ['CONFIG_KEXEC_FILE', 'CONFIG_KEXEC_HANDOVER'];
const OUTGOING_SESSIONS = ['CONFIG_LIVEUPDATE', 'CONFIG_MEMFD_CREATE'];

/** The options that a kernel lacks to have its part; none where it does not tell its configuration. */
export function missingOptions(options: Options | undefined, part: Part, machine: Machine): string[] {
  if (!options) return [];
  const needed = [
    ...EVERY,
    machine.consoleOption,
    ...(part.isOutgoing ? OUTGOING : []),
    ...(part.isOutgoing && part.hasSessions ? OUTGOING_SESSIONS : []),
  ];
  return needed.filter((name) => options.get(name) !== 'y');
}
