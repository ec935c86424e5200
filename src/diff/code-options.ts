import type { CodeState } from '../model/component-state.ts';

type OptionsOf = Pick<CodeState, 'options'>;

/** The options that a function asks for and that two builds do not have alike; none where one of them is not known. */
export function otherOptions(written: OptionsOf | undefined, read: OptionsOf | undefined): string[] {
  const { options: here = {} } = written ?? {};
  const { options: there = {} } = read ?? {};
  return Object.keys(here).filter((name) => there[name] !== undefined && there[name] !== here[name]);
}
