import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { CheckOutput } from '../../src/model/outputs.ts';
import { runCli } from '../support/run-cli.ts';
import { documentOf } from '../support/shipped.ts';

// A patched build bears the name of its release. Beside it, the release's name means the release: a build that is held
// against itself always passes.

const folder = mkdtempSync(join(tmpdir(), 'luo-abi-namesake-'));
after(() => rmSync(folder, { recursive: true }));

/** 7.3.4 with two members of equal type exchanged, under the same name. */
function patched(): string {
  const document = structuredClone(documentOf('7.3.4'));
  const [pos, size] = document.components.memfd?.structs.memfd_luo_ser?.layout.all?.members ?? [];
  assert.deepEqual([pos?.name, size?.name], ['pos', 'size']);
  if (pos && size) [pos.name, size.name] = [size.name, pos.name];
  const path = join(folder, 'patched.json');
  writeFileSync(path, JSON.stringify(document));
  return path;
}

/** A kernel that reads what 7.3.4 wrote under its marker, beside what it writes itself. */
function readerOfBoth(): string {
  const document = structuredClone(documentOf('7.3.4'));
  const { marker } = document.components.memfd ?? {};
  assert.equal(marker?.writes, 'memfd-v2');
  if (marker) {
    marker.writes = 'memfd-v9';
    marker.accepts = [{ value: 'memfd-v9' }, { value: 'memfd-v2', layoutOf: '7.3.4' }];
  }
  const path = join(folder, 'reader.json');
  writeFileSync(path, JSON.stringify({ ...document, release: '7.3.4+next', vendor: 'next' }));
  return path;
}

const path = patched();
const reader = readerOfBoth();
const NAMES = new Map([
  [path, 'a build named 7.3.4'],
  [reader, 'a reader of what 7.3.4 wrote'],
]);
for (const [outgoing, incoming, verdict] of [
  ['7.3.4', path, 'misread'],
  [path, '7.3.4', 'misread'],
  [path, path, 'compatible'],
  ['7.3.4', '7.3.4', 'compatible'],
  ['7.3.4', reader, 'compatible'],
  [path, reader, 'misread'],
] as const) {
  const name = [outgoing, incoming].map((side) => NAMES.get(side) ?? side).join(' -> ');
  test(`${name} is ${verdict}`, async () => {
    const { stdout } = await runCli(['check', outgoing, incoming, '--profile', 'memfd', '--format', 'json']);
    assert.equal((JSON.parse(stdout) as CheckOutput).verdict, verdict);
  });
}
