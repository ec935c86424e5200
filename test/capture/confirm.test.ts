import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { readMarker } from '../../src/capture/code-marker.ts';
import { captureComponent } from '../../src/capture/component.ts';
import { DeclarationReader } from '../../src/capture/reader.ts';
import { initParser } from '../../src/cdecl/index.ts';
import type { ComponentState } from '../../src/model/component-state.ts';
import { placeOfDoubt } from '../../src/model/doubt.ts';
import { definitionOf } from '../support/definitions.ts';
import { edited, judge } from '../support/shipped.ts';

// What the data says of the reader of LUO from 7.2 on, against code of ours that does it, or does not.

const HEADER = `#define LUO_KHO_ENTRY_NAME "LUO"
#define LUO_ABI_COMPATIBLE "luo-v5"
#define LUO_ABI_COMPAT_LEN 8
struct luo_ser { char compatible[8]; unsigned long long liveupdate_num; };
`;

const GOOD = `static int luo_early_startup(void)
{
	struct luo_ser *ser;
	unsigned long where, len;

	if (kho_retrieve_subtree(LUO_KHO_ENTRY_NAME, &where, &len))
		return 0;
	if (len < sizeof(*ser))
		return -EINVAL;
	ser = phys_to_virt(where);
	if (strncmp(ser->compatible, LUO_ABI_COMPATIBLE, 8))
		return -EINVAL;
	return 0;
}
early_initcall(luo_early_startup);
`;

const luo = definitionOf('luo');
const reserveMem = definitionOf('reserve-mem');

before(initParser);

function messagesFor(code: string | undefined, header = HEADER): string[] {
  const files = new Map([
    ['include/linux/kho/abi/luo.h', header],
    ...(code === undefined ? [] : [['kernel/liveupdate/luo_core.c', code] as const]),
  ]);
  const reader = new DeclarationReader({ read: (path) => files.get(path) });
  const { state } = captureComponent(luo, reader);
  return (state.doubts ?? []).map((doubt) => `${doubt.message} ${state.places[placeOfDoubt(doubt)]}`);
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
    /which LUO_ABI_COMPATIBLE is accepted does not show in luo_early_startup/,
  );
  assert.match(
    messagesFor(GOOD.replace('LUO_KHO_ENTRY_NAME', 'OTHER')).join(),
    /that the node KHO:\/LUO is looked up does not show/,
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

bool reserve_mem(const char *name)
{
	return reserve_mem_kho_revive(name);
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
  assert.match(
    state.doubts?.[0]?.message ?? '',
    /that the property start is read does not show in reserve_mem_kho_revive\(\)/,
  );
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

const DECLARED = {
  'include/linux/liveupdate.h': `#define __DEFINE_HANDLER(_name, _text, _ops) \\
	struct liveupdate_file_handler _name = { .ops = (_ops), .compatible = _text }
#define DEFINE_HANDLER(_name, _text, _ops) __DEFINE_HANDLER(_name, _text "", _ops)
#define DEFINE_OTHER_HANDLER(_name, _ops) \\
	struct liveupdate_file_handler _name = { .ops = (_ops), .compatible = named_by(_ops) }
`,
  'include/linux/kho/abi/memfd.h': `#define MEMFD_LUO_FH_COMPATIBLE "memfd-v2"
#define MEMFD_LUO_FOLIO_DIRTY 1
#define MEMFD_LUO_FOLIO_UPTODATE 2
struct memfd_luo_folio_ser { unsigned long long pfn, flags; };
struct memfd_luo_ser { unsigned long long pos, size; };
`,
};

function handlerState(declaration: string): ComponentState {
  const code = `#include <linux/liveupdate.h>
#include <linux/kho/abi/memfd.h>
${declaration}
static int memfd_luo_init(void)
{
	return liveupdate_register_file_handler(&memfd_luo_handler);
}
late_initcall(memfd_luo_init);
`;
  const files = new Map([...Object.entries(DECLARED), ['mm/memfd_luo.c', code]]);
  const reader = new DeclarationReader({ read: (path) => files.get(path) });
  return captureComponent(definitionOf('memfd'), reader).state;
}

/** What the registered handler of memory files writes, and the doubts about it. */
function handlerOf(declaration: string): [writes: unknown, doubts: string[]] {
  const state = handlerState(declaration);
  return [state.marker?.writes, (state.doubts ?? []).map(({ message }) => message)];
}

test('a handler that a macro declares goes by what that makes its name, whatever the header says', () => {
  const made = (text: string) => handlerOf(`static DEFINE_HANDLER(memfd_luo_handler, ${text}, &memfd_ops);`);
  assert.deepEqual(made('MEMFD_LUO_FH_COMPATIBLE'), ['memfd-v2', []]);
  assert.deepEqual(made('"memfd-v3"'), ['memfd-v3', []]);
  assert.deepEqual(made('MEMFD_LUO_FH_COMPATIBLE "-kho"'), ['memfd-v2-kho', []]);
});

test('a handler whose name does not show is in doubt', () => {
  const [, doubts] = handlerOf('static DEFINE_OTHER_HANDLER(memfd_luo_handler, &memfd_ops);');
  assert.deepEqual(doubts, [
    'the name that memfd_luo_init() registers memfd_luo_handler under does not show',
  ]);
});

test('names in a table that a handler leads to may be taken beside its own', () => {
  const table = 'static const char * const older[] = { "memfd-v1", NULL };\n';
  const handler = `static struct liveupdate_file_handler memfd_luo_handler = {
	.ops = &memfd_ops, .compatible = MEMFD_LUO_FH_COMPATIBLE, .accepts = older };`;
  const { accepts } = handlerState(table + handler).marker ?? {};
  assert.deepEqual(accepts, [{ value: 'memfd-v2' }, { value: 'memfd-v1', asWritten: true }]);
});

test('a name that stands in its operations, or in braces, is read', () => {
  const operations =
    'static const struct liveupdate_file_ops memfd_ops = { .compatible = { "memfd-v3" } };\n';
  const handler = 'static struct liveupdate_file_handler memfd_luo_handler = { .ops = &memfd_ops };';
  assert.deepEqual(handlerOf(operations + handler), ['memfd-v3', []]);
});

test('a constant array or pointer, and a text that macros put together, are the text that they hold', () => {
  const through = (declared: string) =>
    messagesFor(`${declared}\n${GOOD.replace('LUO_ABI_COMPATIBLE', 'own_text')}`);
  assert.deepEqual(through('static const char own_text[] = LUO_ABI_COMPATIBLE;'), []);
  assert.deepEqual(through('static const char * const own_text = LUO_ABI_COMPATIBLE;'), []);
  assert.match(through('static char own_text[8] = LUO_ABI_COMPATIBLE;').join(), /is accepted does not show/);
  const named = 'static const char name[] = LUO_KHO_ENTRY_NAME;\n';
  assert.deepEqual(messagesFor(named + GOOD.replace('LUO_KHO_ENTRY_NAME', 'name')), []);
  const composed = HEADER.replace('"luo-v5"', '"luo-v" TEXT_OF(5)\n#define TEXT_OF(x) #x');
  assert.deepEqual(messagesFor(GOOD, composed), []);
});

test('shared data goes by the name in the object that its own files register', () => {
  const path = 'drivers/pci/liveupdate.c';
  const writes = (text: string): unknown => {
    const code = `#define MADE_FLB_COMPATIBLE "made-v1"
static struct liveupdate_flb made_flb = { .ops = &made_ops, .compatible = ${text} };
static int made_init(void)
{
	return liveupdate_register_flb(&made_flb);
}
`;
    const reader = new DeclarationReader({ read: (file) => (file === path ? code : undefined) });
    const [era] = definitionOf('pci').eras;
    assert.ok(era);
    const { marker } = readMarker({
      era: { ...era, files: [path] },
      marker: {
        kind: 'name',
        writes: 'made-v1',
        accepts: [{ value: 'made-v1' }],
        macro: 'MADE_FLB_COMPATIBLE',
        carrier: 'flb',
      },
      base: reader.codeBase([path]),
      valueNamed: () => undefined,
      isOthers: () => false,
    });
    return marker.writes;
  };
  assert.equal(writes('MADE_FLB_COMPATIBLE'), 'made-v1');
  assert.equal(writes('"made-v2"'), 'made-v2');
});
