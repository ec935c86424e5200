import { livingCall, optionsAsked } from '../cdecl/index.ts';
import { attempt } from '../errors.ts';
import type { FoundDoubt } from '../model/doubt.ts';
import { TARGETS } from '../model/target.ts';
import type { CodeBase } from './code-base.ts';
import type { DeclarationReader } from './reader.ts';

// Where the rest of the kernel calls live update: what is handed over is written on the way into the next kernel, and taken
// on the way up. A function that nobody calls any more writes or takes nothing, whatever it does.

interface Hook {
  component: string;
  /** The function that is called. */
  calls: string;
  side: 'reads' | 'writes';
  /** Where it is called, in one kernel or another. */
  files: readonly string[];
  /** What the targets begin with that are built from these files; all where it is left out. */
  architecture?: 'arm64' | 'x86_64';
  /** A call from elsewhere is another one. */
  isHereAlone?: true;
}

const HOOKS: readonly Hook[] = [
  {
    component: 'luo',
    calls: 'liveupdate_reboot',
    side: 'writes',
    files: ['kernel/kexec_core.c', 'kernel/reboot.c'],
  },
  { component: 'kho', calls: 'kho_fill_kimage', side: 'writes', files: ['kernel/kexec_file.c'] },
  { component: 'kho', calls: 'kho_locate_mem_hole', side: 'writes', files: ['kernel/kexec_file.c'] },
  { component: 'kho', calls: 'kho_memory_init', side: 'reads', files: ['mm/mm_init.c'] },
  { component: 'kho', calls: 'kho_memory_init_early', side: 'reads', files: ['mm/mm_init.c'] },
  {
    component: 'kho',
    calls: 'kho_populate',
    side: 'reads',
    files: ['arch/x86/kernel/setup.c'],
    architecture: 'x86_64',
  },
  {
    component: 'kho',
    calls: 'process_kho_entries',
    side: 'reads',
    files: ['arch/x86/boot/compressed/kaslr.c'],
    architecture: 'x86_64',
  },
  {
    component: 'kho',
    calls: 'kho_populate',
    side: 'reads',
    files: ['drivers/of/fdt.c'],
    architecture: 'arm64',
  },
  {
    component: 'kho',
    calls: 'is_kho_boot',
    side: 'reads',
    files: ['drivers/firmware/efi/efi-init.c'],
    architecture: 'arm64',
    isHereAlone: true,
  },
];

/** Whether a component has functions that the rest of the kernel must call. */
export function isHooked(component: string): boolean {
  return HOOKS.some((hook) => hook.component === component);
}

/** Doubts of a component about functions that the rest of the kernel does not call, or only with some option. */
export function uncalled(component: string, base: CodeBase, reader: DeclarationReader): FoundDoubt[] {
  return HOOKS.filter((hook) => hook.component === component).flatMap((hook) => doubtsOf(hook, base, reader));
}

function doubtsOf(hook: Hook, base: CodeBase, reader: DeclarationReader): FoundDoubt[] {
  const { calls, side, files, architecture, isHereAlone } = hook;
  const there = files.filter((path) => reader.exists(path));
  const isKernels = base.find(calls) !== undefined || there.some((path) => reader.mentions(path, calls));
  if (there.length === 0 || !isKernels) return [];
  const own = TARGETS.filter((target) => architecture && target.startsWith(architecture));
  const told = { subject: calls, side, ...(architecture && { targets: own }) };
  // What calls it may have moved; the places of another architecture are none of this one.
  const others = new Set(HOOKS.filter((one) => one.calls === calls).flatMap((one) => one.files));
  const elsewhere = isHereAlone ? [] : reader.speaking().filter((path) => !others.has(path));
  const places = [...there, ...elsewhere];
  const callers = places.filter((path) => path.endsWith('.c') && isCalledIn(path, calls, reader));
  const [first = ''] = there;
  if (callers.length === 0) {
    const message = `nothing in ${there.join(' or ')} calls ${calls}(): what it does is not done`;
    return [{ code: 'check-not-confirmed', ...told, message, where: `${first}:1` }];
  }
  if (reader.config) return [];
  return callers.length > 1
    ? []
    : optionsThatDecide(callers[0] as string, calls, reader).map((option) => ({
        code: 'config-dependent',
        ...told,
        message: `${calls}() is called with ${option} alone`,
        reading: option,
        condition: `both are built with the same ${option}`,
        where: `${callers[0]}:1`,
      }));
}

function isCalledIn(path: string, name: string, reader: DeclarationReader, off?: string): boolean {
  if (!reader.mentions(path, name)) return false;
  const text = reader.text(path) ?? '';
  const { config } = reader;
  const isOn = (option: string): boolean =>
    config ? ['y', 'm'].includes(config.get(option) ?? 'n') : option !== off;
  return attempt(() => livingCall({ path, text }, name, isOn)) !== undefined;
}

/** Options of nobody's component without which a file calls a function no longer. */
function optionsThatDecide(path: string, name: string, reader: DeclarationReader): string[] {
  const asked = attempt(() => optionsAsked({ path, text: reader.text(path) ?? '' })) ?? [];
  return asked.filter((option) => !reader.isSupposed(option) && !isCalledIn(path, name, reader, option));
}
