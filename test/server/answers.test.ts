import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { readShipped } from '../../src/catalog/read-content.ts';
import type { CommandDefinition, OptionValues } from '../../src/cli/command.ts';
import { command as check } from '../../src/cli/commands/check.ts';
import { command as list } from '../../src/cli/commands/list.ts';
import { command as matrix } from '../../src/cli/commands/matrix.ts';
import { command as route } from '../../src/cli/commands/route.ts';
import { PROFILES } from '../../src/model/profile.ts';
import { TARGETS } from '../../src/model/target.ts';
import { packageRoot } from '../../src/schema/package-root.ts';
import { validate } from '../../src/schema/validate.ts';
import { casesOf } from '../support/extent.ts';
import { shipped } from '../support/shipped.ts';
import { gathering, type Served, serve } from './support.ts';

// The API says what the commands print, to the byte.

const seed = Number(process.env.LUO_ABI_SEED ?? Date.now() % 2 ** 31);
const runs = casesOf(40);
let served: Served;

before(async () => {
  served = await serve(readShipped(join(packageRoot(), 'versions'), join(packageRoot(), 'no-such-folder')));
});
after(() => served.close());

async function printed(command: CommandDefinition, args: string[], options: OptionValues): Promise<string> {
  const { io, printed } = gathering();
  await command.run(args, { ...options, format: ['json'], catalog: served.path }, io);
  return printed();
}

async function got(address: string, query: Readonly<Record<string, string>> = {}): Promise<string> {
  const { statusCode, payload } = await served.app.inject({ url: address, query });
  assert.equal(statusCode, 200, payload);
  return payload;
}

test('/api/check is what check prints, for any pair', async () => {
  const releases = served.catalog.kernels().map(({ release }) => release);
  const name = fc.constantFrom(...releases);
  const profile = fc.constantFrom(...PROFILES.map((each) => each.name));
  const pair = fc.oneof(
    { weight: 8, arbitrary: fc.tuple(name, name) },
    name.map((release) => [release, release] as const),
  );
  const question = fc.record({
    pair,
    profile,
    target: fc.constantFrom(...TARGETS),
    both: fc.boolean(),
  });
  console.log(`seed ${seed}`);
  await fc.assert(
    fc.asyncProperty(question, async ({ pair: [from, to], profile, target, both }) => {
      const covered = [from, to].every((release) =>
        served.catalog.kernel(release)?.targets?.includes(target),
      );
      fc.pre(covered);
      const answer = await got('/api/check', { from, to, profile, target, both: String(both) });
      assert.equal(answer, await printed(check, [from, to], { profile, target, both, failOn: 'never' }));
    }),
    { seed, numRuns: runs },
  );
});

test('kernels that say the same share an answer, each under its own name; tested pairs have their records', async () => {
  for (const [from, to] of [
    ['7.2.8', '7.2.9'],
    ['7.2.9', '7.2.11'],
    ['7.2.11', '7.2.8'],
    ['6.17.8', '6.18.15'],
    ['7.2.12', '7.2.12'],
  ] as const) {
    const answer = await got('/api/check', { from, to, profile: 'memory' });
    assert.equal(answer, await printed(check, [from, to], { profile: 'memory', failOn: 'never' }));
    validate('check', JSON.parse(answer), 'check');
  }
  const tested = JSON.parse(await got('/api/check', { from: '6.17.8', to: '6.18.15', profile: 'memory' }));
  assert.equal(tested.evidence.agreement, 'agrees');
});

test('a kernel that reads what another wrote by its name is not taken for one like it', async () => {
  const own = JSON.parse(readFileSync(join(packageRoot(), 'test/matrix/fixtures/7.3.4+acme1.json'), 'utf8'));
  const { documents, ...rest } = shipped();
  const few = documents.filter(({ release }) => /^(?:6\.18\.|7\.3\.4$)/.test(release));
  const other = await serve({ ...rest, documents: few, overlays: [own] });
  try {
    for (const from of other.catalog.kernels().map(({ release }) => release)) {
      const question = { from, to: '7.3.4+acme1', profile: 'memory', both: 'true' };
      const { payload } = await other.app.inject({ url: '/api/check', query: question });
      const { io, printed } = gathering();
      const options = {
        profile: 'memory',
        both: true,
        failOn: 'never',
        format: ['json'],
        catalog: other.path,
      };
      await check.run([from, '7.3.4+acme1'], options, io);
      assert.equal(payload, printed());
    }
  } finally {
    await other.close();
  }
});

test('/api/releases, /api/matrix and /api/route are what list, matrix and route print', async () => {
  const releases = await got('/api/releases');
  assert.equal(releases, await printed(list, [], {}));
  validate('list', JSON.parse(releases), 'list');
  const pairs = await got('/api/matrix', { profile: 'pci', class: 'main+1' });
  const options = { profile: 'pci', class: 'main+1', failOn: 'never' };
  assert.equal(pairs, await printed(matrix, [], options));
  const first = await got('/api/matrix', { releases: '>=7.1' });
  assert.equal(first, await printed(matrix, [], { releases: '>=7.1', failOn: 'never' }));
  validate('matrices', JSON.parse(first), 'matrices');
  const way = await got('/api/route', { from: '6.18.5', to: '7.3', profile: 'memory', rollback: 'true' });
  assert.equal(way, await printed(route, ['6.18.5', '7.3'], { profile: 'memory', rollback: true }));
  validate('route', JSON.parse(way), 'route');
});

test('/api/structs tells the forms of a struct over the kernels, each kernel once', async () => {
  const history = JSON.parse(await got('/api/structs/memfd_luo_ser'));
  validate('struct-history', history, 'struct-history');
  const [{ id, forms }] = history.components;
  assert.equal(id, 'memfd');
  const releases: string[] = forms.flatMap((form: { releases: string[] }) => form.releases);
  assert.equal(new Set(releases).size, releases.length);
  const sizes = ['6.19.11', '7.3.4'].map(
    (release) => forms.find((form: { releases: string[] }) => form.releases.includes(release)).layout.size,
  );
  assert.notEqual(sizes[0], sizes[1]);
});
