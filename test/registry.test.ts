import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { COMMANDS } from '../src/cli/registry.ts';
import { builtInComponents } from '../src/components/index.ts';
import { SCHEMAS } from '../src/schema/schemas.ts';
import { SOURCES } from '../src/sources/index.ts';

// One file plus one line: every file of a family is registered under the name that it bears, and the index is sorted.

function filesIn(folder: string): string[] {
  return readdirSync(new URL(`../src/${folder}/`, import.meta.url))
    .filter((name) => name.endsWith('.ts'))
    .map((name) => name.replace(/\.ts$/, ''))
    .sort();
}

test('every component has a file of its name, and they are sorted', () => {
  const files = readdirSync(new URL('../src/components/', import.meta.url))
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => name.replace(/\.yaml$/, ''));
  const ids = builtInComponents().map(({ id }) => id);
  assert.deepEqual([...ids].sort(), ids);
  assert.deepEqual([...files].sort(), ids);
});

test('every need of a component is a component, and needs have no cycle', () => {
  const needs = new Map(
    builtInComponents().map(({ id, eras }) => [id, eras.flatMap((era) => [...era.needs])]),
  );
  const walk = (id: string, path: readonly string[]): void => {
    assert.ok(needs.has(id), `${path.join(' > ')} needs ${id}`);
    assert.ok(!path.includes(id), [...path, id].join(' > '));
    for (const need of needs.get(id) ?? []) walk(need, [...path, id]);
  };
  for (const id of needs.keys()) walk(id, []);
});

test('every command is registered under its file name, sorted', () => {
  const names = COMMANDS.map(({ name }) => name);
  assert.deepEqual(names, filesIn('cli/commands'));
});

test('every source kind has its file', () => {
  const files = filesIn('sources');
  for (const { kind } of SOURCES) assert.ok(files.includes(kind), kind);
});

test('capture --source names every source kind, in their order', async () => {
  const { command } = await import('../src/cli/commands/capture.ts');
  const { summary = '' } = command.options.find(({ flags }) => flags.startsWith('--source')) ?? {};
  assert.equal(/: (.*) \(default/.exec(summary)?.[1], SOURCES.map(({ kind }) => kind).join(', '));
});

test('every schema is committed and has a page of prose', () => {
  const folder = new URL('../schemas/', import.meta.url);
  const names = readdirSync(folder);
  for (const name of Object.keys(SCHEMAS)) {
    assert.ok(names.includes(`${name}.schema.json`), name);
    assert.ok(names.includes(`${name}.md`), `${name}.md`);
  }
});

test('a command is its options, one call and its renderings: no file of one is longer than 80 lines', () => {
  const folder = new URL('../src/cli/commands/', import.meta.url);
  const long = readdirSync(folder).filter(
    (name) => readFileSync(new URL(name, folder), 'utf8').trimEnd().split('\n').length > 80,
  );
  assert.deepEqual(long, []);
});
