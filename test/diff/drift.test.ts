import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Chalk } from 'chalk';
import { command } from '../../src/cli/commands/diff.ts';
import type { DriftOutput } from '../../src/model/outputs.ts';
import { packageRoot } from '../../src/schema/package-root.ts';
import { validate } from '../../src/schema/validate.ts';

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'luo-abi-drift-'));
});
after(() => rmSync(folder, { recursive: true }));

async function drift(base: string, build: string): Promise<DriftOutput> {
  let output = '';
  const io = {
    out: (text: string) => {
      output += text;
    },
    note: () => {},
    env: { XDG_CACHE_HOME: join(folder, 'cache'), XDG_DATA_HOME: join(folder, 'share') },
    render: { chalk: new Chalk({ level: 0 }), width: 80 },
  };
  assert.equal(await command.run([base, build], { drift: true, format: ['json'] }, io), 0);
  return validate<DriftOutput>('drift', JSON.parse(output), 'drift');
}

function byId({ components }: DriftOutput): Map<string, DriftOutput['components'][number]> {
  return new Map(components.map((component) => [component.id, component]));
}

test('7.2.12 and Debian 7.2.12: what the base has is switched off, with the option', async () => {
  const components = byId(await drift('7.2.12', '7.2.12+deb13'));
  for (const id of ['kho', 'luo', 'memfd', 'memblock']) {
    assert.equal(components.get(id)?.drift, 'off', id);
    assert.match(components.get(id)?.reason ?? '', /CONFIG_KEXEC_HANDOVER is not set/, id);
  }
  assert.equal(components.get('pci')?.drift, 'absent');
});

test('a build with a patched layout and a raised marker: each is told where it belongs', async () => {
  const document = JSON.parse(readFileSync(join(packageRoot(), 'versions/7.2.12.json'), 'utf8'));
  document.release = '7.2.12+patched';
  document.vendor = 'patched';
  const { luo, memfd } = document.components;
  luo.marker = { ...luo.marker, writes: 'luo-v6', accepts: [{ value: 'luo-v6' }] };
  const { layout } = memfd.structs.memfd_luo_ser;
  for (const each of Object.values<{ members: { name: string; bitOffset: number }[] }>(layout)) {
    const [first, second] = each.members;
    assert.ok(first && second);
    [first.bitOffset, second.bitOffset] = [second.bitOffset, first.bitOffset];
  }
  const path = join(folder, 'patched.json');
  writeFileSync(path, JSON.stringify(document));
  const components = byId(await drift('7.2.12', path));
  assert.equal(components.get('luo')?.drift, 'changed');
  assert.match(components.get('luo')?.changes.markers?.[0]?.message ?? '', /luo-v5.*luo-v6/);
  assert.ok(
    (components.get('memfd')?.changes.layouts ?? []).some(({ subject }) =>
      subject.startsWith('memfd_luo_ser'),
    ),
  );
  assert.equal(components.get('kho')?.drift, 'same');
});

test('a release against itself does not drift', async () => {
  const { components } = await drift('7.3.4', '7.3.4');
  assert.deepEqual(
    components.filter(({ drift: kind }) => kind !== 'same' && kind !== 'absent').map(({ id }) => id),
    [],
  );
});
