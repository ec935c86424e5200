import assert from 'node:assert/strict';
import { createServer as createPlain } from 'node:net';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { Catalog } from '../../src/catalog/catalog.ts';
import { validate } from '../../src/schema/validate.ts';
import { createServer, listen } from '../../src/server/server.ts';
import { casesOf } from '../support/extent.ts';
import { shipped } from '../support/shipped.ts';
import { type Served, serve } from './support.ts';

let served: Served;

before(async () => {
  const { documents, ...rest } = shipped();
  const few = documents.filter(({ release }) => /^(?:6\.19\.11|7\.0|7\.2\.1[23]|7\.3\.4)$/.test(release));
  served = await serve({ ...rest, documents: few, overlays: [] });
});
after(() => served.close());

async function problem(url: string, status: number, pattern: RegExp) {
  const response = await served.app.inject({ url });
  assert.equal(response.statusCode, status, `${url}: ${response.payload}`);
  const body = response.json();
  validate('http-problem', body, url);
  assert.match(body.message, pattern, url);
  assert.ok(!body.message.includes('\n'));
  return body;
}

test('bad parameters get 400 with the reason', async () => {
  await problem('/api/check?from=7.0', 400, /query: must have required property 'to'/);
  await problem('/api/check?from=7.0&to=7.3.4&what=1', 400, /no parameter "what" is known/);
  await problem(
    '/api/check?from=7.0&to=7.3.4&profile=x',
    400,
    /profile .*: carried, memory, memfd, pci, vm$/,
  );
  await problem('/api/check?from=7.0&to=7.3.4&profile=/etc/passwd.json', 400, /profile/);
  await problem('/api/check?from=7.0&to=7.3.4&target=s390', 400, /target .*: x86_64-4k/);
  await problem('/api/check?from=7.0&to=7.3.4&both=perhaps', 400, /both must be boolean/);
  await problem('/api/check?from=7.0&from=7.1&to=7.3.4', 400, /from must be string/);
  await problem(`/api/check?from=${'7'.repeat(129)}&to=7.3.4`, 400, /from must NOT have more than 128/);
  await problem('/api/check?from=&to=7.3.4', 400, /from must NOT have fewer/);
  await problem('/api/check?from=7&to=7.3.4', 400, /may mean/);
  await problem('/api/matrix?releases=not-a-range', 400, /not-a-range/);
  await problem('/api/matrix?class=main', 400, /class .*main\+1/);
  await problem('/api/route?from=7.0&to=7.3.4&maxHops=0', 400, /maxHops/);
  await problem('/api/releases?x=1', 400, /no parameter "x"/);
  await problem('/api/check?from=%ff&to=7.0', 404, /no such release/);
  await problem(`/api/check?from=${'%20'.repeat(700)}`, 414, /longer than 2048/);
  await problem('/api/structs/%', 400, /./);
});

test('names that are not known get 404 with the nearest; no name reaches a file', async () => {
  const { code, nearest } = await problem('/api/check?from=7.2.14&to=7.0', 404, /7\.2\.14: no such release/);
  assert.equal(code, 'RELEASE_UNKNOWN');
  assert.ok(nearest.includes('7.2.12'));
  await problem('/api/route?from=7.0&to=9.9', 404, /9\.9/);
  await problem('/api/matrix?releases=>=99', 404, /no known release/);
  assert.deepEqual((await problem('/api/structs/luo_se', 404, /luo_se/)).nearest, ['luo_ser']);
  await problem('/api/structs/__proto__', 404, /__proto__/);
  for (const path of ['package.json', '/etc/passwd', 'host', '.#HEAD', '../versions']) {
    const name = encodeURIComponent(path);
    await problem(`/api/check?from=${name}&to=7.0`, 404, /no such release/);
    await problem(`/api/route?from=${name}&to=7.0`, 404, /no such release/);
  }
  await problem('/nothing', 404, /openapi\.json/);
});

test('a series means its newest; a plus that became a space is read as it was meant', async () => {
  const pair = (await served.app.inject('/api/check?from=7.2&to=7.3&profile=memfd')).json();
  assert.deepEqual([pair.outgoing, pair.incoming], ['7.2.13', '7.3.4']);
  await problem('/api/check?from=7.3.4+acme&to=7.0', 404, /7\.3\.4\+acme: no such release/);
  assert.equal((await served.app.inject('/api/matrix?profile=memory&class=main+1')).statusCode, 200);
});

test('no address makes the server fail', async () => {
  const seed = Number(process.env.LUO_ABI_SEED ?? Date.now() % 2 ** 31);
  console.log(`seed ${seed}`);
  const paths = [
    '/api/check',
    '/api/matrix',
    '/api/route',
    '/api/badge',
    '/api/structs/x',
    '/badge/7.0/7.3.4',
  ];
  const names = [
    'from',
    'to',
    'profile',
    'target',
    'both',
    'releases',
    'class',
    'maxHops',
    'vendors',
    '__proto__',
  ];
  const values = fc.oneof(
    fc.constantFrom(
      '7.0',
      '7.3.4',
      '7.2',
      'memory',
      'vm',
      'arm64-16k',
      'true',
      '-1',
      '*',
      '>=7',
      'x||y',
      '%',
      '%00',
    ),
    fc.string({ unit: 'binary', maxLength: 12 }).map(encodeURIComponentSafely),
  );
  const query = fc.array(fc.tuple(fc.constantFrom(...names), values), { maxLength: 4 });
  const any = fc.tuple(fc.constantFrom(...paths), query).map(([path, parameters]) => {
    return `${path}?${parameters.map(([name, value]) => `${name}=${value}`).join('&')}`;
  });
  const odd = fc.webPath().map((path) => `/api${path}`);
  await fc.assert(
    fc.asyncProperty(fc.oneof({ weight: 4, arbitrary: any }, odd), async (url) => {
      const { statusCode, payload } = await served.app.inject({ url });
      assert.ok([200, 400, 404, 414].includes(statusCode), `${url}: ${statusCode} ${payload.slice(0, 200)}`);
    }),
    { seed, numRuns: casesOf(300) },
  );
});

function encodeURIComponentSafely(text: string): string {
  return /\p{Surrogate}/u.test(text) ? '%ed%a0%80' : encodeURIComponent(text);
}

test('everything is read only', async () => {
  for (const method of ['POST', 'PUT', 'DELETE', 'PATCH'] as const) {
    const { statusCode, headers, payload } = await served.app.inject({ method, url: '/api/releases' });
    assert.equal(statusCode, 405, payload);
    assert.equal(headers.allow, 'GET, HEAD');
  }
  assert.equal((await served.app.inject({ method: 'HEAD', url: '/api/releases' })).statusCode, 200);
});

test('an ETag of an answer gets 304 and no body; one of a problem does not', async () => {
  const url = '/api/check?from=7.2.12&to=7.3.4';
  const { headers } = await served.app.inject({ url });
  const again = await served.app.inject({ url, headers: { 'if-none-match': String(headers.etag) } });
  assert.deepEqual([again.statusCode, again.payload], [304, '']);
  const other = await served.app.inject({
    url: `${url}&both=true`,
    headers: { 'if-none-match': String(headers.etag) },
  });
  assert.equal(other.statusCode, 200);
  const bad = await served.app.inject({ url: '/api/check?from=1&to=2' });
  const badAgain = await served.app.inject({
    url: '/api/check?from=1&to=2',
    headers: { 'if-none-match': String(bad.headers.etag) },
  });
  assert.equal(badAgain.statusCode, 404);
});

test('If-None-Match takes a list, and * for whatever there is', async () => {
  const url = '/api/releases';
  const own = String((await served.app.inject({ url })).headers.etag);
  for (const held of ['*', ` * `, `"other", W/${own}`]) {
    const { statusCode, payload, headers } = await served.app.inject({
      url,
      headers: { 'if-none-match': held },
    });
    assert.deepEqual([statusCode, payload, headers.etag], [304, '', own], held);
  }
  for (const [address, status] of [
    [url, 200],
    ['/nothing', 404],
  ] as const) {
    const held = status === 200 ? '"other"' : '*';
    const answer = await served.app.inject({ url: address, headers: { 'if-none-match': held } });
    assert.equal(answer.statusCode, status);
    assert.notEqual(answer.payload, '');
  }
});

test('no answer may be read across origins, sniffed, or run what it did not come with', async () => {
  for (const url of ['/', '/api/releases', '/healthz', '/openapi.json', '/badge/7.0/7.3.4.svg', '/nothing']) {
    const { headers } = await served.app.inject({ url, headers: { origin: 'https://elsewhere.example' } });
    assert.equal(headers['access-control-allow-origin'], undefined, url);
    assert.equal(headers['x-content-type-options'], 'nosniff', url);
    const policy = String(headers['content-security-policy']);
    assert.match(policy, /default-src 'none'/, url);
    assert.ok(!/script-src[^;]*unsafe/.test(policy), url);
  }
});

test('health, with the stamp of the catalog', async () => {
  const health = (await served.app.inject('/healthz')).json();
  validate('health', health, 'health');
  assert.deepEqual([health.status, health.kernels, health.catalog], ['ok', 5, served.catalog.stamp()]);
});

test('badges are images that say the verdict, also where there is none', async () => {
  const { headers, payload } = await served.app.inject('/badge/7.2.12/7.3.4.svg?profile=memfd');
  assert.match(String(headers['content-type']), /^image\/svg\+xml/);
  assert.match(payload, /<title>memfd: 7\.2\.12 → 7\.3\.4: = compatible<\/title>/);
  const same = await served.app.inject('/api/badge?from=7.2.12&to=7.3.4&profile=memfd');
  assert.equal(same.payload, payload);
  const unknown = await served.app.inject('/badge/1.2/7.3.4.svg');
  assert.equal(unknown.statusCode, 404);
  assert.match(unknown.payload, /unknown release/);
});

test('an empty catalog has a page that says what to do, and an API', async () => {
  const empty = await serve({ ...shipped(), documents: [], overlays: [] });
  try {
    assert.deepEqual((await empty.app.inject('/api/releases')).json(), { releases: [] });
    assert.equal((await empty.app.inject('/api/matrix')).statusCode, 404);
    assert.equal((await empty.app.inject('/api/check?from=7.0&to=7.1')).statusCode, 404);
    assert.equal((await empty.app.inject('/')).statusCode, 200);
  } finally {
    await empty.close();
  }
});

test('a port in use is PORT_IN_USE, a foreign address HOST_UNUSABLE', async () => {
  const plain = createPlain();
  await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
  const { port } = plain.address() as { port: number };
  const catalog = Catalog.open(served.path);
  try {
    const app = await createServer({ catalog });
    await assert.rejects(listen(app, { host: '127.0.0.1', port }), { code: 'PORT_IN_USE', exitCode: 3 });
    await app.close();
    const other = await createServer({ catalog });
    await assert.rejects(listen(other, { host: '192.0.2.1', port: 0 }), { code: 'HOST_UNUSABLE' });
    await other.close();
  } finally {
    catalog.close();
    plain.close();
  }
});
