import type { Era, SpelledName } from '../model/component-definition.ts';
import type { ConstantState } from '../model/component-state.ts';
import type { FoundDoubt } from '../model/doubt.ts';
import { foldTargets, TARGETS } from '../model/target.ts';
import type { CodeBase } from './code-base.ts';
import { callsOf, withHelpers } from './code-flow.ts';

// Names that no declaration holds: those under which the architecture's code leaves the hand-over in the device tree that
// it passes on, and finds it there.

const PUTS_OR_LOOKS_UP = /^fdt_(?:appendprop|getprop)|^of_(?:get_)?flat_dt_/;

/** The names of an era that its code spells out, and a doubt for each that a function at hand does not show. */
export function spelledNames(
  era: Era,
  base: CodeBase,
): { constants: Record<string, ConstantState>; places: Record<string, string>; doubts: FoundDoubt[] } {
  const constants: Record<string, ConstantState> = {};
  const places: Record<string, string> = {};
  const doubts: FoundDoubt[] = [];
  for (const [name, { role, spelled, targets = TARGETS }] of Object.entries(era.constants)) {
    const functions = [spelled?.writer, spelled?.reader].filter((by) => by !== undefined);
    if (!spelled || !functions.every((by) => base.find(by))) continue;
    const [writes, reads] = functions.map((by) => spelledIn(by, spelled, base));
    const place = base.placeOf(spelled.writer);
    const on = (value: string) => foldTargets(new Map(targets.map((target) => [target, value])));
    if (place !== undefined) places[`constant ${name}`] = place;
    if (writes !== undefined && reads !== undefined)
      constants[name] = { role, value: on(writes), ...(reads !== writes && { reads: on(reads) }) };
    else
      doubts.push({
        code: 'check-not-confirmed',
        subject: name,
        targets: [...targets],
        message: `the name ${name} does not show in ${functions.map((by) => `${by}()`).join(' and ')}`,
        ...(place !== undefined && { where: place }),
      });
  }
  return { constants, places, doubts };
}

function spelledIn(name: string, { at }: SpelledName, base: CodeBase): string | undefined {
  const way = withHelpers([name], base);
  const texts = callsOf(way?.root)
    .filter((call) => PUTS_OR_LOOKS_UP.test(call.name))
    .map(({ args }) => args.find(({ op }) => op === 'string')?.text);
  // Which one it is, is known by its place among all: one that does not show hides the others.
  return texts.includes(undefined) ? undefined : [...new Set(texts)][at];
}
