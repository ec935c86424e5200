import { byCodeUnit } from './canonical.ts';
import type { Availability, ComponentState } from './component-state.ts';

// Whether a kernel can hand over at all, at a glance: built, running without being asked for, switched off.

/** The option under which KHO runs where the command line says nothing (kernel/liveupdate/Kconfig, 6.19 on). */
export const KHO_BY_DEFAULT = 'CONFIG_KEXEC_HANDOVER_ENABLE_DEFAULT';

/** What a configuration makes of a kernel's KHO. */
export interface KhoAvailability {
  built: Availability;
  /** Why it is not built, or not known. */
  reason?: string;
  /** Whether it runs where the command line says nothing; null where it is not built, or nothing says it. */
  byDefault: boolean | null;
  /** Options that the configuration has off and without which some state is not carried, sorted. */
  off: string[];
}

/** A kernel as far as its configuration goes. */
interface Configured {
  components: { [name: string]: Pick<ComponentState, 'available' | 'options' | 'reason'> };
  khoByDefault?: boolean;
}

/** Availability in the words of a column. Unknown is never yes. */
export function khoAvailability({ components, khoByDefault }: Configured): KhoAvailability {
  const { available = 'unknown', reason } = components.kho ?? {};
  const off = Object.values(components).flatMap(({ options }) =>
    options.flatMap(({ name, value }) => (value === undefined || value === 'y' || value === 'm' ? [] : name)),
  );
  return {
    built: available,
    ...(reason !== undefined && { reason }),
    byDefault: available === 'no' ? null : (khoByDefault ?? null),
    off: [...new Set(off)].sort(byCodeUnit),
  };
}

/** `byDefault` in the word of a column; nothing where KHO is not built. */
export function byDefaultWord({ built, byDefault }: KhoAvailability): 'off' | 'on' | 'unknown' | '' {
  if (built === 'no') return '';
  if (byDefault === null) return 'unknown';
  return byDefault ? 'on' : 'off';
}

/** What a document says of the default: nothing where no configuration is known, or KHO is not built. */
export function khoByDefaultIn(
  config: ReadonlyMap<string, string> | undefined,
  { kho }: { [name: string]: ComponentState },
): { khoByDefault?: boolean } {
  return config && kho && kho.available !== 'no' ? { khoByDefault: config.get(KHO_BY_DEFAULT) === 'y' } : {};
}
