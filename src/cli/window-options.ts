import { ToolError } from '../errors.ts';
import type { OptionValues } from './command.ts';
import { locatedAll, profileOf, targetOf } from './options.ts';

/** What the options say of a window by class. */
export function windowOf(options: OptionValues) {
  return {
    both: options.both === true,
    profile: profileOf(options),
    target: targetOf(options),
    with: locatedAll(options.with),
    vendors: options.vendors === true,
    allReleases: options.allReleases === true,
  };
}

/** What a policy says itself. */
const OF_A_CLASS = ['both', 'profile', 'target', 'with', 'vendors', 'allReleases'] as const;

/** @throws ToolError USAGE for no window or two of them */
export function checkUsage(operands: readonly string[], options: OptionValues): void {
  const isClass = options.class !== undefined;
  if (isClass === (options.policy !== undefined)) {
    throw new ToolError('USAGE', 'window: give one of --class <name> and --policy <file>');
  }
  if (isClass) return;
  const [option] = OF_A_CLASS.filter((name) => options[name] !== undefined);
  if (operands.length === 0 && option === undefined) return;
  const extra = operands[0] ?? `--${option === 'allReleases' ? 'all-releases' : option}`;
  throw new ToolError('USAGE', `window: ${extra} beside --policy: the policy says that itself`);
}
