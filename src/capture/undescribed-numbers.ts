import type { Unit } from '../cdecl/index.ts';
import { attempt } from '../errors.ts';
import type { ConstantState } from '../model/component-state.ts';
import { foldTargets, TARGETS } from '../model/target.ts';
import { ownEnumerators, ownMacros } from './infer-ground.ts';
import type { DeclarationReader } from './reader.ts';
import { ABI_FOLDER } from './wanted.ts';

// Numbers that stand in a component's ABI headers and that its definition does not name: an enumerator that came later, a flag
// of a series. What they decide nobody has said; that a number has another value in another kernel must be seen all the same.

/** A number as it is written: digits, and the macros that make one of them. */
const PLAIN =
  /^(?:[0-9][\w']*|[()|+<>~-]+|BIT|BIT_ULL|BIT_MASK|GENMASK|GENMASK_ULL|_BITUL|_BITULL|U|UL|ULL)$/;

/** The numbers by their names, and where each stands. */
export function undescribedNumbers(
  files: readonly string[],
  reader: DeclarationReader,
): Map<string, { state: ConstantState; place: string }> {
  const found = new Map<string, { state: ConstantState; place: string }>();
  for (const path of files.filter((file) => file.startsWith(`${ABI_FOLDER}/`) && reader.exists(file))) {
    const unit = attempt(() => reader.unit(path, TARGETS[0]));
    const names = unit
      ? [...ownMacros(unit).filter((name) => isPlain(unit, name)), ...ownEnumerators(unit)]
      : [];
    for (const name of names) {
      const values = attempt(() =>
        reader.byTarget(path, TARGETS, (one) => {
          const value = one?.constant(name)?.value;
          return typeof value === 'number' ? value : undefined;
        }),
      );
      const where = attempt(() => unit?.constant(name)?.where);
      if (!values || !where || [...values.values()].includes(undefined)) continue;
      const value = foldTargets(values as Map<(typeof TARGETS)[number], number>);
      found.set(name, { state: { role: 'undescribed', value }, place: `${where.file}:${where.line}` });
    }
  }
  return found;
}

function isPlain(unit: Unit, name: string): boolean {
  const body = unit.code.macro(name)?.body ?? [];
  return body.length > 0 && body.every(({ text }) => PLAIN.test(text));
}
