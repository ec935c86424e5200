import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { captureComponent } from '../../src/capture/component.ts';
import { DeclarationReader } from '../../src/capture/reader.ts';
import { initParser } from '../../src/cdecl/index.ts';
import { definitionOf } from '../support/definitions.ts';

const HEADER = `#define LUO_KHO_ENTRY_NAME "LUO"
#define LUO_ABI_COMPATIBLE "luo-v5"
#define LUO_ABI_COMPAT_LEN 8
struct luo_ser {
	char compatible[LUO_ABI_COMPAT_LEN];
	unsigned long long liveupdate_num;
#ifdef CONFIG_LUO_EXTRA
	unsigned long long extra;
#endif
};
#ifdef CONFIG_ELSEWHERE
struct other { int member; };
#endif
`;

const luo = definitionOf('luo');

before(initParser);

function findingsWith(config?: ReadonlyMap<string, string>): string[] {
  const files = new Map([['include/linux/kho/abi/luo.h', HEADER]]);
  const reader = new DeclarationReader({ read: (path) => files.get(path) }, config);
  return captureComponent(luo, reader).findings.map(
    ({ code, message, where }) => `${code} ${message} ${where}`,
  );
}

test('a declaration that another option would change is reported, not guessed', () => {
  const [finding, ...rest] = findingsWith();
  assert.match(finding ?? '', /^config-dependent luo_ser would differ with CONFIG_LUO_EXTRA; .*luo\.h:7$/);
  assert.deepEqual(rest, []);
});

test('with a configuration there is nothing to report', () => {
  assert.deepEqual(findingsWith(new Map([['CONFIG_LUO_EXTRA', 'y']])), []);
});

test('a static_assert that fails is an error with its line, and the component is unknown', () => {
  const header = `${HEADER}static_assert(sizeof(struct luo_ser) == PAGE_SIZE);\n`;
  const files = new Map([['include/linux/kho/abi/luo.h', header]]);
  const { state, findings } = captureComponent(
    luo,
    new DeclarationReader({ read: (path) => files.get(path) }),
  );
  assert.equal(state.available, 'unknown');
  assert.match(findings[0]?.message ?? '', /luo\.h:14: static_assert\(.*\) fails on x86_64-4k/);
  assert.equal(findings[0]?.code, 'C_STATIC_ASSERT');
});
