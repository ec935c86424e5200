import type { FailingAnswer, FailOn } from '../ask/fail-on.ts';
import { DEFAULT_FAIL_ON, isFailure } from '../ask/fail-on.ts';
import { readProfile } from '../ask/kernels/profiles.ts';
import type { KernelLocator } from '../ask/kernels/resolve.ts';
import { PAIR_CLASSES } from '../ask/matrices/classes.ts';
import { ToolError } from '../errors.ts';
import type { PairClass } from '../model/outputs.ts';
import type { Profile } from '../model/profile.ts';
import { DEFAULT_PROFILE } from '../model/profile.ts';
import type { Target } from '../model/target.ts';
import { isTarget, TARGETS } from '../model/target.ts';
import { VERDICTS } from '../model/verdict-kind.ts';
import type { OptionValues } from './command.ts';

// What options say, as the questions take it.

/** The profile that was named, if one was. */
export function namedProfile(options: OptionValues): Profile | undefined {
  return options.profile === undefined ? undefined : profileOf(options);
}

/** The target that --target names, if it does. @throws ToolError TARGET_UNKNOWN */
export function namedTarget({ target }: OptionValues): Target | undefined {
  if (target === undefined || (typeof target === 'string' && isTarget(target))) return target;
  throw new ToolError('TARGET_UNKNOWN', `${String(target)}: no such target; known: ${TARGETS.join(', ')}`);
}

/** The target that --target names; x86_64-4k without it. @throws ToolError TARGET_UNKNOWN */
export function targetOf(options: OptionValues): Target {
  return namedTarget(options) ?? TARGETS[0];
}

/** The profile that --profile names; all that is carried without it. @throws ToolError as readProfile */
export function profileOf({ profile }: OptionValues): Profile {
  return readProfile(typeof profile === 'string' ? profile : DEFAULT_PROFILE);
}

/** The verdict that --fail-on names. @throws ToolError USAGE */
export function failOnOf({ failOn = DEFAULT_FAIL_ON }: OptionValues): FailOn {
  const known = [...VERDICTS, 'never'] as const;
  const named = known.find((name) => name === failOn);
  if (named) return named;
  throw new ToolError('USAGE', `--fail-on ${String(failOn)}: give one of ${known.join(', ')}`);
}

/** 1 when some answer is at or above --fail-on, else 0. */
export function exitCodeOf(answers: readonly FailingAnswer[], options: OptionValues): number {
  return isFailure(answers, failOnOf(options)) ? 1 : 0;
}

/** The class that --class names. @throws ToolError USAGE */
export function classOf({ class: name }: OptionValues): PairClass | undefined {
  if (name === undefined) return undefined;
  const known = PAIR_CLASSES.find((candidate) => candidate === name);
  if (known) return known;
  throw new ToolError('USAGE', `--class ${String(name)}: known classes are ${PAIR_CLASSES.join(', ')}`);
}

/** What an option holds, where it is given as text. */
export function textOf(option: OptionValues[string]): string | undefined {
  return typeof option === 'string' ? option : undefined;
}

/** A kernel as an operand names it: a release, or something to read. */
export function located(text: string): KernelLocator {
  return { locator: text };
}

/** The kernels that an option names, which may be repeated. */
export function locatedAll(option: OptionValues[string]): KernelLocator[] {
  return [option ?? []].flat().map((text) => located(String(text)));
}

/** A number from 1 on, where an option gives one. @throws ToolError USAGE */
export function countOf(option: OptionValues[string], flag: string): number | undefined {
  if (option === undefined) return undefined;
  const number = Number(option);
  if (/^\d+$/.test(String(option)) && Number.isSafeInteger(number) && number > 0) return number;
  throw new ToolError('USAGE', `${flag} ${String(option)}: give a whole number from 1 on`);
}
