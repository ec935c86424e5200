import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { buildCatalog } from '../../src/catalog/build.ts';
import { Catalog } from '../../src/catalog/catalog.ts';
import type { CaptureDocument } from '../../src/model/capture.ts';
import type { ComponentState } from '../../src/model/component-state.ts';
import { createServer } from '../../src/server/server.ts';
import { IS_WHOLE } from '../support/extent.ts';
import { contentWith, manyKernels } from '../support/many-kernels.ts';
import { runCli } from '../support/run-cli.ts';

// A catalog of more kernels than are held against each other, each with a marker of its own: what compares all of them is
// refused before a pair is judged; what looks at one pair, or only lists, is answered.

const KERNELS = 3001;
const folder = mkdtempSync(join(tmpdir(), 'luo-abi-too-many-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const path = join(folder, 'apart.sqlite');
const fleet = join(folder, 'fleet.csv');
const releases = manyKernels(KERNELS).map(({ release }) => release);
const [from = '', to = ''] = releases.slice(-2);

/** Nothing but KHO, which says its marker and no more: the catalog stays small. */
function apart(document: CaptureDocument, at: number): CaptureDocument {
  const { kho } = document.components;
  const marker = kho?.marker ?? assert.fail('an original without KHO');
  const value = `kho-v${1000 + at}`;
  const own = { ...kho, marker: { ...marker, writes: value, accepts: [{ value }] } };
  const bare = { ...own, structs: {}, constants: {}, code: [], checks: [], places: {} };
  return { ...document, components: { kho: bare as ComponentState } };
}

const policy = (pairs: string, more = ''): string => {
  const file = join(folder, `policy-${pairs.length}-${more.length}.yaml`);
  writeFileSync(
    file,
    `schemaVersion: 1\nkernels:\n  ranges: [">=6.16"]\npairs:\n${pairs}\nprofiles: [memory]\n${more}`,
  );
  return file;
};
const TARGETS = 'targets: [x86_64-4k, arm64-4k, arm64-16k, arm64-64k]\n';
const EVERY_RELEASE = '  classes: [main+1, stable+2]\n  allReleases: true';

const ways = ['--profile', 'memory', '--catalog', path];
const ASKED: readonly [what: string, args: () => string[], says: RegExp | undefined][] = [
  ['matrix', () => ['matrix', ...ways], /3001 kernels .*--releases/],
  ['route', () => ['route', from, to, ...ways], /3001 kernels .*--releases/],
  ['reach', () => ['reach', from, ...ways], /3001 kernels .*--releases/],
  ['plan', () => ['plan', '--fleet', fleet, '--to', to, ...ways], /3001 kernels .*--releases/],
  ['route of a range', () => ['route', from, to, ...ways, '--releases', `${from} || ${to}`], undefined],
  [
    'a gate over every release of each series',
    () => ['gate', '--policy', policy(EVERY_RELEASE, TARGETS), '--catalog', path],
    /the policy asks for \d+ checks, .*pairs\.allReleases/,
  ],
  [
    'a gate over ranges against each other',
    () => [
      'gate',
      '--policy',
      policy("  named: [{ outgoing: '>=6.16', incoming: '>=6.16' }]"),
      '--catalog',
      path,
    ],
    /the policy asks for 9006001 checks/,
  ],
  [
    'a gate over the newest of each series',
    () => ['gate', '--policy', policy('  classes: [main+1]'), '--catalog', path],
    undefined,
  ],
  ['check', () => ['check', from, to, ...ways], undefined],
  // A name for each kernel, and nothing compared: as long as the list.
  ['completion', () => ['completion', 'releases', '--catalog', path], undefined],
  ['list', () => ['list', '--catalog', path], undefined],
];

const skip = IS_WHOLE ? false : 'npm run test:tables makes the catalog and asks';

describe('of more kernels than are held against each other', { skip }, () => {
  before(() => {
    buildCatalog(path, contentWith(manyKernels(KERNELS).map(apart)));
    writeFileSync(fleet, `name,release\none,${from}\n`);
  });

  for (const [what, args, says] of ASKED) {
    test(`${what} is ${says ? 'refused' : 'answered'}`, async () => {
      const { status, stdout, stderr } = await runCli(args());
      if (!says) {
        assert.ok(status < 2, stderr);
        return;
      }
      assert.equal(status, 2, stderr);
      assert.equal(stdout, '');
      assert.match(stderr, new RegExp(`TOO_MANY: ${says.source}`));
      assert.equal(stderr.trimEnd().split('\n').length, 1);
    });
  }

  test('a check says how to look for hops, and looks for none itself', async () => {
    const { stdout } = await runCli(['check', from, to, ...ways]);
    assert.match(stdout, /Or look for hops \(luo-abi route /);
  });

  const ADDRESSES: readonly [url: string, code: string | undefined][] = [
    ['/', 'TOO_MANY'],
    [`/api/route?from=${from}&to=${to}&profile=memory`, 'TOO_MANY'],
    ['/api/matrix?profile=memory', 'USAGE'],
    [`/api/check?from=${from}&to=${to}&profile=memory`, undefined],
    ['/api/releases', undefined],
  ];
  for (const [url, code] of ADDRESSES) {
    test(`serve ${url.split('?')[0]} is ${code ?? 'answered'}`, async () => {
      const catalog = Catalog.open(path);
      const app = await createServer({ catalog });
      try {
        const { statusCode, payload } = await app.inject({ url });
        if (code === undefined) assert.equal(statusCode, 200, payload.slice(0, 300));
        else assert.match(payload, new RegExp(code), `${statusCode} ${payload.slice(0, 300)}`);
      } finally {
        await app.close();
        catalog.close();
      }
    });
  }
});
