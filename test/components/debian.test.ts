import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { markerPattern } from '../../src/capture/marker-strings.ts';
import { readCaptureFile } from '../../src/catalog/read-content.ts';
import { builtInComponents } from '../../src/components/index.ts';
import type { ComponentDefinition } from '../../src/model/component-definition.ts';
import { PROFILES } from '../../src/model/profile.ts';
import { packageRoot } from '../../src/schema/package-root.ts';
import { kernelOf } from '../../src/verdict/kernel.ts';
import { judgePair } from '../../src/verdict/pair.ts';

const FOLDER = join(packageRoot(), 'versions/debian');
const OPTION = 'CONFIG_KEXEC_HANDOVER';
const upstream = readCaptureFile(join(packageRoot(), 'versions/7.3.4.json'));

for (const file of readdirSync(FOLDER).sort()) {
  const document = readCaptureFile(join(FOLDER, file));
  test(`${document.release}: KHO is off, with the option; every profile is unsupported`, () => {
    const kho = document.components.kho ?? assert.fail('no kho');
    assert.equal(kho.available, 'no');
    assert.deepEqual(kho.options, [{ name: OPTION, value: 'n' }]);
    const isRead = document.provenance.others !== undefined;
    assert.deepEqual(document.fidelity?.kho, { all: isRead ? ['config'] : ['inferred', 'btf'] });
    for (const profile of PROFILES) {
      const pair = judgePair({
        outgoing: kernelOf(document),
        incoming: kernelOf(upstream),
        profile,
        target: 'x86_64-4k',
      });
      assert.equal(pair.verdict, 'unsupported', profile.name);
      assert.match(pair.summary, new RegExp(`${OPTION} is not set`), profile.name);
    }
  });
}

test('every marker string of the shipped kernels begins with a stem of its component', () => {
  const definitions = new Map<string, ComponentDefinition>(
    builtInComponents().map((definition) => [definition.id, definition]),
  );
  const folder = join(packageRoot(), 'versions');
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.json'))) {
    for (const [id, { marker }] of Object.entries(readCaptureFile(join(folder, file)).components)) {
      if (typeof marker?.writes !== 'string' || marker.kind === 'name-and-integer') continue;
      const pattern = markerPattern(definitions.get(id) ?? assert.fail(id));
      assert.match(marker.writes, pattern ?? assert.fail(`${id} has no stem`), `${file} ${id}`);
    }
  }
});
