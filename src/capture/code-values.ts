import { formOf, type HandedValue, isSameWhole, type Sum, shortDigest } from '../cdecl/index.ts';
import { byCodeUnit } from '../model/canonical.ts';
import type { Era } from '../model/component-definition.ts';
import type { HandedValueState } from '../model/component-state.ts';
import type { CodeBase, CodePiece } from './code-base.ts';
import { entryNames } from './code-entries.ts';
import { handedValues } from './code-flow.ts';
import type { ReachedCode } from './code-rows.ts';
import { MemberStores } from './member-stores.ts';

// What a component's code makes of the values that it hands over: not the code, but what it comes to. Two kernels that
// compute different numbers from the same parts do not mean the same by equal bytes.

/** The values that an era's entry points write, and what they make of those that they read. */
export function valuesOf(
  era: Era,
  base: CodeBase,
  reached: ReadonlyMap<string, ReachedCode>,
): HandedValueState[] {
  const handed = new Set(Object.keys(era.structs).flatMap((struct) => base.membersOf(struct)));
  const stores = new MemberStores([...reached.values()], (member) => handed.has(member));
  const rows = era.code.flatMap(({ side, functions }) =>
    functions.flatMap((names) => {
      const all = entryNames(names);
      const piece = all.map((name) => base.find(name)).find((found) => found);
      const [name = ''] = all;
      return piece
        ? valuesIn(piece, base, (member) => stores.of(member, side)).map((value) => ({
            function: name,
            side,
            ...value,
          }))
        : [];
    }),
  );
  return rows.sort((one, other) => byCodeUnit(orderOf(one), orderOf(other)));
}

function orderOf({ function: name, at, of, exact = [] }: HandedValueState): string {
  return [name, at, of, ...exact].join(' ');
}

type Value = Omit<HandedValueState, 'function' | 'side'>;

function valuesIn(piece: CodePiece, base: CodeBase, storesOf: (member: string) => string): Value[] {
  if (!piece.code) return [];
  const found = handedValues(piece, base, storesOf);
  const isStatus = piece.code.returnType.name === 'i32' && piece.code.returnType.stars === 0;
  const byText = new Map<string, Value>();
  for (const one of found) {
    if (one.value.leaves.size === 0 && !one.at.startsWith('=')) continue;
    if (one.at === 'return' && isStatus) continue;
    const value = stateOf(one);
    byText.set(JSON.stringify(value), value);
  }
  return [...byText.values()];
}

function stateOf({ at, value }: HandedValue): Value {
  const from = fromOf(value);
  const form = formOf(value);
  return {
    at,
    ...(from !== undefined && { from }),
    of: shortDigest([...value.leaves].sort(byCodeUnit).join('\n')),
    ...(form !== undefined && { form }),
    ...(form !== 'same' && {
      exact: digestsOf(value.exact),
      whole: digestsOf(value.whole),
      ...(isSameWhole(value) && { isSameWhole: true as const }),
    }),
    ...(value.isPaged && { isPaged: true as const }),
  };
}

/** One for all sizes of a page where they are alike. */
function digestsOf(values: readonly bigint[]): string[] {
  const digests = values.map((value) => shortDigest(String(value)).slice(0, 8));
  return digests.every((one) => one === digests[0]) ? digests.slice(0, 1) : digests;
}

/** The one thing that a value is computed from, where it has a name. */
function fromOf({ leaves }: Sum): string | undefined {
  const [only = '', ...others] = leaves;
  if (others.length > 0) return undefined;
  const wire = /^wire (.+)$/.exec(only)?.[1];
  if (wire !== undefined) return wire;
  const member = /^member (\w+)\(/.exec(only)?.[1];
  if (member !== undefined) return `.${member}`;
  const called = /^(\w+)\(/.exec(only)?.[1];
  return called === undefined ? undefined : `${called}()`;
}
