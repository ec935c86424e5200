import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Layout } from '../../src/model/layout.ts';
import { forTarget } from '../../src/model/target.ts';
import type { Verdict } from '../../src/model/verdict-kind.ts';
import type { Kernel } from '../../src/verdict/kernel.ts';
import { judgePair } from '../../src/verdict/pair.ts';
import { IS_WHOLE } from '../support/extent.ts';
import type { Edit } from './edit-declarations.ts';
import {
  editMembers,
  insertAfter,
  redefine,
  removeMember,
  renameMember,
  renumber,
  replaceMember,
  swap,
} from './edit-declarations.ts';
import { captureEdited } from './judge-mutation.ts';

// Every member of every captured struct, and every constant, is changed in turn. Whatever the gate makes of it, such a
// pair is never compatible, with or without notes; and a new name for a member is always compatible.

const TARGET = 'x86_64-4k';

interface Change {
  component: string;
  name: string;
  member?: string;
  edit: Edit;
}

const plain = await captureEdited([]);

function layoutsOf(kernel: Kernel): { component: string; struct: string; layout: Layout }[] {
  return [...kernel.components].flatMap(([component, { facts }]) =>
    Object.entries(facts.structs).flatMap(([struct, { layout }]) => {
      const here = forTarget(layout, TARGET);
      return here ? [{ component, struct, layout: here }] : [];
    }),
  );
}

type MemberChange = (place: { struct: string; names: string[]; index: number }) => Edit | undefined;

function changesOfMembers(what: string, change: MemberChange): Change[] {
  return layoutsOf(plain).flatMap(({ component, struct, layout }) => {
    const names = layout.members.map(({ name }) => name);
    return names.flatMap((name, index) => {
      const edit = change({ struct, names, index });
      return edit ? [{ component, name: `${struct}.${name} ${what}`, member: name, edit }] : [];
    });
  });
}

function changesOfSigns(): Change[] {
  return layoutsOf(plain).flatMap(({ component, struct, layout }) =>
    layout.members.flatMap(({ name, encoding }) => {
      const bits = /^u(16|32|64)$/.exec(encoding)?.[1];
      if (bits === undefined) return [];
      const edit = replaceMember(struct, name, `s${bits} ${name}`);
      return [{ component, name: `${struct}.${name} signed`, edit }];
    }),
  );
}

function changesOfConstants(): Change[] {
  return [...plain.components].flatMap(([component, { facts }]) =>
    Object.entries(facts.constants).flatMap(([name, { role, value }]) => {
      const number = Number(forTarget(value, TARGET));
      // A name that code spells out is no macro.
      if (role === 'helper' || !/^\w+$/.test(name)) return [];
      const change = /^KHO_(?:BITMAP|TABLE|TREE)_/.test(name) ? renumber : redefine;
      const edit = change(name, String(role === 'length' ? number + 8 : number + 1));
      return [{ component, name: `${name} raised`, edit }];
    }),
  );
}

const KINDS: Record<string, Change[]> = {
  'exchanged with the next member': changesOfMembers('exchanged', ({ struct, names, index }) => {
    const [one, next] = [names[index], names[index + 1]];
    return one !== undefined && next !== undefined ? swap(struct, one, next) : undefined;
  }),
  'pushed back by a new member': changesOfMembers('pushed back', ({ struct, names, index }) => {
    const before = names[index - 1];
    if (before !== undefined) return insertAfter(struct, before, 'u64 pushed');
    return editMembers(struct, (members) => ['u64 pushed', ...members]);
  }),
  'taken out in front of another': changesOfMembers('taken out', ({ struct, names, index }) =>
    index + 1 < names.length ? removeMember(struct, names[index] as string) : undefined,
  ),
  'made signed': changesOfSigns(),
  'a constant with another value': changesOfConstants(),
};

async function answersOf({ component, name, edit }: Change): Promise<{ what: string; verdict: Verdict }[]> {
  const changed = await captureEdited([edit]);
  const profile = { name: component, summary: '', required: [component], optional: [], ignored: [] };
  const judge = (outgoing: Kernel, incoming: Kernel): Verdict =>
    judgePair({ outgoing, incoming, profile, target: TARGET }).verdict;
  return [
    { what: `${component}: ${name}, forward`, verdict: judge(plain, changed) },
    { what: `${component}: ${name}, backward`, verdict: judge(changed, plain) },
  ];
}

/** Of the default run, one in so many. */
const PART = 6;
const partOf = (changes: readonly Change[]): Change[] =>
  changes.filter((_, at) => IS_WHOLE || at % PART === 0);

for (const [kind, all] of Object.entries(KINDS)) {
  const changes = partOf(all);
  test(`never green: ${kind} (${changes.length} changes, both ways)`, async () => {
    assert.ok(changes.length > 0);
    for (const change of changes) {
      for (const { what, verdict } of await answersOf(change)) {
        assert.ok(!verdict.startsWith('compatible'), `${what}: ${verdict}`);
      }
    }
  });
}

// The code is renamed by the member's name alone: where several structs have it, theirs goes along, and that is a change.
// `files` is also what a set of files in the running kernel calls its array, `index` is a member of its folios.
const NAMES = layoutsOf(plain).flatMap(({ layout }) => layout.members.map(({ name }) => name));
const SHARED = new Set(['files', 'index', ...NAMES.filter((name, index) => NAMES.indexOf(name) !== index)]);

const RENAMES = partOf(
  changesOfMembers('renamed', ({ struct, names, index }) => {
    const name = names[index] as string;
    return renameMember(struct, name, `other_${name}`);
  }),
);

test(`always compatible: a member renamed (${RENAMES.length} changes, both ways)`, async () => {
  for (const change of RENAMES) {
    const allowed = SHARED.has(change.member ?? '')
      ? ['compatible', 'compatible-with-notes']
      : ['compatible'];
    for (const { what, verdict } of await answersOf(change)) assert.ok(allowed.includes(verdict), what);
  }
});
