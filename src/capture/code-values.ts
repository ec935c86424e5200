import {
  type FunctionCode,
  formOf,
  type HandedValue,
  isSameWhole,
  memoryKey,
  type Sum,
  shortDigest,
} from '../cdecl/index.ts';
import { byCodeUnit } from '../model/canonical.ts';
import type { Era } from '../model/component-definition.ts';
import type { HandedValueState, KeptState } from '../model/component-state.ts';
import type { CodeBase, CodePiece } from './code-base.ts';
import { entryNames, entryPoints } from './code-entries.ts';
import { type HandedOver, handedValues } from './code-flow.ts';
import type { ReachedCode } from './code-rows.ts';
import { MemberStores } from './member-stores.ts';

// What a component's code makes of the values that it hands over: not the code, but what it comes to. Two kernels that
// compute different numbers from the same parts do not mean the same by equal bytes.

/** What an era's entry points hand over and take. */
export interface ValueFacts {
  /** The values that they write, and what they make of those that they read. */
  values: HandedValueState[];
  /** The memory that they see to it is kept. */
  kept: KeptState[];
}

export function valuesOf(era: Era, base: CodeBase, reached: ReadonlyMap<string, ReachedCode>): ValueFacts {
  const handed = new Set(Object.keys(era.structs).flatMap((struct) => base.membersOf(struct)));
  const stores = new MemberStores([...reached.values()], (member) => handed.has(member));
  const values: HandedValueState[] = [];
  const writers: Writer[] = [];
  for (const { side, functions } of era.code)
    for (const names of functions) {
      const all = entryNames(names);
      const piece = all.map((name) => base.find(name)).find((found) => found);
      const [name = ''] = all;
      if (!piece?.code) continue;
      const found = handedValues(piece, base, (member) => stores.of(member, side));
      for (const value of statesOf(found, piece.code)) values.push({ function: name, side, ...value });
      if (side !== 'reader') writers.push({ name, ...found });
    }
  for (const { name, piece } of calledEntries(reached, base)) {
    const found = handedValues(piece, base, (member) => stores.of(member, 'writer'));
    if (!writers.some((one) => one.name === name)) writers.push({ name, ...found, values: [] });
  }
  return {
    values: values.sort((one, other) => byCodeUnit(orderOf(one), orderOf(other))),
    kept: keptBy(writers).sort((one, other) => byCodeUnit(one.function, other.function)),
  };
}

/** Entry points of other components beside KHO's own that code calls, or that stand beside it: what they keep is kept for it too. */
function calledEntries(
  reached: ReadonlyMap<string, ReachedCode>,
  base: CodeBase,
): { name: string; piece: CodePiece }[] {
  const names = new Set(
    [...reached.values()]
      .filter(({ side }) => side !== 'reader')
      .flatMap(({ piece }) => piece.tokens.flatMap(({ text }) => (entryPoints().has(text) ? text : []))),
  );
  const files = [...new Set([...reached.values()].map(({ piece }) => piece.file))];
  const beside = base.pieces(files).flatMap(({ name }) => (entryPoints().has(name) ? name : []));
  return [...new Set([...names, ...beside])].flatMap((name) => {
    const piece = name.startsWith('kho_') ? undefined : base.find(name);
    return piece?.code ? [{ name, piece }] : [];
  });
}

interface Writer extends HandedOver {
  name: string;
}

/** What one of them keeps another may write the address of. */
function keptBy(writers: readonly Writer[]): KeptState[] {
  const shared = (which: 'kept' | 'passed') =>
    writers.flatMap((one) => one[which].filter(({ isParameter }) => !isParameter));
  const [keptByAny, passedByAny] = [shared('kept'), shared('passed')];
  return writers.flatMap(({ name, values, kept, passed }) => {
    const written = values.flatMap(({ at, value }) =>
      at.startsWith('=') && value.leaves.size > 0 ? { place: at.slice(1), key: memoryKey(value) } : [],
    );
    const keys = new Set([...keptByAny, ...kept].map(({ key }) => key));
    const places = sorted(written.flatMap(({ place, key }) => (keys.has(key) ? place : [])));
    const callsWith = sorted(
      written.flatMap(({ place, key }) =>
        [...passedByAny, ...passed].flatMap((one) => (one.key === key ? `${place} ${one.by}` : [])),
      ),
    );
    if (places.length === 0 && kept.length === 0 && callsWith.length === 0) return [];
    return { function: name, count: kept.length, places, ...(callsWith.length > 0 && { callsWith }) };
  });
}

function sorted(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort(byCodeUnit);
}

function orderOf({ function: name, at, of, exact = [] }: HandedValueState): string {
  return [name, at, of, ...exact].join(' ');
}

type Value = Omit<HandedValueState, 'function' | 'side'>;

function statesOf({ values: found }: HandedOver, { returnType }: FunctionCode): Value[] {
  const isStatus = returnType.name === 'i32' && returnType.stars === 0;
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
    ...(value.scaled && { scaled: digestsOf(value.isPaged ? value.scaled.whole : value.scaled.exact) }),
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
