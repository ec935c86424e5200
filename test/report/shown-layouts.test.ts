import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Layout, Member } from '../../src/model/layout.ts';
import type { Target } from '../../src/model/target.ts';
import { PAGE_SHIFT, TARGETS } from '../../src/model/target.ts';
import { shownDocument } from '../../src/report/shown.ts';
import { documentOf } from '../support/shipped.ts';

// test/fixtures/layouts: what gcc makes of the real headers, by release and page shift.

interface CompiledField {
  name: string;
  bitOffset: number;
  bits: number;
}

type Compiled = Record<
  string,
  { kind: string; size: number; fields: CompiledField[] } | Record<string, number>
>;

const folder = new URL('../fixtures/layouts/', import.meta.url);

function flat(members: readonly Member[], prefix = '', base = 0): Map<string, [number, number]> {
  const found = new Map<string, [number, number]>();
  for (const member of members) {
    const offset = base + member.bitOffset;
    found.set(prefix + member.name, [offset, member.bitSize]);
    for (const entry of flat(member.members ?? [], `${prefix}${member.name}.`, offset)) found.set(...entry);
  }
  return found;
}

function compare(
  compiled: Compiled,
  layouts: Record<string, Layout>,
  constants: Record<string, unknown>,
): number {
  let numbers = 0;
  for (const [name, fact] of Object.entries(compiled)) {
    if (!('fields' in fact)) {
      for (const [constant, value] of Object.entries(fact)) {
        assert.equal(constants[constant], value, constant);
        numbers += 1;
      }
      continue;
    }
    const { size, fields } = fact as { size: number; fields: CompiledField[] };
    const layout = layouts[name];
    assert.ok(layout, `show has no ${name}`);
    assert.equal(layout.size, size, name);
    const members = flat(layout.members);
    for (const field of fields) {
      assert.deepEqual(members.get(field.name), [field.bitOffset, field.bits], `${name}.${field.name}`);
      numbers += 2;
    }
    assert.equal(members.size, fields.length, `${name} has as many members as the compiler sees`);
    numbers += 1;
  }
  return numbers;
}

for (const file of readdirSync(folder).sort()) {
  const [, release = '', shift = ''] = /^(.*)-(\d+)\.json$/.exec(file) ?? [];
  const targets = TARGETS.filter((target: Target) => PAGE_SHIFT[target] === Number(shift));
  for (const target of targets) {
    test(`show ${release} --target ${target} agrees with the compiler in every number`, () => {
      const shown = shownDocument(documentOf(release), target);
      const components = Object.values(shown.components);
      const layouts = Object.assign({}, ...components.map((component) => component.layouts));
      const constants = Object.assign({}, ...components.map((component) => component.constants));
      const compiled = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Compiled;
      assert.ok(compare(compiled, layouts, constants) > 10);
    });
  }
}
