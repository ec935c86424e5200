import type { Layout, Member } from '../../model/layout.ts';
import type { Target } from '../../model/target.ts';
import { forTarget } from '../../model/target.ts';
import type { World } from './world.ts';

/** A form that a struct had, and who has it. */
export interface StructForm {
  component: string;
  layout: Layout;
  /** Positions of the kernels, oldest first. */
  kernels: number[];
  /** `path:line` in the first of them. */
  where: string | undefined;
}

/** Every form of a struct on a target, in the order of the first kernel that has it. */
export function historyOf(world: World, struct: string, target: Target): StructForm[] {
  const forms = new Map<string, StructForm>();
  for (const [position, { release }] of world.data.kernels.entries()) {
    for (const [component, { facts, places }] of world.kernel(release)?.components ?? []) {
      const state = Object.hasOwn(facts.structs, struct) ? facts.structs[struct] : undefined;
      const layout = state && forTarget(state.layout, target);
      if (!layout) continue;
      const key = `${component} ${JSON.stringify(layout)}`;
      const form = forms.get(key) ?? { component, layout, kernels: [], where: places[`struct ${struct}`] };
      form.kernels.push(position);
      forms.set(key, form);
    }
  }
  return [...forms.values()];
}

/** How a member stands to the form before. */
export type MemberChange = 'added' | 'changed' | 'moved' | 'removed' | 'same';

/** The members of a form beside those of the one before it; the removed ones stand last. */
export function changesOf(
  layout: Layout,
  before: Layout | undefined,
): { member: Member; change: MemberChange }[] {
  const former = new Map((before?.members ?? []).map((member) => [member.name, member]));
  const names = new Set(layout.members.map(({ name }) => name));
  const own = layout.members.map((member) => ({ member, change: changeOf(member, former, before) }));
  const gone = [...former.values()].filter(({ name }) => !names.has(name));
  return [...own, ...gone.map((member) => ({ member, change: 'removed' as const }))];
}

function changeOf(
  member: Member,
  former: ReadonlyMap<string, Member>,
  before: Layout | undefined,
): MemberChange {
  if (!before) return 'same';
  const known = former.get(member.name);
  if (!known) return 'added';
  if (known.bitSize !== member.bitSize || known.encoding !== member.encoding) return 'changed';
  return known.bitOffset === member.bitOffset ? 'same' : 'moved';
}

/** Every struct of a world, sorted. */
export function structNames(world: World): string[] {
  return [...new Set(world.data.facts.flatMap(({ structs }) => Object.keys(structs)))].sort();
}
