import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { spelled } from '../../src/cli/spelled.ts';
import * as library from '../../src/index.ts';
import { hostWith } from '../support/preflight.ts';
import { runCli } from '../support/run-cli.ts';

// What a question takes is named in its own words by the library, and as an option by the command line.

const folder = mkdtempSync(join(tmpdir(), 'luo-abi-spelled-'));
const path = join(folder, 'catalog.sqlite');
const catalog = await library.openCatalog({ cache: path, evidence: join(folder, 'evidence') });
const devices = join(folder, 'state.json');
writeFileSync(devices, '[]');
const series = join(folder, 'series.mbox');
writeFileSync(
  series,
  'From 0123456789 Mon Sep 17 00:00:00 2001\nFrom: A <a@example.org>\nSubject: [PATCH] x\n\n---\ndiff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n',
);
const root = hostWith('7.2.12', {});
after(() => {
  catalog.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Case {
  ask(): unknown;
  argv: readonly string[];
  library: string;
  option: string;
}

const CASES: Readonly<Record<string, Case>> = {
  'a range without a release': {
    ask: () => library.matrix({ catalog, releases: '>=99' }),
    argv: ['matrix', '--profile', 'carried', '--releases', '>=99', '--catalog', path],
    library: '`releases` >=99: no known release',
    option: '--releases >=99: no known release',
  },
  'a range that is none': {
    ask: () => library.reach('7.3.4', { catalog, releases: 'latest' }),
    argv: ['reach', '7.3.4', '--releases', 'latest', '--catalog', path],
    library: '`releases` latest: not a range',
    option: '--releases latest: not a range',
  },
  'devices of a profile without any': {
    ask: () => library.check('7.2.12', '7.3.4', { catalog, profile: 'memfd', devices: [] }),
    argv: ['check', '7.2.12', '7.3.4', '--profile', 'memfd', '--state', devices, '--catalog', path],
    library: '`devices` names PCI devices',
    option: '--state names PCI devices',
  },
  'a series without a base': {
    ask: () => library.capture(series).catch(() => library.captureKernels([series])),
    argv: ['capture', series],
    library: 'applies to with `on`',
    option: 'applies to with --on',
  },
  'no staged kernel': {
    ask: () => library.preflight({ catalog, root }),
    argv: ['preflight', '--root', root, '--catalog', path],
    library: 'name one with `staged`',
    option: 'name one with --staged',
  },
};

for (const [name, { ask, argv, library: own, option }] of Object.entries(CASES)) {
  test(`${name}: each door has its own words`, async () => {
    await assert.rejects(
      async () => ask(),
      (error: Error) => error.message.includes(own),
    );
    const { stderr } = await runCli(argv);
    assert.ok(stderr.includes(option), stderr);
  });
}

test('what else stands in backticks stays as it is', () => {
  assert.equal(spelled('`release` `toString` `a b` `Release`'), '--release `toString` `a b` `Release`');
});
