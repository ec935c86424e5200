import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { captureComponent } from '../../src/capture/component.ts';
import { contradictions } from '../../src/capture/confirm.ts';
import { DeclarationReader } from '../../src/capture/reader.ts';
import { initParser } from '../../src/cdecl/index.ts';
import { luo } from '../../src/components/luo.ts';
import { reserveMem } from '../../src/components/reserve-mem.ts';
import { edited, judge } from '../support/shipped.ts';

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
  return contradictions(era, reader).map(({ message, where }) => `${message} ${where}`);
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

const REVIVE = `static int reserve_mem_kho_revive(const void *tree, int node, int len)
{
	const u64 *start = fdt_getprop(tree, node, "start", &len);
	const u64 *size = fdt_getprop(tree, node, "size", &len);
	if (len != sizeof(*start) || fdt_node_check_compatible(tree, node, RESERVE_MEM_KHO_NODE_COMPATIBLE))
		return 0;
	return !!start && !!size;
}
`;

test('a component whose reader does something else than is known of it is unknown where it reads', () => {
  const capture = (code: string) => {
    const files = new Map([
      ['include/linux/kho/abi/memblock.h', '#define RESERVE_MEM_KHO_NODE_COMPATIBLE "reserve-mem-v1"\n'],
      ['mm/memblock.c', code],
    ]);
    return captureComponent(reserveMem, new DeclarationReader({ read: (path) => files.get(path) }));
  };
  assert.equal(capture(REVIVE).state.doubts, undefined);
  const { state, findings } = capture(REVIVE.replace('"start"', '"begin"'));
  assert.deepEqual(
    findings.map(({ code }) => code),
    ['check-not-confirmed'],
  );
  assert.deepEqual(
    state.doubts?.map(({ message }) => message),
    findings.map(({ message }) => message),
  );
  assert.match(state.doubts?.[0]?.message ?? '', /"start" is read by fdt_getprop\(\)/);
  const changed = edited('7.3.4', ({ components }) => {
    const known = components['reserve-mem'];
    if (known && state.doubts) known.doubts = state.doubts;
  });
  const read = judge({ outgoing: '7.3.4', incoming: changed, profile: 'memory' });
  assert.equal(read.verdict, 'unknown');
  assert.equal(read.decidedBy?.rule, 'fact-doubted');
  // Nothing reads with the outgoing kernel's reader.
  assert.match(judge({ outgoing: changed, incoming: '7.3.4', profile: 'memory' }).verdict, /^compatible/);
});
