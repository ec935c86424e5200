import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { captureEvidence } from '../../src/capture/from-source.ts';
import { initParser } from '../../src/cdecl/index.ts';
import { ERROR_CODES } from '../../src/errors.ts';
import type { CaptureDocument } from '../../src/model/capture.ts';
import type { Doubt } from '../../src/model/doubt.ts';
import { DOUBT_CODES } from '../../src/model/doubt.ts';
import type { PairVerdict } from '../../src/model/finding.ts';
import { packageRoot } from '../../src/schema/package-root.ts';
import { edited, judge } from '../support/shipped.ts';

// What a capture notices reaches a verdict: a kind of finding that no verdict can show must not come to be.

/** Kinds of findings that change nothing of what is read, each with the reason. */
const HARMLESS: Readonly<Record<string, string>> = {
  'callers-unseen': 'of headers alone KHO itself is unknown, on which every caller rests',
};

before(initParser);

test('every code of a capture finding is a doubt, an error that makes its component unknown, or harmless by name', () => {
  const folder = join(packageRoot(), 'src/capture');
  const texts = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
  const written = texts.flatMap((text) =>
    [...text.matchAll(/\bcode: '([^']+)'/g)].map(([, code]) => code ?? ''),
  );
  assert.ok(written.length >= 4);
  const known = [...DOUBT_CODES, ...Object.keys(ERROR_CODES), ...Object.keys(HARMLESS)];
  assert.deepEqual(
    [...new Set(written)].filter((code) => !known.includes(code)),
    [],
  );
});

for (const code of DOUBT_CODES) {
  test(`${code}: unknown where it counts, a note where both readings agree, nothing on the side that does not rely on it`, () => {
    const doubt: Doubt = {
      code,
      subject: 'luo_ser',
      message: 'luo_ser is not certain',
      condition: 'it is as it was',
    };
    const withDoubt = (change: Partial<Doubt>) =>
      edited('7.3.4', ({ components: { luo } }) => {
        if (luo) luo.doubts = [{ ...doubt, ...change }];
      });
    const plain = withDoubt({});
    for (const [outgoing, incoming] of [
      ['7.3.4', plain],
      [plain, '7.3.4'],
      [plain, plain],
    ] as const) {
      const { verdict, decidedBy } = judge({ outgoing, incoming, profile: 'memfd' });
      assert.equal(verdict, 'unknown');
      assert.equal(decidedBy?.component, 'luo');
    }
    const [one, other] = [withDoubt({ reading: '1' }), withDoubt({ reading: '2' })];
    assert.equal(judge({ outgoing: one, incoming: other, profile: 'memfd' }).verdict, 'unknown');
    assert.equal(judge({ outgoing: one, incoming: '7.3.4', profile: 'memfd' }).verdict, 'unknown');
    const agreed = judge({ outgoing: one, incoming: withDoubt({ reading: '1' }), profile: 'memfd' });
    assert.equal(agreed.verdict, 'compatible-with-notes');
    assert.deepEqual(conditionsOf(agreed), ['it is as it was']);
    const note = withDoubt({ isNote: true });
    assert.equal(
      judge({ outgoing: note, incoming: '7.3.4', profile: 'memfd' }).verdict,
      'compatible-with-notes',
    );
    const [reads, writes] = [withDoubt({ side: 'reads' }), withDoubt({ side: 'writes' })];
    assert.equal(judge({ outgoing: '7.3.4', incoming: reads, profile: 'memfd' }).verdict, 'unknown');
    assert.equal(judge({ outgoing: reads, incoming: '7.3.4', profile: 'memfd' }).verdict, 'compatible');
    assert.equal(judge({ outgoing: writes, incoming: '7.3.4', profile: 'memfd' }).verdict, 'unknown');
    assert.equal(judge({ outgoing: '7.3.4', incoming: writes, profile: 'memfd' }).verdict, 'compatible');
  });
}

function conditionsOf({ components }: PairVerdict): string[] {
  return components.flatMap(({ findings }) => findings.flatMap(({ condition }) => condition ?? []));
}

const LUO = `#define LUO_KHO_ENTRY_NAME "LUO"
#define LUO_ABI_COMPATIBLE "luo-v5"
#define LUO_ABI_COMPAT_LEN 8
struct luo_ser {
	char compatible[LUO_ABI_COMPAT_LEN];
	unsigned long long liveupdate_num;
	struct luo_made_ser *made;
};
struct luo_made_ser { unsigned long long first; };
`;

function captured(headers: Readonly<Record<string, string>>): CaptureDocument {
  const files = new Map(
    Object.entries({ 'luo.h': LUO, ...headers }).map(([name, text]) => [
      `include/linux/kho/abi/${name}`,
      text,
    ]),
  );
  const evidence = {
    kind: 'tree' as const,
    name: 'made',
    release: '7.3.4+made',
    read: (path: string) => files.get(path),
    digest: (path: string) => (files.has(path) ? '0'.repeat(64) : undefined),
    list: (folder: string) => [...files.keys()].filter((path) => path.startsWith(`${folder}/`)),
  };
  return captureEvidence(evidence, {});
}

function doubtsIn({ components }: CaptureDocument): string[] {
  return Object.entries(components).flatMap(([id, { doubts = [] }]) =>
    doubts.map(({ code, subject }) => `${id} ${code} ${subject}`),
  );
}

test('what a pointer leads to is captured; else it is in doubt for what points to it, for its file, for those that include it, else for KHO', () => {
  assert.deepEqual(doubtsIn(captured({})), []);
  const own = captured({ 'made.h': 'struct made_ser { int made; };\n' });
  assert.deepEqual(doubtsIn(own), ['kho uncovered-declaration made_ser']);
  const included = captured({
    'luo.h': `#include <linux/kho/abi/made.h>\n${LUO}`,
    'made.h': 'struct made_ser { int made; };\n',
  });
  assert.deepEqual(doubtsIn(included), ['luo uncovered-declaration made_ser']);
  const inner = captured({
    'luo.h': LUO.replace('long long first', 'long long first; struct deep_ser *deep'),
    'deep.h': 'struct deep_ser { int deep; };\n',
  });
  assert.deepEqual(doubtsIn(inner), ['luo uncovered-declaration deep_ser']);
  const torn = captured({ 'torn.h': '#include <linux/kho/abi/torn.h>\n' });
  assert.ok(doubtsIn(torn).includes('kho uncovered-declaration include/linux/kho/abi/torn.h'));
});

test('a struct that no component covers agrees with one whose members go by other names, not with one where they changed places', () => {
  const kernel = (members: string) => {
    const { doubts } = captured({ 'made.h': `struct made_ser { ${members} };\n` }).components.kho ?? {};
    return edited('7.3.4', ({ components }) => {
      if (components.kho && doubts) components.kho.doubts = doubts;
    });
  };
  const outgoing = kernel('int one; int two;');
  const verdictWith = (members: string) =>
    judge({ outgoing, incoming: kernel(members), profile: 'memory' }).verdict;
  assert.equal(verdictWith('int one; int two;'), 'compatible-with-notes');
  assert.equal(verdictWith('int first; int two;'), 'compatible-with-notes');
  assert.equal(verdictWith('int two; int one;'), 'unknown');
});

test('every finding of such a capture is told by a verdict of its kernel', () => {
  const made = captured({ 'luo.h': `${LUO}struct made_ser { int made; };\n` });
  const kernel = edited('7.3.4', ({ components }) => {
    if (made.components.luo) components.luo = made.components.luo;
  });
  const pair = judge({ outgoing: kernel, incoming: kernel, profile: 'memfd' });
  const told = pair.components.flatMap(({ findings }) => findings.map(({ message }) => message)).join('\n');
  const findings = made.findings.filter(({ code }) => !Object.hasOwn(HARMLESS, code));
  assert.equal(findings.length, 1);
  for (const { message } of findings) assert.ok(told.includes(message), message);
});
