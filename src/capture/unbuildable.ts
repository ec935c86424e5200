import {
  declaresOption,
  dependenciesOf,
  evaluateKconfig,
  isSettable,
  NOBODYS,
  reasonsFor,
} from '../formats/kbuild.ts';
import type { Era } from '../model/component-definition.ts';
import type { FoundDoubt } from '../model/doubt.ts';
import { TARGETS, type Target } from '../model/target.ts';
import { isSettledByTarget, isX86, optionsOfTarget } from '../model/target-options.ts';

// Whether a target's kernels can have an option: what it depends on may be what no kernel of the target has, or what the
// Kconfig of its architecture does not turn on.

/** Options that an architecture alone turns on, by the names that the kernel gives them. */
const OF_ARCHITECTURE = /^ARCH_(?:SUPPORTS|HAS|HAVE|WANT|WANTS|ENABLE|USE)_/;
const DEPTH_LIMIT = 6;

/** The texts of Kconfig files: those that declare options of live update, and an architecture's own. */
export interface KconfigTexts {
  own: readonly string[];
  /** Whether all files are at hand that may say what such an option is turned on by. */
  isWhole: boolean;
  /** Undefined where it is not at hand. */
  ofArchitecture(name: 'arm64' | 'x86'): string | undefined;
}

/** Doubts of an era's options that depend on what a target does not have: there the component cannot be built. */
export function unbuildable({ options }: Pick<Era, 'options'>, kconfigs: KconfigTexts): FoundDoubt[] {
  return options.flatMap((option) => {
    const expressions = kconfigs.own.flatMap((text) => dependenciesOf(text, option));
    return expressions.flatMap((text): FoundDoubt[] => {
      const targets = TARGETS.filter(
        (target) => evaluateKconfig(text, (name) => isOn(name, target, kconfigs)) === false,
      );
      if (targets.length === 0) return [];
      const message = `${option} depends on ${text}, which kernels for this target do not have`;
      const condition = `both are built with ${option} all the same`;
      return [
        {
          code: 'config-dependent',
          subject: option,
          message,
          reading: text,
          condition,
          targets: [...targets],
        },
      ];
    });
  });
}

/** Options without a prompt that what is read of a component's code rests on. */
export const SELECTED: Readonly<Record<string, readonly string[]>> = { kho: ['CONFIG_MEMBLOCK_KHO_SCRATCH'] };

/** Doubts of options that a component's code is read with, and that nothing turns on any more. */
export function unselected(component: string, { own, isWhole, ofArchitecture }: KconfigTexts): FoundDoubt[] {
  if (!isWhole) return [];
  const architectures = [ofArchitecture('arm64'), ofArchitecture('x86')];
  const texts = [...own, ...architectures.flatMap((text) => text ?? [])];
  const off = (SELECTED[component] ?? []).filter(
    (option) => texts.some((text) => declaresOption(text, option)) && !isSettable(texts, option),
  );
  return off.map(
    (option): FoundDoubt => ({
      code: 'config-dependent',
      subject: option,
      message: `no Kconfig that is read lets ${option} be on, and its code was read with it`,
      side: 'reads',
    }),
  );
}

/** What a target's kernels have for an option; undefined where that is for whoever builds them to say. */
function isOn(name: string, target: Target, kconfigs: KconfigTexts, depth = 0): boolean | undefined {
  if (NOBODYS.has(name)) return false;
  if (isSettledByTarget(`CONFIG_${name}`)) return optionsOfTarget(target).includes(name);
  const text = kconfigs.ofArchitecture(isX86(target) ? 'x86' : 'arm64');
  if (text === undefined || !OF_ARCHITECTURE.test(name) || depth > DEPTH_LIMIT) return undefined;
  const below = (one: string): boolean | undefined => isOn(one, target, kconfigs, depth + 1);
  const texts = [text, ...kconfigs.own];
  const needed = texts.flatMap((one) => dependenciesOf(one, name));
  if (needed.some((one) => evaluateKconfig(one, below) === false)) return false;
  const reasons = texts.flatMap((one) => reasonsFor(one, name)).map((one) => evaluateKconfig(one, below));
  if (reasons.includes(true)) return needed.every((one) => evaluateKconfig(one, below) === true) || undefined;
  return reasons.every((one) => one === false) ? false : undefined;
}
