import type { Era, SpelledName } from '../components/define.ts';
import type { ConstantState } from '../model/component-state.ts';
import type { FoundDoubt } from '../model/doubt.ts';
import { foldTargets, TARGETS } from '../model/target.ts';
import type { CodeBase } from './code-base.ts';
import { callsOf, withHelpers } from './code-flow.ts';

// Names that no declaration holds: those under which the architecture's code leaves the hand-over in the device tree that
// it passes on, and finds it there.

const PUTS_OR_LOOKS_UP = /^fdt_(?:appendprop|getprop)|^of_(?:get_)?flat_dt_/;

/** The names of an era that its code spells out, and the doubts where its writer and its reader do not agree. */
export function spelledNames(
  era: Era,
  base: CodeBase,
): { constants: Record<string, ConstantState>; places: Record<string, string>; doubts: FoundDoubt[] } {
  const constants: Record<string, ConstantState> = {};
  const places: Record<string, string> = {};
  const doubts: FoundDoubt[] = [];
  for (const [name, { role, spelled, targets = TARGETS }] of Object.entries(era.constants)) {
    if (!spelled) continue;
    const [writes, reads] = [spelled.writer, spelled.reader].map((by) => spelledIn(by, spelled, base));
    if (writes === undefined || reads === undefined) continue;
    constants[name] = { role, value: foldTargets(new Map(targets.map((target) => [target, writes]))) };
    const place = base.placeOf(spelled.writer);
    if (place !== undefined) places[`constant ${name}`] = place;
    if (writes !== reads)
      doubts.push({
        code: 'check-not-confirmed',
        subject: name,
        side: 'reads',
        message: `${spelled.writer}() writes ${writes}, and ${spelled.reader}() looks for ${reads}`,
        ...(place !== undefined && { where: place }),
      });
  }
  return { constants, places, doubts };
}

function spelledIn(name: string, { at }: SpelledName, base: CodeBase): string | undefined {
  const way = withHelpers([name], base);
  const texts = callsOf(way?.root)
    .filter((call) => PUTS_OR_LOOKS_UP.test(call.name))
    .flatMap(({ args }) => args.flatMap(({ op, text }) => (op === 'string' ? (text ?? []) : [])));
  return [...new Set(texts)][at];
}
