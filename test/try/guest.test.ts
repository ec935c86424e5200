import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { packageRoot } from '../../src/schema/package-root.ts';
import { GUEST_FOLDER, guestProgram } from '../../src/try/guest-program.ts';
import { machineOf } from '../../src/try/machine.ts';

test('the guest programs are built from the sources beside them, static and small', () => {
  const script = join(packageRoot(), GUEST_FOLDER, 'build.mjs');
  const { status, stderr } = spawnSync(process.execPath, [script, '--check'], { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  for (const target of ['x86_64-4k', 'arm64-4k'] as const) {
    const bytes = guestProgram(machineOf(target));
    assert.ok(bytes.byteLength < 16_384, `${bytes.byteLength} bytes`);
    assert.equal(Buffer.from(bytes.subarray(0, 4)).toString('latin1'), '\x7fELF');
    // e_machine: 62 is x86_64, 183 is aarch64; no program header asks for an interpreter (type 3).
    assert.equal(bytes[18], target === 'x86_64-4k' ? 62 : 183);
    const headers = Buffer.from(bytes);
    const [offset, size, count] = [
      Number(headers.readBigUInt64LE(32)),
      headers.readUInt16LE(54),
      headers.readUInt16LE(56),
    ];
    const types = Array.from({ length: count }, (_, index) => headers.readUInt32LE(offset + index * size));
    assert.ok(!types.includes(3));
  }
});
