import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { readKernelFile } from '../../src/catalog/read-content.ts';
import type { ToolError } from '../../src/errors.ts';
import { encodeCpio } from '../../src/formats/cpio-encode.ts';
import type { PayloadDocument } from '../../src/model/payload.ts';
import { PROFILES } from '../../src/model/profile.ts';
import { packageRoot } from '../../src/schema/package-root.ts';
import { validate } from '../../src/schema/validate.ts';
import type { ChosenPayload } from '../../src/try/choose-payload.ts';
import { choosePayload, writesSeals } from '../../src/try/choose-payload.ts';
import { initramfs } from '../../src/try/initramfs.ts';
import { payloadLines } from '../../src/try/payload-lines.ts';
import type { Kernel } from '../../src/verdict/kernel.ts';
import { kernelOf } from '../../src/verdict/kernel.ts';
import { judgePair } from '../../src/verdict/pair.ts';
import { shipped } from '../support/shipped.ts';

const folder = mkdtempSync(join(tmpdir(), 'luo-abi-payload-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function kernel(release: string): Kernel {
  const read = readKernelFile(join(packageRoot(), `versions/${release}.json`));
  assert.ok('capture' in read);
  return kernelOf(read.capture);
}

function chosen(outgoing: Kernel, incoming: Kernel, name = 'memfd'): ChosenPayload {
  const profile = PROFILES.find((candidate) => candidate.name === name);
  assert.ok(profile);
  const question = { outgoing, incoming, profile, target: 'x86_64-4k' } as const;
  const pair = judgePair({ ...question, errata: [], reviews: shipped().reviews });
  return choosePayload({ ...question, pair });
}

const many = ({ payload }: ChosenPayload): number =>
  payload.sessions.find(({ name }) => name === 'many')?.files.length ?? 0;

test('more files than two blocks hold, more sessions than one, a file beyond a bitmap, and every kind of file', () => {
  const choice = chosen(kernel('7.2.12'), kernel('7.3.4'));
  validate('payload', choice.payload, 'payload');
  const { sessions } = choice.payload;
  assert.ok(many(choice) > 2 * 63);
  assert.ok(sessions.length > 51);
  assert.ok(sessions.some(({ files }) => files.length === 0));
  const files = sessions.flatMap((session) => session.files);
  assert.ok(files.some(({ size }) => size > 128 << 20));
  assert.ok(files.some(({ size }) => size === 0));
  assert.ok(files.some(({ hole }) => hole !== undefined));
  assert.ok(files.some(({ seals = [] }) => seals.length === 5));
  assert.ok(files.some(({ position = 0, size }) => position > size));
});

test('a block of another size moves the number of files beyond the borders of both', () => {
  const plain = kernel('7.3.4');
  const larger = structuredClone({ ...plain, components: Object.fromEntries(plain.components) });
  const block = larger.components['kho-block'];
  assert.ok(block?.facts.constants.KHO_BLOCK_SIZE);
  block.facts.constants.KHO_BLOCK_SIZE.value = { all: 16384 };
  const changed: Kernel = {
    ...plain,
    release: '7.3.4+larger',
    components: new Map(Object.entries(larger.components)),
  };
  for (const [outgoing, incoming] of [
    [plain, changed],
    [changed, plain],
  ] as const) {
    const choice = chosen(outgoing, incoming);
    assert.ok(many(choice) > 2 * 255, String(many(choice)));
    assert.ok(choice.payload.sessions.length < 51);
    assert.ok(
      choice.because.some((text) => /^kho-block differs in KHO_BLOCK_SIZE/.test(text)),
      choice.because.join(),
    );
  }
});

test('where it may differ which pages are preserved, a file needs more than two bitmaps of either kernel', () => {
  const plain = kernel('7.3.4');
  const [larger, unknown] = [plain, plain].map(({ components }) => structuredClone(components));
  const bitmap = larger?.get('kho')?.facts.constants.KHO_BITMAP_SIZE_LOG2;
  const parsing = unknown?.get('kho')?.facts.structs;
  assert.ok(bitmap && larger && parsing && unknown);
  bitmap.value = { all: 16 };
  for (const name of Object.keys(parsing)) delete parsing[name];
  const size = (outgoing: Kernel, incoming: Kernel): number =>
    Math.max(
      ...chosen(outgoing, incoming).payload.sessions.flatMap(({ files }) => files.map(({ size }) => size)),
    );
  const [changed, vague] = [larger, unknown].map(
    (components): Kernel => ({ ...plain, release: '7.3.4+x', components }),
  );
  assert.ok(changed && vague);
  assert.ok(size(plain, changed) > 512 << 20);
  assert.ok(size(changed, plain) > 512 << 20);
  assert.ok(size(plain, vague) > 256 << 20);
  assert.ok(size(plain, plain) > 128 << 20 && size(plain, plain) < 130 << 20);
});

test('a session that is an array gets no more files than it holds', () => {
  assert.ok(many(chosen(kernel('7.1.13'), kernel('7.3.4'))) <= 128);
});

test('the profile memory preserves regions and no session', () => {
  const { payload } = chosen(kernel('6.18.15'), kernel('6.19.11'), 'memory');
  assert.equal(payload.sessions.length, 0);
  assert.ok(payload.regions.some(({ size }) => size > 128 << 20));
});

test('memfd-v1 writes no seals, memfd-v2 does', () => {
  assert.equal(writesSeals(kernel('6.19.11'), 'x86_64-4k'), false);
  assert.equal(writesSeals(kernel('7.1.13'), 'x86_64-4k'), true);
});

test('the guest gets numbers: seals as bits, no seals as a file that cannot be sealed', () => {
  const text = payloadLines({
    $schema: 'payload.schema.json',
    schemaVersion: 1,
    sessions: [
      {
        name: 'a',
        files: [
          { token: '18446744073709551615', size: 5000, position: 7, seals: ['shrink', 'grow'], hole: 4 },
          { token: '2', size: 0 },
        ],
      },
    ],
    regions: [{ name: 'r', size: 4096 }],
  });
  assert.equal(
    text,
    'session a\nfile 18446744073709551615 5000 7 6 2 4\nfile 2 0 0 1 0 0\nplace r\noverwrite\nregion r\n',
  );
});

test('a token or a name twice, and a token beyond 64 bits, are refused', () => {
  const base = { $schema: 'payload.schema.json', schemaVersion: 1, regions: [] };
  const session = (name: string, ...tokens: string[]) => ({
    name,
    files: tokens.map((token) => ({ token, size: 1 })),
  });
  const bad: PayloadDocument[] = [
    { ...base, sessions: [session('a'), session('a')] },
    { ...base, sessions: [session('a', '1', '1')] },
    { ...base, sessions: [session('a', '18446744073709551616')] },
  ];
  for (const payload of bad) {
    assert.throws(
      () => payloadLines(payload),
      (error: ToolError) => error.code === 'DOCUMENT_INVALID',
    );
  }
});

test('equal contents make equal archives, which cpio reads back', (context) => {
  if (spawnSync('cpio', ['--version']).error) return context.skip('no cpio');
  const next = [
    { image: Buffer.from('image of B'), commandLine: 'try.hop=1' },
    { image: Buffer.from('image of C!'), commandLine: 'try.hop=2' },
  ];
  const archive = initramfs(Buffer.from('program'), 'session a\n', next);
  assert.ok(archive.equals(initramfs(Buffer.from('program'), 'session a\n', next)));
  const unpack = (input: Uint8Array, name: string): string => {
    const where = join(folder, name);
    const options = ['-idm', '--quiet', '--no-absolute-filenames', '-D', where, '--no-preserve-owner'];
    spawnSync('mkdir', [where]);
    const { status, stderr } = spawnSync('cpio', [...options, 'init', 'payload', 'next/*', 'sys'], { input });
    assert.equal(status, 0, String(stderr));
    return where;
  };
  const outer = unpack(archive, 'outer');
  assert.equal(readFileSync(join(outer, 'init'), 'utf8'), 'program');
  assert.equal(readFileSync(join(outer, 'payload'), 'utf8'), 'session a\n');
  assert.equal(readFileSync(join(outer, 'next/kernel'), 'utf8'), 'image of B');
  assert.equal(readFileSync(join(outer, 'next/cmdline'), 'utf8'), 'try.hop=1');
  const inner = unpack(readFileSync(join(outer, 'next/initramfs')), 'inner');
  assert.equal(readFileSync(join(inner, 'next/kernel'), 'utf8'), 'image of C!');
  const list = spawnSync('cpio', ['-itv', '--quiet'], { input: archive, encoding: 'utf8' }).stdout;
  assert.match(list, /crw------- .* 5, +1 .*dev\/console/);
  assert.match(list, /-rwxr-xr-x .* init/);
});

test('an empty archive is its trailer', () => {
  const bytes = Buffer.concat(encodeCpio([]));
  assert.equal(bytes.length % 4, 0);
  assert.match(bytes.toString('latin1'), /^070701.*TRAILER!!!/);
});
