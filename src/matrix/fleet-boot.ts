import type { Booted, Switch } from '../model/boot-switch.ts';
import { bootSwitch } from '../model/boot-switch.ts';
import type { Profile } from '../model/profile.ts';
import { isCarried } from '../verdict/closure.ts';
import type { Kernel, KernelComponent } from '../verdict/kernel.ts';

/** Why a machine hands nothing over, or why that is not known. */
export type Idle = Exclude<Switch, { state: 'on' }>;

/**
 * What the command line of a machine takes from what its kernel can carry for some profiles; undefined where it takes nothing,
 * or the kernel cannot carry it anyway.
 */
export function idleBy(kernel: Kernel, profiles: readonly Profile[], booted: Booted): Idle | undefined {
  const idle = idleComponents(kernel, booted);
  if (idle.size === 0) return undefined;
  const carriable = profiles.filter((profile) => isCarried(profile, kernel));
  for (const state of ['off', 'unknown'] as const) {
    const left = without(kernel, (id) => idle.get(id)?.state === 'off' || idle.get(id)?.state === state);
    if (carriable.every((profile) => isCarried(profile, left))) continue;
    return idle.get('kho') ?? [...idle.values()].find((one) => one.state === state);
  }
  return undefined;
}

/**
 * The profiles of a machine with those of many kinds replaced by the kinds that its command line leaves it; as they are where
 * that takes nothing from them.
 */
export function leftBy(kernel: Kernel, profiles: readonly Profile[], booted: Booted): readonly Profile[] {
  const idle = idleComponents(kernel, booted);
  const left = without(kernel, (id) => idle.get(id)?.state === 'off');
  return profiles.flatMap((profile) => {
    const kinds = profile.kinds?.filter((kind) => isCarried(kind, kernel)) ?? [];
    const carried = kinds.filter((kind) => isCarried(kind, left));
    return carried.length === 0 || carried.length === kinds.length ? [profile] : carried;
  });
}

function idleComponents(kernel: Kernel, booted: Booted): Map<string, Idle> {
  const idle = new Map<string, Idle>();
  for (const [id, { facts }] of kernel.components) {
    if (facts.boot === undefined) continue;
    const set = bootSwitch(facts.boot, { ...booted, khoByDefault: kernel.khoByDefault });
    if (set && set.state !== 'on') idle.set(id, set);
  }
  return idle;
}

function without(kernel: Kernel, isIdle: (id: string) => boolean): Kernel {
  const components = [...kernel.components].map(([id, component]): [string, KernelComponent] => [
    id,
    isIdle(id) ? { ...component, facts: { ...component.facts, available: 'no' } } : component,
  ]);
  return { ...kernel, components: new Map(components) };
}
