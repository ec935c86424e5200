import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { hostPath } from '../support/hosts.ts';
import { folder, hostWith, run } from '../support/preflight.ts';

// The files of real hosts, and what the live update that was really made from there came to: test/fixtures/hosts/README.md.

const TREE = 'sys/kernel/debug/kho/out/fdt';

/** A copy of a recorded host, to leave files out or damage them. */
function copyOf(host: string, state: string): string {
  const root = mkdtempSync(join(folder, 'host-'));
  cpSync(hostPath(host, state), root, { recursive: true });
  return root;
}

const UPDATES: [host: string, staged: string, answer: RegExp][] = [
  ['7.3.4', '7.3.4', /^yes: compatible/],
  ['7.3.4', '7.2.12', /^yes: compatible/],
  ['7.3.4', '7.1.13', /^no: refused \(state-dropped\): .*kho-v4 -> kho-v3/],
  ['7.3.4', '6.19.11', /^no: refused \(state-dropped\)/],
  ['7.2.12-mine', '7.3.4', /^yes: compatible/],
  ['7.2.12-mine', '7.1.13', /^no: refused \(state-dropped\)/],
  ['6.19.11', '6.19.11', /^yes: compatible-with-notes/],
  ['6.19.11', '7.1.13', /^no: refused \(state-dropped\)/],
  ['6.19.11', '7.3.4', /^no: refused \(state-dropped\)/],
];

test('a host says yes to the kernels that took its state over, and no to the others with what was seen', async () => {
  for (const [host, staged, answer] of UPDATES) {
    for (const state of ['started', 'updated']) {
      const { code, output } = await run({ root: hostPath(host, state), staged: [staged], profile: 'memfd' });
      assert.match(output, answer, `${host} ${state}`);
      assert.equal(code, answer.source.startsWith('^yes') ? 0 : 1);
    }
  }
});

test('with the BTF of the running kernel too', async () => {
  const root = copyOf('7.3.4', 'started');
  mkdirSync(join(root, 'sys/kernel/btf'), { recursive: true });
  writeFileSync(join(root, 'sys/kernel/btf/vmlinux'), gunzipSync(readFileSync(hostPath('7.3.4', 'btf.gz'))));
  const { code, output, notes } = await run({ root, staged: ['7.2.12'], profile: 'memfd' });
  assert.match(output, /^yes: compatible/);
  assert.equal(code, 0);
  assert.ok(!notes.some((note) => note.includes('could not be read')), notes.join());
});

test('the marker of a tree that debugfs cut is read; a host that came by a live update shows no tree', async () => {
  const started = await run({ root: hostPath('6.19.11', 'started'), staged: ['6.19.11'], profile: 'memfd' });
  assert.ok(started.notes.some((note) => note.includes('ready to hand over kho-v1')));
  const updated = await run({ root: hostPath('6.19.11', 'updated'), staged: ['6.19.11'], profile: 'memfd' });
  assert.ok(!updated.notes.some((note) => note.includes('ready to hand over')));
  assert.equal(updated.code, 0);
});

test('"see the notes": they are shown, each once', async () => {
  const { output, notes } = await run({
    root: hostPath('7.2.12-mine', 'started'),
    staged: ['7.3.4'],
    profile: 'memfd',
  });
  assert.match(output, /see the notes/);
  const lent = notes.filter((note) => note.includes('taken from 7.2.12, not seen in this build'));
  assert.ok(lent.length > 0, notes.join('\n'));
  assert.ok(lent.every((note) => /^luo-abi: [a-z, -]+: /.test(note)));
  // A line for each component and side, whatever number of facts it is about.
  const ofKho = lent.filter((note) => note.startsWith('luo-abi: kho: '));
  assert.equal(ofKho.length, 1, lent.join('\n'));
  assert.match(ofKho[0] ?? '', /the property preserved-data, .*KHO_VMALLOC_ALLOC.*: taken from 7\.2\.12, /);
  assert.equal(new Set(notes).size, notes.length);
});

test('a tree that is damaged, cut off or of another kind is said, and ends nothing', async () => {
  const whole = readFileSync(hostPath('7.3.4', 'loaded', TREE));
  const foreign = Buffer.from(whole);
  foreign.write('kho-v9', whole.indexOf('kho-v4'), 'latin1');
  const cases: [Buffer, RegExp, number][] = [
    [whole.subarray(0, 50), /out\/fdt cannot be read \(FDT structure block: /, 0],
    [whole.subarray(0, 70), /out\/fdt has no marker that can be read/, 0],
    [Buffer.from('x'), /out\/fdt cannot be read \(FDT header: /, 0],
    [Buffer.alloc(0), /out\/fdt cannot be read \(FDT header: /, 0],
    [foreign, /ready to hand over kho-v9/, 1],
  ];
  for (const [bytes, note, expected] of cases) {
    const root = copyOf('7.3.4', 'started');
    writeFileSync(join(root, TREE), bytes);
    const { code, output, notes } = await run({ root, staged: ['7.3.4'], profile: 'memfd' });
    assert.equal(code, expected, output);
    assert.ok(
      notes.some((text) => note.test(text)),
      notes.join('\n'),
    );
  }
});

test('a file or folder that debugfs does not give is said, and ends nothing', async () => {
  const root = copyOf('7.3.4', 'started');
  rmSync(join(root, TREE));
  mkdirSync(join(root, TREE));
  const folderThere = await run({ root, staged: ['7.3.4'], profile: 'memfd' });
  assert.equal(folderThere.code, 0);
  assert.ok(folderThere.notes.some((note) => note.includes(`${TREE} cannot be read (EISDIR)`)));
  rmSync(join(root, 'sys/kernel/debug'), { recursive: true });
  assert.equal((await run({ root, staged: ['7.3.4'], profile: 'memfd' })).code, 0);
});

test('KHO that is built in and did not start hands nothing over, whatever the command line says', async () => {
  const parts = ['proc/config.gz', 'proc/cmdline'].map((path) => [
    path,
    readFileSync(hostPath('7.3.4', 'started', path)),
  ]);
  const files = Object.fromEntries(parts) as Record<string, Uint8Array>;
  const dead = async (more: Record<string, string>): Promise<string> => {
    const { code, output } = await run({
      root: hostWith('7.3.4', { ...files, ...more }),
      staged: ['7.3.4'],
      profile: 'memfd',
    });
    assert.equal(code, 1);
    return output;
  };
  const line = '[    0.0] KHO: Failed to reserve scratch area, disabling kexec handover\n';
  assert.match(
    await dead({ 'var/log/dmesg': line }),
    /^no: unsupported: .*KHO is built in and did not start: var\/log\/dmesg says "Failed to reserve scratch area"/,
  );
  assert.match(
    await dead({ 'sys/kernel/debug/clear_warn_once': '' }),
    /^no: unsupported: .*KHO is built in and did not start: sys\/kernel\/debug has no kho/,
  );
});
