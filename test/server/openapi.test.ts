import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Ajv } from 'ajv';
import { ADDRESSES } from '../../src/server/addresses.ts';
import { shipped } from '../support/shipped.ts';
import { type Served, serve } from './support.ts';

// The document against what OpenAPI 3.1 demands of one that other programs generate clients from.

interface Parameter {
  name: string;
  in: string;
  required?: boolean;
  schema: object;
}
interface Operation {
  summary: string;
  parameters?: Parameter[];
  responses: { [status: string]: { description: string; content?: { [media: string]: { schema: object } } } };
}
interface OpenApi {
  openapi: string;
  info: { title: string; version: string };
  paths: { [path: string]: { get: Operation } };
  components: { schemas: { [name: string]: object } };
}

let served: Served;
let document: OpenApi;

before(async () => {
  const { documents, ...rest } = shipped();
  served = await serve({
    ...rest,
    documents: documents.filter(({ release }) => /^7\.[03]/.test(release)),
    overlays: [],
  });
  document = (await served.app.inject('/openapi.json')).json();
});
after(() => served.close());

function refsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === '$ref' && typeof inner === 'string' ? [inner] : refsIn(inner),
  );
}

test('head, paths and names have the form that OpenAPI 3.1 demands', () => {
  assert.match(document.openapi, /^3\.1\.\d+$/);
  assert.ok(document.info.title && document.info.version);
  for (const name of Object.keys(document.components.schemas)) assert.match(name, /^[\w.-]+$/);
  const paths = [...ADDRESSES.keys()].map((path) => path.replace(/:(\w+)/g, '{$1}'));
  assert.deepEqual(Object.keys(document.paths), paths.sort());
});

test('every reference leads somewhere', () => {
  const refs = refsIn(document);
  assert.ok(refs.length > 0);
  for (const ref of refs) {
    const name = /^#\/components\/schemas\/([\w.-]+)$/.exec(ref)?.[1] ?? '';
    assert.ok(Object.hasOwn(document.components.schemas, name), ref);
  }
});

test('every operation declares its parameters, those of its path as required, and its answers', () => {
  for (const [path, { get }] of Object.entries(document.paths)) {
    assert.ok(get.summary, path);
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    const parameters = get.parameters ?? [];
    const declared = parameters.filter((each) => each.in === 'path');
    assert.deepEqual(declared.map(({ name }) => name).sort(), inPath.sort(), path);
    assert.ok(
      declared.every(({ required }) => required === true),
      path,
    );
    for (const parameter of parameters) {
      assert.ok(['path', 'query'].includes(parameter.in), path);
      assert.ok(parameter.schema, `${path} ${parameter.name}`);
    }
    for (const [status, { description }] of Object.entries(get.responses)) {
      assert.match(status, /^[1-5]\d\d$/);
      assert.ok(description, path);
    }
    assert.ok(get.responses['200']?.content, path);
  }
});

test('answers are what the document says', async () => {
  const ajv = new Ajv({ strict: false, allowUnionTypes: true });
  ajv.addSchema({ $id: 'api', components: document.components });
  const examples = {
    '/api/check': '/api/check?from=7.0&to=7.3.4',
    '/api/matrix': '/api/matrix?profile=memory',
    '/api/releases': '/api/releases',
    '/api/route': '/api/route?from=7.0&to=7.3.4',
    '/api/structs/{name}': '/api/structs/luo_ser',
    '/healthz': '/healthz',
  };
  for (const [path, url] of Object.entries(examples)) {
    const schema = document.paths[path]?.get.responses['200']?.content?.['application/json']?.schema;
    const text = JSON.stringify(schema).replaceAll('"#/', '"api#/');
    const valid = ajv.compile(JSON.parse(text));
    assert.ok(valid((await served.app.inject(url)).json()), `${path}: ${JSON.stringify(valid.errors?.[0])}`);
  }
});
