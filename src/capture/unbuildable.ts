import { dependenciesOf, evaluateKconfig } from '../formats/kbuild.ts';
import type { Era } from '../model/component-definition.ts';
import type { FoundDoubt } from '../model/doubt.ts';
import { TARGETS } from '../model/target.ts';
import { isSettledByTarget, optionsOfTarget } from '../model/target-options.ts';

/** Doubts of an era's options that depend on what a target does not have: there the component cannot be built. */
export function unbuildable({ options }: Pick<Era, 'options'>, kconfigs: readonly string[]): FoundDoubt[] {
  return options.flatMap((option) => {
    const expressions = kconfigs.flatMap((text) => dependenciesOf(text, option));
    return expressions.flatMap((text): FoundDoubt[] => {
      const targets = TARGETS.filter((target) => {
        const own = new Set(optionsOfTarget(target));
        return (
          evaluateKconfig(text, (name) =>
            isSettledByTarget(`CONFIG_${name}`) ? own.has(name) : undefined,
          ) === false
        );
      });
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
