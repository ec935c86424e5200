import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import satisfies from 'semver/functions/satisfies.js';
import minVersion from 'semver/ranges/min-version.js';
import { packageRoot } from '../../src/schema/package-root.ts';

// Whoever installs gets no warning: every package takes the oldest Node that package.json names, and none of that rests on
// what npm takes from the top project alone.

interface Locked {
  version?: string;
  engines?: { node?: string };
}

function readJson(name: string): Record<string, unknown> {
  return JSON.parse(readFileSync(join(packageRoot(), name), 'utf8'));
}

const manifest = readJson('package.json') as { engines: { node: string }; overrides?: unknown };
const { packages } = readJson('package-lock.json') as { packages: Record<string, Locked> };
const oldest = minVersion(manifest.engines.node)?.version ?? '';

test(`every package of the lock file takes Node ${oldest}`, () => {
  const refusing = Object.entries(packages).flatMap(([path, { version, engines }]) =>
    engines?.node !== undefined && !satisfies(oldest, engines.node)
      ? [`${path} ${version}: ${engines.node}`]
      : [],
  );
  assert.deepEqual(refusing, []);
  assert.equal(packages['']?.engines?.node, manifest.engines.node);
});

test('no override: npm does not tell it to whoever installs the package', () => {
  assert.equal(manifest.overrides, undefined);
});

test('README says what an install needs besides Node, and what to do without a network', () => {
  const readme = readFileSync(join(packageRoot(), 'README.md'), 'utf8');
  for (const word of ['Python 3', 'make', 'C++ compiler', 'docs/install.md'])
    assert.ok(readme.includes(word), word);
});
