import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Rule } from '../../src/diff/rule.ts';
import { RULES } from '../../src/diff/rules/index.ts';
import { canonicalJson } from '../../src/model/canonical.ts';
import { packageRoot } from '../../src/schema/package-root.ts';
import { findingsOf, RULES_FOLDER, readKernel } from './fixture.ts';

// Every rule has its file, its page, and a fixture made for it; the goldens hold all findings of every rule on every
// fixture, both ways. UPDATE_GOLDEN=1 writes them anew.

const rules = RULES as readonly Rule[];
const ids = rules.map(({ id }) => id);
const isUpdate = process.env.UPDATE_GOLDEN === '1';
if (isUpdate && process.env.CI) throw new Error('UPDATE_GOLDEN is refused where CI is set');

function namesIn(folder: string, ending: string): string[] {
  const names = readdirSync(join(packageRoot(), folder)).filter((name) => name.endsWith(ending));
  return names.map((name) => name.slice(0, name.length - ending.length)).sort();
}

test('every rule file is registered under the name of the file, in order', () => {
  const files = namesIn('src/diff/rules', '.ts').filter((name) => name !== 'index');
  assert.deepEqual(ids, files);
});

test('there is a page for each rule and a fixture for each rule, and for nothing else', () => {
  assert.deepEqual(namesIn('docs/rules', '.md'), ids);
  const fixtures = readdirSync(RULES_FOLDER, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  assert.deepEqual(fixtures.map(({ name }) => name).sort(), ids);
});

for (const { id, impact, level, summary } of rules) {
  test(`the page of ${id} agrees with the rule`, () => {
    const page = readFileSync(join(packageRoot(), 'docs/rules', `${id}.md`), 'utf8');
    const lines = page.split('\n');
    assert.equal(lines[0], `# ${id}`);
    assert.equal(lines[2], `Impact: \`${impact}\`. Level: \`${level}\`.`);
    assert.equal(lines[4], summary);
    for (const heading of ['Why it matters', 'Example', 'What to do']) {
      assert.ok(lines.includes(`## ${heading}`), heading);
    }
    assert.ok(lines.length <= 32, `${lines.length} lines`);
  });
}

for (const { id } of rules) {
  test(`${id} finds its fixture, and the golden holds all findings`, () => {
    const outgoing = readKernel(id, 'outgoing');
    const incoming = readKernel(id, 'incoming');
    const found = { forward: findingsOf(outgoing, incoming), backward: findingsOf(incoming, outgoing) };
    assert.ok(
      found.forward.some(({ rule }) => rule === id),
      `no finding of ${id}`,
    );
    for (const { message } of [...found.forward, ...found.backward])
      assert.doesNotMatch(message, /the rule .* failed/);
    const path = join(RULES_FOLDER, id, 'expected.json');
    const text = canonicalJson(found);
    if (isUpdate) writeFileSync(path, text);
    assert.ok(existsSync(path), `no ${path}; UPDATE_GOLDEN=1 writes it`);
    assert.equal(text, readFileSync(path, 'utf8'));
  });

  test(`${id}: a kernel of its fixture against itself differs in nothing`, () => {
    for (const side of ['outgoing', 'incoming'] as const) {
      const kernel = readKernel(id, side);
      // What a rule of this scope tells is a fact of one kernel, whatever it is compared with.
      const aboutOneKernel = rules.filter(({ scope }) => scope === 'component').map((rule) => rule.id);
      const found = findingsOf(kernel, kernel).filter(({ rule }) => !aboutOneKernel.includes(rule));
      assert.deepEqual(found, [], side);
    }
  });
}

test('every rule is stated in one sentence without a name of a side other than outgoing and incoming', () => {
  for (const { summary } of rules) {
    assert.match(summary, /^[A-Z].*\.$/);
    assert.doesNotMatch(summary, /\b(?:old|new|left|right) (?:kernel|side)\b/);
  }
});
