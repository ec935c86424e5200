import type { CodeType, FunctionCode } from '../cdecl/index.ts';
import { sortKeys } from '../model/canonical.ts';
import type { Era } from '../model/component-definition.ts';
import type { CodeBase } from './code-base.ts';
import type { ReachedCode } from './code-rows.ts';
import { isLiveUpdateCode } from './wanted.ts';

// How wide the integers are that a component's code works with on the way from and to the data: its functions' results,
// parameters and locals, and the members of structs that are handed over by nobody. A value that was cut is written as it is.

/** What a function gives, where its width is written down. */
const RESULT = 'the result';

const OWN_HEADER = /^include\/linux\/(?:kexec_handover|kho_\w+|liveupdate)\.h$/;

/** Live update's own files are of the two components that the others stand on. */
function ownerOf(path: string): string | undefined {
  if (!isLiveUpdateCode(path) && !OWN_HEADER.test(path)) return undefined;
  return /kho|kexec_handover/.test(path) ? 'kho' : 'luo';
}

/** By function or struct: `i=i32 key=i64`, sorted. Only integers, each by its class. */
export function widthsOf(
  { id, era }: { id: string; era: Era },
  { base, reached }: { base: CodeBase; reached: ReadonlyMap<string, ReachedCode> },
): Record<string, string> {
  const widths: [string, string][] = [];
  const add = (name: string, text: string): void => {
    if (text !== '') widths.push([name, text]);
  };
  for (const [name, { piece }] of reached) {
    const { code } = piece;
    if (piece.kind !== 'function' || !code) continue;
    add(name, widthsIn(code));
  }
  for (const [tag, members] of base.privateStructs(
    (path) => ownerOf(path) === id || (ownerOf(path) === undefined && era.files.includes(path)),
  ))
    add(`struct ${tag}`, textOf(members.map(({ name, type }) => [name, type] as const)));
  return sortKeys(Object.fromEntries(widths));
}

/** Of a function alone; empty where it has no integers. */
export function widthsIn({ returnType, parameters, locals }: FunctionCode): string {
  const all = [...parameters, ...locals.values()];
  return textOf([
    [RESULT, returnType],
    ...all.map((local) => [local.name, local.exact ?? local.type] as const),
  ]);
}

/** Of several of one name that are not alike nothing is said. */
function textOf(typed: readonly (readonly [string, CodeType])[]): string {
  const classes = new Map<string, Set<string>>();
  for (const [unique, { name: type, stars, isArray }] of typed) {
    const name = unique.replace(/#\d+$/, '');
    const isPlain = stars === 0 && isArray === undefined;
    const known = classes.get(name) ?? new Set();
    classes.set(name, known.add(isPlain ? type : ''));
  }
  return [...classes]
    .flatMap(([name, [type = '', ...others]]) =>
      others.length === 0 && /^i\d+$/.test(type) ? `${name}=${type}` : [],
    )
    .sort()
    .join(', ');
}
