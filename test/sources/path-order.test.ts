import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { PathOrder } from '../../src/sources/path-order.ts';
import { propertyRuns } from '../formats/property.ts';

const ORDERS = {
  'git archive': ['t/', 't/a.c', 't/a/', 't/a/b', 't/b'],
  'find and sort': ['t/', 't/a/', 't/a.c', 't/a/b', 't/b'],
  'tar --sort=name': ['t/', 't/a/', 't/a/b', 't/a.c', 't/b'],
};

/** Enough sorted paths that an order is believed in; all sort before the rest. */
const LEAD = Array.from({ length: 80 }, (_, index) => `!${String(index).padStart(2, '0')}`);

function follow(paths: readonly string[]): PathOrder {
  const order = new PathOrder();
  for (const path of paths) order.add(path);
  return order;
}

for (const [name, paths] of Object.entries(ORDERS)) {
  test(`knows the order of ${name}`, () => {
    assert.equal(follow(paths).isSorted, true);
  });

  test(`in the order of ${name}, what is behind a folder is known only behind its last file`, () => {
    const order = follow(LEAD);
    const behind = paths.filter((path) => {
      order.add(path);
      return order.isBehind(path, ['t/a/']);
    });
    const last = paths.indexOf('t/a/b');
    assert.ok(behind.every((path) => paths.indexOf(path) > last));
    assert.ok(behind.includes('t/b'));
  });
}

test('in no order at all nothing is ever behind', () => {
  const order = follow(['t/z', 't/a', 't/m']);
  assert.equal(order.isSorted, false);
  assert.equal(order.isBehind('t/z', ['t/a']), false);
});

test('few paths in order prove nothing', () => {
  assert.equal(follow(['t/', 't/x']).isBehind('t/x', ['t/a']), false);
});

test('a prefix can be held between paths around it, and only there', () => {
  const order = follow(['t/']);
  assert.equal(order.canHold('t/a', 't/c', ['t/b/']), true);
  assert.equal(order.canHold('t/b/x', 't/c', ['t/b/']), true);
  assert.equal(order.canHold('t/a', 't/b/x', ['t/b/']), true);
  assert.equal(order.canHold('t/a', undefined, ['t/b/']), true);
  assert.equal(order.canHold('t/c', 't/d', ['t/b/']), false);
  assert.equal(order.canHold('t/a', 't/a/b', ['t/b/']), false);
});

test('a sorted list is never left before its last wanted path', () => {
  const part = fc.constantFrom('a', 'b', 'a.c', 'a-b', 'b0');
  const path = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
  const property = fc.property(fc.uniqueArray(path), path, (paths, prefix) => {
    for (const sorted of [bytewise(paths), folderwise(paths)]) {
      const order = follow(LEAD);
      const stop = sorted.findIndex((one) => {
        order.add(one);
        return order.isBehind(one, [prefix]);
      });
      if (stop === -1) continue;
      assert.ok(sorted.slice(stop).every((one) => !one.startsWith(prefix)));
    }
  });
  fc.assert(property, propertyRuns('path order', 300));
});

function bytewise(paths: readonly string[]): string[] {
  return [...paths].sort();
}

function folderwise(paths: readonly string[]): string[] {
  const key = (path: string) => path.replaceAll('/', '\0');
  return [...paths].sort((one, other) => (key(one) < key(other) ? -1 : 1));
}
