import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { contradictions } from '../../src/capture/confirm.ts';
import { DeclarationReader } from '../../src/capture/reader.ts';
import { initParser } from '../../src/cdecl/index.ts';
import { luo } from '../../src/components/luo.ts';

// What the data says of the reader of LUO from 7.2 on, against code of ours that does it, or does not.

const HEADER = `#define LUO_KHO_ENTRY_NAME "LUO"
#define LUO_ABI_COMPATIBLE "luo-v5"
struct luo_ser { char compatible[8]; unsigned long long liveupdate_num; };
`;

const GOOD = `static int luo_early_startup(void)
{
	if (kho_retrieve_subtree(LUO_KHO_ENTRY_NAME, &where, &len))
		return 0;
	if (len < sizeof(*ser))
		return -EINVAL;
	if (strncmp(ser->compatible, LUO_ABI_COMPATIBLE, 8))
		return -EINVAL;
	return 0;
}
`;

before(initParser);

function messagesFor(code: string | undefined): string[] {
  const files = new Map([
    ['include/linux/kho/abi/luo.h', HEADER],
    ...(code === undefined ? [] : [['kernel/liveupdate/luo_core.c', code] as const]),
  ]);
  const reader = new DeclarationReader({ read: (path) => files.get(path) });
  const [era] = luo.eras;
  assert.ok(era);
  return contradictions('luo', era, reader).map(({ message, where }) => `${message} ${where}`);
}

test('code that does what the data says contradicts nothing', () => {
  assert.deepEqual(messagesFor(GOOD), []);
});

test('a size check that is gone is a finding with its place', () => {
  const [message, ...rest] = messagesFor(GOOD.replace('len < sizeof(*ser)', 'len == 0'));
  assert.match(
    message ?? '',
    /shorter than luo_ser .* luo_early_startup\(\) kernel\/liveupdate\/luo_core\.c:1$/,
  );
  assert.deepEqual(rest, []);
});

test('a marker that is compared with something else, and a node of another name, are findings', () => {
  assert.match(
    messagesFor(GOOD.replace('LUO_ABI_COMPATIBLE', 'OTHER')).join(),
    /LUO_ABI_COMPATIBLE is compared by strncmp/,
  );
  assert.match(
    messagesFor(GOOD.replace('LUO_KHO_ENTRY_NAME', 'OTHER')).join(),
    /LUO_KHO_ENTRY_NAME is looked up/,
  );
});

test('code that is not at hand confirms and contradicts nothing', () => {
  assert.deepEqual(messagesFor(undefined), []);
});
