import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { blobsAt } from '../../src/ask/files/blobs.ts';
import type { InspectOutput } from '../../src/model/inspect.ts';
import { validate } from '../../src/schema/validate.ts';
import { HOSTS, hostPath } from '../support/hosts.ts';
import { flat, look } from './support.ts';

// What debugfs of real kernels showed: test/fixtures/hosts/README.md says how it was made. Expected values were read off the
// bytes, or are what the live update that followed came to.

const KHO = 'sys/kernel/debug/kho';

function seen(host: string, state: string, folder: 'in' | 'out', reader = '7.3.4'): InspectOutput {
  const output = look(blobsAt(hostPath(host, state, KHO, folder)), { for: reader });
  validate('inspect', output, 'inspect');
  return output;
}

const stateOf = ({ blobs }: InspectOutput, entry: string): string | undefined =>
  blobs.find((blob) => blob.entry === entry)?.state;

test("KHO's tree that grew in debugfs is read as far as it is there, before and after the next kernel is loaded", () => {
  for (const host of ['7.3.4', '7.2.12-mine', '7.3.4-to-nolu']) {
    for (const state of ['started', 'loaded']) {
      const output = seen(host, state, 'out');
      const [root] = output.blobs;
      assert.deepEqual(
        [root?.entry, root?.state, root?.marker],
        ['KHO', 'cut', 'kho-v4'],
        `${host} ${state}`,
      );
      assert.match(root?.notes[0] ?? '', /^cut by the kernel's debugfs.*: 285 bytes said, 233 there; /);
      assert.deepEqual(
        root?.tree?.nodes.map(({ name, properties }) => [
          name,
          properties.map(({ name, value }) => [name, value]),
        ]),
        [
          [
            'LUO',
            [
              ['blob-size', 32],
              ['preserved-data', Number(root?.tree?.nodes[0]?.properties[1]?.value)],
            ],
          ],
          [
            'kexec-metadata',
            [
              ['blob-size', 73],
              ['preserved-data', Number(root?.tree?.nodes[1]?.properties[1]?.value)],
            ],
          ],
        ],
      );
      assert.equal(output.writersText, '7.2.6 … 7.3.4');
      assert.deepEqual(
        [output.acceptance?.verdict, output.acceptance?.assumed],
        [
          'accepted',
          ['the names that were cut off are compatible, preserved-memory-map, blob-size, preserved-data'],
        ],
      );
    }
  }
});

test('of the tree of 6.19 too only the names are lost; what the next kernel does with it is told', () => {
  for (const state of ['started', 'loaded']) {
    const output = seen('6.19.11', state, 'out', '6.19.11');
    const [root] = output.blobs;
    assert.deepEqual([root?.state, root?.marker], ['cut', 'kho-v1']);
    assert.match(root?.notes[0] ?? '', /: 180 bytes said, 152 there; /);
    assert.equal(output.writersText, '6.19.6 … 6.19.11');
    assert.equal(output.acceptance?.verdict, 'accepted');
    const refused = seen('6.19.11', state, 'out', '7.2.12').acceptance;
    assert.deepEqual([refused?.verdict, refused?.effect], ['refused', 'state-dropped']);
  }
});

test('what 7.2 and 7.3 freed after they read it is said to be released: no refusal, and no pass', () => {
  for (const host of ['7.3.4', '7.2.12-mine']) {
    for (const state of ['updated', 'finished']) {
      const output = seen(host, state, 'in');
      assert.deepEqual(
        output.blobs.map(({ entry, state: own }) => [entry, own]),
        [
          ['KHO', 'whole'],
          ['LUO', 'released'],
          ['kexec-metadata', 'whole'],
        ],
      );
      const luo = output.blobs[1];
      assert.deepEqual([luo?.marker, luo?.decodedAs, luo?.form], [null, null, 'bytes']);
      assert.match(luo?.notes.join() ?? '', /^released by this kernel after it read it/);
      assert.equal(output.writersText, '7.2.6 … 7.3.4');
      assert.equal(output.acceptance?.verdict, 'unknown');
      assert.ok(output.acceptance?.findings.every(({ effect }) => effect === null));
    }
  }
});

test('what nobody freed is decoded in the second kernel: 6.19, and a kernel without LUO', () => {
  for (const state of ['updated', 'finished']) {
    const old = seen('6.19.11', state, 'in', '6.19.11');
    assert.deepEqual([stateOf(old, 'KHO'), stateOf(old, 'LUO')], ['whole', 'whole']);
    assert.deepEqual([old.writersText, old.acceptance?.verdict], ['6.19.6 … 6.19.11', 'accepted']);
    const kept = seen('7.3.4-to-nolu', state, 'in');
    assert.deepEqual([stateOf(kept, 'LUO'), kept.acceptance?.verdict], ['whole', 'accepted']);
    const values = flat(kept.blobs.find(({ entry }) => entry === 'LUO')?.members);
    assert.deepEqual([values.get('sessions_pa')?.hex, values.get('flbs_pa')?.hex], ['0x598000', '0x570000']);
  }
});

test('a kernel that came by a live update shows no tree of its own: missing, no pass; what its writers say still counts', () => {
  const output = seen('7.3.4', 'updated', 'out');
  assert.deepEqual([stateOf(output, 'KHO'), stateOf(output, 'LUO')], ['missing', 'whole']);
  assert.equal(output.acceptance?.verdict, 'unknown');
  const old = seen('6.19.11', 'updated', 'out').acceptance;
  assert.deepEqual([old?.verdict, old?.effect], ['refused', 'state-dropped']);
  assert.equal(old?.unreached.length, 1);
});

test('every recorded folder is decoded', () => {
  for (const host of HOSTS) {
    for (const state of ['started', 'loaded', 'updated', 'finished']) {
      for (const folder of ['in', 'out'] as const) {
        if (!existsSync(hostPath(host, state, KHO, folder))) continue;
        const output = seen(host, state, folder);
        for (const blob of output.blobs.filter(({ state: own }) => own === 'whole' || own === 'cut')) {
          assert.ok(blob.writers.length > 0, `${host} ${state} ${blob.path}: ${blob.notes.join()}`);
        }
      }
    }
  }
});

// In the folder `memory`: the pages that the records of 7.3.4 lie in, as the program that preserved the files made them.

const BLOCK = 'kho-block.kho_block_header_ser+luo-session';

function page(name: string, component: string): InspectOutput {
  const output = look(blobsAt(hostPath('7.3.4-to-nolu', 'memory', name), component), { component });
  validate('inspect', output, 'inspect');
  return output;
}

test('all records of real memory are decoded: sessions and files in blocks, FLBs, memfds in their pages', () => {
  const sessions = page('sessions-598000', `${BLOCK}.luo_session_ser`);
  assert.equal(sessions.writersText.startsWith('7.2.6 … 7.3.4'), true);
  const told = flat(sessions.blobs[0]?.members);
  assert.deepEqual(
    [0, 1, 2, 3].map((index) => [
      told.get(`[${index}].name`)?.value,
      told.get(`[${index}].file_set_ser.files`)?.hex,
      told.get(`[${index}].file_set_ser.count`)?.value,
    ]),
    [
      ['vm-alpha', '0x599000', 5],
      ['sess-0', '0x5ae000', 1],
      ['sess-1', '0x5b2000', 1],
      ['sess-2', '0x5b7000', 1],
    ],
  );
  const files = flat(page('files-599000', `${BLOCK}.luo_file_ser`).blobs[0]?.members);
  assert.deepEqual(
    [0, 1, 2, 3, 4].map((index) =>
      ['compatible', 'data', 'token'].map((name) => files.get(`[${index}].${name}`)?.value),
    ),
    [
      ['memfd-v2', 0x59c000, 1],
      ['memfd-v2', 0x5a3000, 0xcafe0002],
      ['memfd-v2', 0x5a6000, '18446744073709551615'],
      ['memfd-v2', 0x5a9000, 0x77],
      ['memfd-v2', 0x5ad000, 0x79],
    ],
  );
  const one = flat(page('files-5ae000', `${BLOCK}.luo_file_ser`).blobs[0]?.members);
  assert.deepEqual([one.get('[0].data')?.hex, one.get('[0].token')?.value], ['0x5af000', 1]);
  const flbs = flat(page('flbs-570000', 'luo-flb.luo_flb_header_ser').blobs[0]?.members);
  assert.deepEqual([flbs.get('pgcnt')?.value, flbs.get('count')?.value], [1, 0]);
});

/** Position, size, seals, folios, the page with the folios; the program's own words. */
const MEMFDS: [name: string, pos: number, size: number, seals: number, folios: number, phys: string][] = [
  ['memfd-59c000', 12345, 65536, 0, 16, '0x5a2000'],
  ['memfd-5a3000', 0, 12288, 6, 3, '0x5a5000'],
  ['memfd-5a6000', 5000, 5000, 1, 2, '0x5a8000'],
  ['memfd-5a9000', 7, 8192, 0x1f, 2, '0x5ab000'],
  ['memfd-5af000', 0, 4096, 1, 1, '0x5b1000'],
];

test("a memfd's record is decoded in the page that it lies in, and only kernels with that form can have written it", () => {
  for (const [name, pos, size, seals, folios, phys] of MEMFDS) {
    const output = page(name, 'memfd');
    const { notes, members } = output.blobs[0] ?? {};
    const values = flat(members);
    assert.deepEqual(
      ['pos', 'size', 'seals', 'nr_folios'].map((member) => values.get(member)?.value),
      [pos, size, seals, folios],
      name,
    );
    assert.equal(values.get('folios.first.phys')?.hex, phys);
    assert.match(output.writersText, /^7\.1-rc1 … 7\.3\.4/);
    assert.deepEqual(notes, []);
  }
  const empty = page('memfd-5ad000', 'memfd');
  assert.match(empty.writersText, /^6\.19\.6 … 7\.3\.4/);
});

test('a page with something behind the record is no such record', () => {
  const [blob] = blobsAt(hostPath('7.3.4-to-nolu', 'memory', 'memfd-59c000'));
  assert.ok(blob);
  const bytes = Uint8Array.from(blob.bytes);
  bytes[2000] = 1;
  assert.equal(look({ ...blob, bytes }, { component: 'memfd' }).writersText, '');
});
