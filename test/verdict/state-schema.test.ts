import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Ajv } from 'ajv';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { buildCatalog } from '../../src/catalog/build.ts';
import { Catalog } from '../../src/catalog/catalog.ts';
import { MIGRATIONS } from '../../src/catalog/migrations.ts';
import { faultsIn } from '../../src/catalog/verify.ts';
import type { ContentSchema } from '../../src/model/state.ts';
import { flagsSchema, integerSchema, misfitOf } from '../../src/verdict/state-range.ts';
import { STATE_COMPONENTS, stateSchemas } from '../../src/verdict/state-schema.ts';
import { kernelDocument, kernelDocuments } from '../components/series-kernels.ts';
import { casesOf } from '../support/extent.ts';
import { shipped } from '../support/shipped.ts';

const folder = mkdtempSync(join(tmpdir(), 'luo-abi-state-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const seed = Number(process.env.LUO_ABI_SEED ?? Date.now() % 2 ** 31);
const numRuns = casesOf(200);
const settings: fc.Parameters<unknown> = { seed, numRuns };
console.log(`seed ${seed}`);

function schemaOf(release: string, component: string, struct: string): ContentSchema {
  const facts = kernelDocument(release).components[component];
  const schema = facts && stateSchemas(facts, 'x86_64-4k').get(struct);
  assert.ok(schema, `${release}: ${component} has no schema of ${struct}`);
  return schema;
}

function accepts(schema: ContentSchema, value: unknown): boolean {
  return new Ajv({ strict: true, allowUnionTypes: true }).validate(schema, value);
}

test('every layout of a described component has a schema, and each is a valid JSON Schema', () => {
  const seen = new Set<string>();
  for (const [release, { components }] of kernelDocuments()) {
    for (const id of STATE_COMPONENTS) {
      const state = components[id];
      if (!state) continue;
      const schemas = stateSchemas(state, 'x86_64-4k');
      assert.deepEqual([...schemas.keys()].sort(), Object.keys(state.structs).sort(), `${release} ${id}`);
      for (const schema of schemas.values()) {
        const text = JSON.stringify(schema);
        if (seen.has(text)) continue;
        seen.add(text);
        new Ajv({ strict: true }).compile(schema);
      }
    }
  }
  assert.ok(seen.size >= 20, `${seen.size} schemas`);
});

test('the record of a device: ranges by width, text without its NUL, bit-fields by theirs', () => {
  const v1 = schemaOf('6.19.11+pci-liveupdate-v1', 'pci', 'pci_dev_ser');
  assert.ok(accepts(v1, { domain: 65_535, bdf: 248 }));
  assert.ok(!accepts(v1, { domain: 65_536, bdf: 248 }));
  assert.ok(!accepts(v1, { domain: 0 }));
  assert.ok(!accepts(v1, { domain: 0, bdf: 248, refcount: 1 }));
  const rfc = schemaOf('6.19.11+pci-luo-rfc-patch07', 'pci', 'pci_dev_ser');
  assert.equal(rfc.properties?.driver_name?.maxLength, 62);
  const bits = schemaOf('6.19.11+pci-luo-rfc-patch12', 'pci', 'pci_dev_ser');
  assert.equal(bits.properties?.pme_poll?.maximum, 1);
});

test('arrays have their length, embedded structs their definition, flexible arrays no length', () => {
  const device = schemaOf('6.19.11+pci-luo-rfc-patch21', 'pci', 'pci_dev_ser');
  const { resource } = device.properties ?? {};
  assert.deepEqual([resource?.minItems, resource?.maxItems], [17, 17]);
  assert.deepEqual(resource?.items, { $ref: '#/definitions/pci_resource_ser' });
  assert.equal(device.definitions?.pci_resource_ser?.properties?.name?.maxLength, 63);
  const list = schemaOf('6.19.11+pci-liveupdate-v1', 'pci', 'pci_ser').properties?.devices;
  assert.deepEqual([list?.type, list?.maxItems], ['array', undefined]);
});

test('what reserved bytes hold need not be told', () => {
  const schema = schemaOf('7.1.13+iommu-v2', 'pci', 'pci_dev_ser');
  assert.deepEqual(schema.required, ['bdf', 'domain']);
});

test('memfd: 52 and 12 bits, and the flags that its kernel names', () => {
  const folio = schemaOf('7.3.4', 'memfd', 'memfd_luo_folio_ser').properties ?? {};
  assert.equal(folio.pfn?.maximum, 2 ** 52 - 1);
  assert.deepEqual([folio.flags?.minimum, folio.flags?.maximum], [0, 3]);
  assert.match(folio.flags?.description ?? '', /MEMFD_LUO_FOLIO_DIRTY 1, MEMFD_LUO_FOLIO_UPTODATE 2/);
  const file = schemaOf('7.3.4', 'memfd', 'memfd_luo_ser').properties ?? {};
  assert.equal(file.seals?.maximum, 63);
  assert.equal(file.folios?.type, 'object');
});

test('one bridge has one type', () => {
  const bus = schemaOf('6.19.11+pci-luo-rfc-patch22', 'pci', 'pci_bus_ser');
  assert.deepEqual(bus.properties?.bridge_type?.enum, [0, 1, 2]);
});

test('flags with a bit missing between them are listed as the sums that they make', () => {
  assert.deepEqual(flagsSchema([1, 4]), { type: 'integer', enum: [0, 1, 4, 5] });
  assert.deepEqual(flagsSchema([1, 2]), { type: 'integer', minimum: 0, maximum: 3 });
});

test('an integer schema takes exactly what its width holds, as a number or as decimal digits', () => {
  const width = fc.record({ bits: fc.integer({ min: 1, max: 128 }), signed: fc.boolean() });
  const property = fc.property(width, fc.bigInt({ min: -(2n ** 129n), max: 2n ** 129n }), (type, wide) => {
    const { bits, signed } = type;
    const schema = integerSchema(bits, signed);
    const most = 2n ** BigInt(signed ? bits - 1 : bits) - 1n;
    const least = signed ? -most - 1n : 0n;
    for (const value of [wide, most, most + 1n, least, least - 1n, wide % (most + 2n)]) {
      const isSafe = value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER);
      if (!isSafe && schema.type === 'integer') continue;
      const written = isSafe ? Number(value) : String(value);
      const isIn = value >= least && value <= most;
      assert.equal(misfitOf(written, schema) === undefined, isIn, `${value} in ${signed ? 's' : 'u'}${bits}`);
      assert.equal(accepts(schema, written), isIn, `${value} in ${signed ? 's' : 'u'}${bits}, by its schema`);
    }
  });
  fc.assert(property, { ...settings, numRuns: Math.ceil(numRuns / 4) });
});

test('the catalog gives back what the layouts give, for every kernel and target', () => {
  const path = join(folder, 'catalog.sqlite');
  buildCatalog(path, shipped());
  const catalog = Catalog.open(path);
  for (const [release, { components }] of kernelDocuments()) {
    for (const id of STATE_COMPONENTS) {
      for (const target of ['x86_64-4k', 'arm64-64k'] as const) {
        const state = components[id];
        const expected = state ? stateSchemas(state, target) : new Map();
        assert.deepEqual(catalog.stateSchemas(release, id, target), expected, `${release} ${id}`);
      }
    }
  }
  assert.deepEqual(catalog.stateSchemas('7.3.4', 'kho', 'x86_64-4k'), new Map());
  assert.deepEqual(catalog.stateSchemas('9.9', 'pci', 'x86_64-4k'), new Map());
  assert.deepEqual(faultsIn(catalog), []);
  catalog.close();
});

test('a schema that was changed is found', () => {
  const path = join(folder, 'changed.sqlite');
  buildCatalog(path, shipped());
  const db = new Database(path);
  db.exec(`UPDATE state_schema SET json = replace(json, '65535', '65536')`);
  db.close();
  const catalog = Catalog.open(path);
  assert.match(faultsIn(catalog).join('\n'), /schema of pci_dev_ser .*not what its layout gives/);
  catalog.close();
});

test('the third migration adds schemas to a catalog of version 2 and keeps what is in it', () => {
  const path = join(folder, 'second.sqlite');
  const db = new Database(path);
  for (const step of MIGRATIONS.slice(0, 2)) db.exec(step);
  db.exec(`INSERT INTO snapshot (id, hash, component, json) VALUES (1, 'h', 'pci', '{}');
           INSERT INTO layout VALUES ('l', '{}');
           INSERT INTO snapshot_layout VALUES (1, 'pci_ser', 'all', 'l');`);
  db.pragma('user_version = 2');
  db.close();
  const before = Catalog.open(path);
  assert.deepEqual(before.stateSchemas('7.3.4', 'pci', 'x86_64-4k'), new Map());
  before.close();
  const after = new Database(path);
  after.pragma('foreign_keys = ON');
  after.exec(MIGRATIONS[2] ?? '');
  const insert = after.prepare("INSERT INTO state_schema VALUES (1, ?, 'all', '{}')");
  insert.run('pci_ser');
  assert.throws(() => insert.run('no_such_struct'), /FOREIGN KEY/);
  assert.equal(after.prepare('SELECT count(*) FROM snapshot').pluck().get(), 1);
  after.close();
});
