import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { layoutOfType } from '../../../src/capture/btf-layout.ts';
import { btfLines, openBtf } from '../../../src/formats/btf/index.ts';
import { propertyRuns } from '../property.ts';
import { Dump } from './dump.ts';
import { btfOfPackage, kernelPackages, skipKernels } from './kernel-btf.ts';

const STRUCTS = 5000;

/** What bpftool prints of raw BTF; undefined where it cannot read it. */
function bpftool(bytes: Uint8Array): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'luo-abi-btf-'));
  try {
    const path = join(folder, 'vmlinux.btf');
    writeFileSync(path, bytes);
    const args = ['btf', 'dump', 'file', path, 'format', 'raw'];
    const { status, stdout } = spawnSync('bpftool', args, { encoding: 'utf8', maxBuffer: 1 << 30 });
    return status === 0 ? stdout : undefined;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

if (skipKernels) test('BTF of kernels', { skip: skipKernels }, () => {});
for (const path of kernelPackages()) {
  test(`BTF of ${basename(path)} agrees with bpftool`, async () => {
    const bytes = await btfOfPackage(path);
    const btf = openBtf(bytes);
    btf.validate();
    const expected = bpftool(bytes);
    if (expected === undefined) {
      console.log(`${basename(path)}: ${btf.count} types read, left out of the comparison: bpftool cannot`);
      return;
    }
    // Not assert.equal: the difference of two such texts would take minutes to print.
    assert.ok([...btfLines(btf), ''].join('\n') === expected, 'every line of the dump');
    const dump = new Dump(expected);
    const ids = [...dump.records.keys()];
    const { seed, numRuns } = propertyRuns(basename(path), STRUCTS);
    const chosen = fc.sample(fc.constantFrom(...ids), { seed, numRuns });
    let members = 0;
    for (const id of chosen) {
      const { layout } = layoutOfType(btf, id);
      const ours = layout.members.map(({ name, bitOffset, encoding }) => {
        const bits = /:\d+$/.exec(encoding)?.[0] ?? '';
        return `${name}@${bitOffset}${bits}`;
      });
      assert.equal(layout.size, dump.records.get(id)?.size);
      assert.deepEqual(ours, dump.members(id));
      members += ours.length;
    }
    console.log(
      `${basename(path)}: ${btf.count - 1} types equal, ${chosen.length} of ${ids.length} structs with ${members} members compared, none left out`,
    );
  });
}
