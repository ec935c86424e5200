import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { GATE_RULES } from '../../src/matrix/gate-rules.ts';
import { isNamedBy } from '../../src/matrix/waiver.ts';

test('a release with all its numbers names one kernel; anything else is a range', () => {
  const cases: readonly [text: string, release: string, isNamed: boolean][] = [
    ['6.18.5', '6.18.5', true],
    ['6.18.5', '6.18.5+mine', false],
    ['6.18.5', '6.18.15', false],
    ['7.2.12+mine', '7.2.12+mine', true],
    ['7.2.12+mine', '7.2.12', false],
    ['7.3-rc7', '7.3-rc6', false],
    ['next-20260928', 'next-20260929', false],
    ['6.18', '6.18.15', true],
    ['6.18', '6.18.5+mine', true],
    ['6.18.x', '6.18.15', true],
    ['6.18.x', '6.19.6', false],
    ['7.0', '7.0', true],
    ['>=6.18 <7', '6.19.6', true],
    ['6.17.8 || 6.18.5', '6.18.5', true],
    ['6.17.0 - 6.18.9', '6.18.5', true],
    ['*', '7.3.4', true],
  ];
  for (const [text, release, isNamed] of cases) {
    assert.equal(isNamedBy(text, release), isNamed, `${text} ${release}`);
  }
});

test('every rule of the gate has a page that agrees with it, and no page stands alone', () => {
  const folder = new URL('../../docs/gate-rules/', import.meta.url);
  const ids = GATE_RULES.map(({ id }) => id as string);
  assert.deepEqual([...ids].sort(), ids);
  assert.deepEqual(
    readdirSync(folder).sort(),
    ids.map((id) => `${id}.md`),
  );
  for (const { id, level, summary } of GATE_RULES) {
    const lines = readFileSync(new URL(`${id}.md`, folder), 'utf8').split('\n');
    assert.equal(lines[0], `# ${id}`);
    assert.equal(lines[2], `A rule of the gate itself. Level: \`${level}\`.`);
    assert.equal(lines[4], summary);
  }
});
