import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { ToolError } from '../../src/errors.ts';
import { parsePatch } from '../../src/formats/patch.ts';
import { applyHunks, createApplyBudget } from '../../src/formats/patch-apply.ts';
import { gitDiff } from '../sources/patch-fixture.ts';
import { propertyRuns } from './property.ts';

const folder = mkdtempSync(join(tmpdir(), 'luo-abi-apply-'));
after(() => rmSync(folder, { recursive: true }));

/** The text after the diff of its one file; undefined where a hunk has no place. */
function applied(text: string, diff: string): string | undefined {
  const [file] = parsePatch(diff, 'a.patch');
  assert.ok(file);
  try {
    return applyHunks(text, file.hunks, { path: 'f', patch: 'a.patch', budget: createApplyBudget() });
  } catch (error) {
    assert.ok(error instanceof ToolError && error.code === 'HUNK_FAILED', String(error));
    return undefined;
  }
}

function appliedByGit(text: string, diff: string): string | undefined {
  writeFileSync(join(folder, 'f'), text);
  writeFileSync(join(folder, 'diff'), diff);
  const env = { ...process.env, GIT_CEILING_DIRECTORIES: tmpdir(), GIT_CONFIG_GLOBAL: '/dev/null' };
  const { status } = spawnSync('git', ['apply', '--whitespace=nowarn', 'diff'], { cwd: folder, env });
  return status === 0 ? readFileSync(join(folder, 'f'), 'utf8') : undefined;
}

// Few different lines, so that a hunk fits in more than one place.
const lines = fc.array(fc.constantFrom('a', 'b', 'c', '', '\tx', '-- ', '++ y'), {
  minLength: 1,
  maxLength: 24,
});
const ending = fc.constantFrom('\n', '');

test('hunks are placed where git apply places them, and refused where it refuses them', () => {
  const property = fc.property(
    lines,
    lines,
    fc.tuple(ending, ending),
    fc.array(fc.tuple(fc.nat(30), fc.constantFrom('a', 'b', 'new'), fc.nat(2)), { maxLength: 2 }),
    (kept, other, [end, otherEnd], drift) => {
      const before = kept.join('\n') + end;
      const [top, bottom] = [Math.floor(kept.length / 4), Math.floor(kept.length / 2)];
      const put = [
        kept.slice(0, top),
        other.slice(0, 2),
        kept.slice(top + 1, -bottom || kept.length),
        other.slice(2, 4),
      ];
      const changed = [...put.flat(), ...kept.slice(1 - bottom)].join('\n') + otherEnd;
      if (before === '' || changed === '' || before === changed) return;
      const diff = gitDiff({ f: before }, { f: changed });
      assert.equal(applied(before, diff), changed);
      // Where a line has no end git compares its beginning alone, and may join two lines; here it must be the last one.
      if (diff.includes('\\ No newline')) return;
      const drifted: string[] = [...kept];
      for (const [at, line, taken] of drift) drifted.splice(at % (drifted.length + 1), taken, line);
      const text = drifted.join('\n') + end;
      assert.equal(applied(text, diff), appliedByGit(text, diff));
    },
  );
  fc.assert(property, propertyRuns('hunks against git', 60));
});

test('git headers: created, deleted, renamed, copied, mode alone, binary', () => {
  const diff = `diff --git a/new.h b/new.h
new file mode 100644
index 000..111
--- /dev/null
+++ b/new.h
@@ -0,0 +1 @@
+int x;
diff --git a/empty.h b/empty.h
new file mode 100644
diff --git a/gone.h b/gone.h
deleted file mode 100644
--- a/gone.h
+++ /dev/null
@@ -1 +0,0 @@
-int x;
diff --git a/one name.h b/other.h
similarity index 100%
rename from one name.h
rename to other.h
diff --git a/x.h b/y.h
copy from x.h
copy to y.h
diff --git a/run.sh b/run.sh
old mode 100644
new mode 100755
diff --git a/p.bin b/p.bin
GIT binary patch
literal 3
Kcmd0000

diff --git plain.h plain.h
--- plain.h
+++ plain.h
@@ -1,2 +1,2 @@ struct x
 a

-b
--
2.51.0
`.replace(' a\n\n-b\n', ' a\n-b\n+\n');
  const seen = parsePatch(diff, 'x').map(({ kind, source, path, isBinary }) => [
    kind,
    source,
    path,
    isBinary,
  ]);
  assert.deepEqual(seen, [
    ['created', 'new.h', 'new.h', false],
    ['created', 'empty.h', 'empty.h', false],
    ['deleted', 'gone.h', 'gone.h', false],
    ['renamed', 'one name.h', 'other.h', false],
    ['copied', 'x.h', 'y.h', false],
    ['changed', 'run.sh', 'run.sh', false],
    ['changed', 'p.bin', 'p.bin', true],
    ['changed', 'plain.h', 'plain.h', false],
  ]);
});

test('a plain diff names a file under its second path, dates put aside', () => {
  const diff = '--- l.orig/include/x.h\t2026-01-01\n+++ l/include/x.h\t2026-01-02\n@@ -1 +1 @@\n-a\n+b\n';
  assert.deepEqual(
    parsePatch(diff, 'x').map(({ path }) => path),
    ['include/x.h'],
  );
});

const HEADS: readonly [what: string, source: string, path: string, read: string][] = [
  ['no prefix', 'include/x.h', 'include/x.h', 'include/x.h'],
  ['no prefix, kept under another name', 'include/x.h.orig', 'include/x.h', 'include/x.h'],
  ['no folder', 'x.h', 'x.h', 'x.h'],
  ['a and b', 'a/include/x.h', 'b/include/x.h', 'include/x.h'],
  ['a on both sides', 'a/include/x.h', 'a/include/x.h', 'include/x.h'],
  ['the folder itself', './include/x.h.orig', './include/x.h', 'include/x.h'],
  ['created without a prefix', '/dev/null', 'include/x.h', 'include/x.h'],
  ['created below b', '/dev/null', 'b/include/x.h', 'include/x.h'],
  ['deleted without a prefix', 'include/x.h', '/dev/null', 'include/x.h'],
];

for (const [what, source, path, read] of HEADS) {
  test(`a plain diff strips a folder only where it is none of the tree: ${what}`, () => {
    const diff = `--- ${source}\n+++ ${path}\n@@ -1 +1 @@\n-a\n+b\n`;
    assert.deepEqual(
      parsePatch(diff, 'x').map((file) => file.path),
      [read],
    );
  });
}

test('what moved without prefixes keeps the names that its head has', () => {
  const diff = `diff --git include/one.h include/linux/two.h
similarity index 90%
rename from include/one.h
rename to include/linux/two.h
--- include/one.h
+++ include/linux/two.h
@@ -1 +1 @@
-a
+b
`;
  assert.deepEqual(
    parsePatch(diff, 'x').map(({ kind, source, path }) => [kind, source, path]),
    [['renamed', 'include/one.h', 'include/linux/two.h']],
  );
});

const DAMAGED: Record<string, string> = {
  'cut off': '@@ -1,3 +1,3 @@\n a\n-b\n',
  'more lines than announced': '@@ -1 +1 @@\n-a\n+b\n+c\n',
  'fewer lines than announced': '@@ -1,2 +1,4 @@\n a\n-b\n@@ -9 +9 @@\n-c\n+d\n',
  'folded by a mailer': '@@ -1,2 +1,2 @@\n a\n-b and\nmore\n+c\n',
  'no hunk behind the names': 'nothing\n',
};

for (const [what, hunk] of Object.entries(DAMAGED)) {
  test(`a damaged hunk is an error with its line: ${what}`, () => {
    const diff = `diff --git a/f b/f\n--- a/f\n+++ b/f\n${hunk}`;
    assert.throws(() => parsePatch(diff, 'p'), {
      code: 'PATCH_SYNTAX',
      message: /^p: line \d+ of its text: /,
    });
  });
}

test('a hunk of no file is an error, text without a diff is none', () => {
  const file = '--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n+b\n';
  assert.throws(() => parsePatch(`${file}text\n@@ -4 +4 @@\n-a\n+b\n`, 'p'), { code: 'PATCH_SYNTAX' });
  assert.deepEqual(parsePatch('---\n@@ -1 +1 @@\n', 'p'), []);
});

test('a search that would take hours is given up', () => {
  const long = 'x\n'.repeat(40_000);
  const hunk = `@@ -5,20001 +5,20001 @@\n${' x\n'.repeat(20_000)}-y\n+z\n x\n`;
  const diff = `--- a/f\n+++ b/f\n${hunk.replaceAll('20001', '20002')}`;
  assert.equal(applied(long, diff), undefined);
});

test('any text gives files or an error', () => {
  const piece = fc.constantFrom(
    'diff --git a/f b/f\n',
    '--- a/f\n',
    '+++ b/f\n',
    '--- /dev/null\n',
    '+++ /dev/null\n',
    '@@ -1 +1 @@\n',
    '@@ -0,0 +999999999,2 @@\n',
    '-a\n',
    '+b\n',
    ' c\n',
    '\\ No newline at end of file\n',
    'rename from x\n',
    'rename to \n',
    'GIT binary patch\n',
    '\n',
    'diff --git ',
  );
  const property = fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
    try {
      for (const { hunks } of parsePatch(pieces.join(''), 'p')) {
        applyHunks('a\nc\n', hunks, { path: 'f', patch: 'p', budget: createApplyBudget() });
      }
    } catch (error) {
      assert.ok(error instanceof ToolError, String(error));
    }
  });
  fc.assert(property, propertyRuns('any text', 2000));
});
