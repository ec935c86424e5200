import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { initParser } from '../../src/cdecl/index.ts';
import { unitOf } from './memory-tree.ts';

before(initParser);

const BASE = `static int __init encode(struct page *page, unsigned int order, int (*done)(void *))
{
	unsigned long pfn = page_to_pfn(page), *slot;
	struct node *node = NULL;
	u64 key __free(kfree) = 0;
	const char *text = "text";

	for (int i = 0; i < order; i++) {
		u8 byte = node->order + i;
		slot = &node->slots[byte];
		if (!slot)
			goto out;
		key |= BIT(byte) * pfn;
	}
	key = (key << order) + sizeof(struct node) + done(text);
out:
	return key;
}
`;

const sha = (text: string) => {
  const fingerprint = unitOf(`${text}int after(void) { return 0; }\n`, { path: 'kernel/x.c' }).fingerprint(
    'encode',
  );
  assert.ok(fingerprint);
  return fingerprint.sha256;
};

test('locals, parameters, comments and white space do not count', () => {
  const same: [RegExp, string][] = [
    [/\bpfn\b/g, 'frame'],
    [/\bkey\b/g, 'k'],
    [/\bi\b/g, 'index'],
    [/\bbyte\b/g, 'b'],
    [/\bslot\b/g, 'where'],
    [/\bdone\b/g, 'callback'],
    [/\btext\b(?!")/g, 'string'],
    [/struct page \*page/, 'struct page   *\n\tpage /* which */'],
    [/\(page\)/, '(page) /* why */'],
    [/;\n/g, '; /* end */\n\n'],
  ];
  for (const [pattern, text] of same)
    assert.equal(sha(BASE.replace(pattern, text)), sha(BASE), String(pattern));
});

test('a parameter and a local with the name of a member may change, the member may not', () => {
  const renamed = BASE.replace('unsigned int order', 'unsigned int o')
    .replace('i < order', 'i < o')
    .replace('<< order', '<< o');
  assert.equal(sha(renamed), sha(BASE));
  assert.notEqual(sha(BASE.replace('node->order', 'node->o')), sha(BASE));
});

test('any other token counts', () => {
  const other: [string | RegExp, string][] = [
    ['"text"', '"texts"'],
    ['static int', 'static long'],
    ['encode(struct', 'encode(const struct'],
    ['i < order', 'i <= order'],
    ['key |= BIT', 'key ^= BIT'],
    ['page_to_pfn', 'page_to_nid'],
    ['struct node *node', 'struct mode *node'],
    ['BIT(byte) * pfn', 'BIT(pfn) * byte'],
    ['goto out;', 'return 1;'],
    ['__init ', ''],
    ['= NULL', '= 0'],
    ['i++', '++i'],
    ['&node->slots', '&node->slot'],
    ['<< order', '<< pfn'],
    ['u64 key', 'u32 key'],
    [/^out:/m, 'end:'],
  ];
  for (const [pattern, text] of other)
    assert.notEqual(sha(BASE.replace(pattern, text)), sha(BASE), String(pattern));
});

test('a function in an active branch is taken, its place and tokens are told', () => {
  const text =
    '#ifdef CONFIG_NEVER\nint f(int a)\n{\n\treturn a;\n}\n#else\nint f(int b)\n{\n\treturn M(b) + 1;\n}\n#endif\nint g(void);\n#define M(x) x\n';
  const unit = unitOf(text, { path: 'kernel/x.c' });
  assert.deepEqual(unit.fingerprint('f')?.where, { file: 'kernel/x.c', line: 7 });
  assert.deepEqual(
    unit.functionTokens('f')?.map(({ text: token, line }) => `${line}${token}`),
    ['8{', '9return', '9M', '9(', '9b', '9)', '9+', '91', '9;', '10}'],
  );
  assert.equal(unit.fingerprint('g'), undefined);
  assert.equal(unit.functionTokens('absent'), undefined);
});
