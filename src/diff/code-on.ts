import type { CodeState } from '../model/component-state.ts';
import { OWN_NAME } from '../model/own-name.ts';
import type { Target } from '../model/target.ts';

/** The code of a component on one target. */
export interface CodeOn {
  /** The first of each name, in the order in which they stand. */
  byName: ReadonlyMap<string, CodeState>;
  /** Some of it was read. */
  isKnown: boolean;
  /** Macros that a file has for itself under a name of the kernel's. */
  standIns: readonly string[];
}

// Every comparison with a kernel asks for the same.
const known = new WeakMap<readonly CodeState[], Map<Target, CodeOn>>();

/** What of a component's code is there on a target. */
export function codeOn(code: readonly CodeState[], target: Target): CodeOn {
  const own = known.get(code) ?? new Map<Target, CodeOn>();
  known.set(code, own);
  const found = own.get(target) ?? sorted(code, target);
  own.set(target, found);
  return found;
}

function sorted(code: readonly CodeState[], target: Target): CodeOn {
  const here = code.filter(({ targets }) => targets === undefined || targets.includes(target));
  const byName = new Map<string, CodeState>();
  for (const one of here) if (!byName.has(one.function)) byName.set(one.function, one);
  return {
    byName,
    isKnown: here.some(({ hash }) => hash !== undefined),
    standIns: here.flatMap(({ kind, function: name }) =>
      kind === 'macro' && !OWN_NAME.test(name) ? name : [],
    ),
  };
}
