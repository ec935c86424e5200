import { shortDigest, type Token } from '../cdecl/index.ts';
import type { CodeState } from '../model/component-state.ts';
import type { ReachedCode } from './code-rows.ts';

type Side = CodeState['side'];

/** What some code keeps in the members of the kernel's own structs: by that a member is told from one that means something else. */
export class MemberStores {
  readonly #code: readonly ReachedCode[];
  readonly #isHanded: (member: string) => boolean;
  readonly #known = new Map<Side, ReadonlyMap<string, string>>();

  /** @param isHanded whether handed-over data have a member of that name, which is not told from the kernel's own */
  constructor(code: readonly ReachedCode[], isHanded: (member: string) => boolean) {
    this.#code = code;
    this.#isHanded = isHanded;
  }

  /** All that code of a side keeps in a member, as one text; empty where nothing is kept there. */
  of(member: string, side: Side): string {
    const known = this.#known.get(side) ?? this.#read(side);
    this.#known.set(side, known);
    return known.get(member) ?? '';
  }

  /** What code of the other side alone keeps there is no part of what this one hands over. */
  #read(side: Side): ReadonlyMap<string, string> {
    const byMember = new Map<string, Set<string>>();
    for (const { piece, side: own } of this.#code) {
      if (side !== 'both' && own !== 'both' && own !== side) continue;
      for (const { member, text } of storesIn(piece.tokens)) {
        if (this.#isHanded(member)) continue;
        const texts = byMember.get(member) ?? new Set();
        byMember.set(member, texts.add(text));
      }
    }
    return new Map(
      [...byMember].map(([member, texts]) => [member, shortDigest([...texts].sort().join('\n'))]),
    );
  }
}

const STORES = /^(?:[-+*/%&|^]|<<|>>)?=$/;

function storesIn(tokens: readonly Token[]): { member: string; text: string }[] {
  return tokens.flatMap(({ kind, text: member }, at) => {
    const before = tokens[at - 1]?.text ?? '';
    const after = tokens[at + 1]?.text ?? '';
    if (kind !== 'name' || (before !== '->' && before !== '.')) return [];
    if (after === '++' || after === '--') return [{ member, text: after }];
    if (!STORES.test(after)) return [];
    const end = tokens.findIndex(({ text }, index) => index > at && (text === ';' || text === ','));
    const value = tokens.slice(at + 2, end < 0 ? undefined : end);
    return [{ member, text: [after, ...value.map(({ text }) => text)].join(' ') }];
  });
}
