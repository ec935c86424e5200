import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, test } from 'node:test';
import type { CaptureDocument } from '../../src/model/capture.ts';
import { packageRoot } from '../../src/schema/package-root.ts';
import { runCli } from '../support/run-cli.ts';

// Components of a user's own: what is wrong with a file is one line with its place, what a tree shows can be written down and is
// taken back, and what was captured with a file says so.

const root = mkdtempSync(join(tmpdir(), 'luo-abi-own-'));
after(() => rmSync(root, { recursive: true, force: true }));
const env = { XDG_CACHE_HOME: join(root, 'cache'), XDG_DATA_HOME: join(root, 'cache') };

let count = 0;
function folder(files: Readonly<Record<string, string>>): string {
  count += 1;
  const made = join(root, String(count));
  mkdirSync(made);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(made, path)), { recursive: true });
    writeFileSync(join(made, path), text);
  }
  return made;
}

const KERNEL = {
  Makefile: 'VERSION = 7\nPATCHLEVEL = 3\nSUBLEVEL = 4\nEXTRAVERSION =\n',
  'include/linux/kexec_handover.h':
    'int kho_add_subtree(const char *name, void *blob, unsigned long size);\n',
  'include/linux/types.h':
    'typedef unsigned char u8; typedef unsigned int u32; typedef unsigned long long u64;\n#define __packed __attribute__((packed))\n',
  'mm/memblock.c': 'int nothing;\n',
} as const;

const HEADER = 'include/linux/kho/abi/foo.h';
const CODE = 'drivers/foo/foo_luo.c';
const FOO = {
  [HEADER]: `#include <linux/types.h>
#define FOO_LUO_FH_COMPATIBLE "foo-v1"
#define FOO_F_DIRTY 1
struct foo_ser { u64 size; u32 flags; u32 count; } __packed;
`,
  [CODE]: `#include <linux/kho/abi/foo.h>
static int foo_preserve(void *file)
{
	struct foo_ser *ser = kho_alloc_preserve(sizeof(*ser));
	ser->size = 5;
	return 0;
}
static struct liveupdate_file_handler foo_handler = { .compatible = FOO_LUO_FH_COMPATIBLE };
static int foo_init(void) { return liveupdate_register_file_handler(&foo_handler); }
module_init(foo_init);
`,
};

const FILE = `schemaVersion: 1
id: foo
title: Foo
summary: A file of foo.
anchor:
  files: [${HEADER}]
eras:
  - id: first
    summary: the first
    recognizedBy:
      - files: [${HEADER}]
        macro: FOO_LUO_FH_COMPATIBLE
    files: [${HEADER}, ${CODE}]
    needs: [luo-session]
    marker:
      kind: name
      macro: FOO_LUO_FH_COMPATIBLE
      carrier: file-handler
      dispatcher: luo-session
    structs:
      foo_ser: { placement: blob }
    constants:
      FOO_F_DIRTY: { role: flag }
    reader:
      onRefused: file-lost
    code:
      - { side: writer, functions: [foo_preserve] }
`;

const DIRTY = 'FOO_F_DIRTY: { role: flag }';
/** {@link FILE} with a tree: what stands behind `fdt:`. */
const tree = (text: string, nodes: string): string =>
  text.replace('    reader:', `    fdt: ${nodes}\n    reader:`);
const property = (text: string, values: string): string =>
  tree(text, `[{ name: "KHO:/foo", properties: [{ name: one, ${values} }] }]`);

/** One file's text from {@link FILE}, and what is said of it after the path. */
const WRONG: Readonly<Record<string, [(text: string) => string, RegExp]>> = {
  'a key that is none': [
    (text) => text.replace('placement: blob', 'placment: blob'),
    /:21: eras\.0\.structs\.foo_ser\.placment: no such key; nearest: placement/,
  ],
  'a key that is none, at the top': [
    (text) => `${text}anchors: []\n`,
    /:28: anchors: no such key; nearest: anchor/,
  ],
  'a value that is none': [
    (text) => text.replace('onRefused: file-lost', 'onRefused: explodes'),
    /:25: eras\.0\.reader\.onRefused: must be equal to one of the allowed values: all-sessions-lost/,
  ],
  'something that is missing': [
    (text) => text.replace('    summary: the first\n', ''),
    /:8: eras\.0: must have required property 'summary'/,
  ],
  'another version': [(text) => text.replace('Version: 1', 'Version: 2'), /:1: schemaVersion: must be <= 1/],
  'the name of one that comes with luo-abi': [
    (text) => text.replace('id: foo', 'id: memfd'),
    /:2: id: memfd comes with luo-abi/,
  ],
  'the name of all callers': [
    (text) => text.replace('id: foo', 'id: callers'),
    /:2: id: callers comes with luo-abi/,
  ],
  'a need that nobody knows': [
    (text) => text.replace('needs: [luo-session]', 'needs: [luo-sesion]'),
    /:14: eras\.0\.needs: no component luo-sesion/,
  ],
  'itself among its needs': [
    (text) => text.replace('needs: [luo-session]', 'needs: [foo]'),
    /:14: eras\.0\.needs: a cycle: foo > foo/,
  ],
  'nothing by which it is recognized': [
    (text) => text.replace(/recognizedBy:\n.*\n.*\n/, 'recognizedBy: []\n'),
    /:10: eras\.0\.recognizedBy: must NOT have fewer than 1 items/,
  ],
  'what every kernel has': [
    (text) => text.replace(`files: [${HEADER}]\neras`, 'files: [Makefile]\neras'),
    /:6: anchor: matches always: Makefile may be in every kernel; name a macro, a struct or tokens/,
  ],
  'a macro of another component': [
    (text) =>
      text.replace('macro: FOO_LUO_FH_COMPATIBLE\n    files', 'macro: MEMFD_LUO_FH_COMPATIBLE\n    files'),
    /:11: eras\.0\.recognizedBy\.0: matches always: MEMFD_LUO_FH_COMPATIBLE is of memfd/,
  ],
  'tokens without a name': [
    (text) =>
      text.replace(
        'macro: FOO_LUO_FH_COMPATIBLE\n    files',
        "tokens: { function: f, sequence: [';'] }\n    files",
      ),
    /:12: eras\.0\.recognizedBy\.0\.tokens\.sequence: holds no name, and would match any code/,
  ],
  'a marker that nothing bears': [
    (text) => text.replace('carrier: file-handler', 'carrier: a-handler'),
    /:\d+: eras\.0\.marker\.carrier: "a-handler" bears no marker/,
  ],
  'a dispatcher that is not needed': [
    (text) => text.replace('needs: [luo-session]', 'needs: [kho]'),
    /:\d+: eras\.0\.marker\.dispatcher: luo-session is not among what the era needs/,
  ],
  'a length of no constant': [
    (text) => text.replace('kind: name\n', 'kind: name\n      lengthConstant: FOO_NAME_LEN\n'),
    /:\d+: eras\.0\.marker\.lengthConstant: no constant FOO_NAME_LEN in this era/,
  ],
  'a range without its least': [
    (text) => text.replace('kind: name\n', 'kind: integer-range\n'),
    /:\d+: eras\.0\.marker: integer-range needs minimumMacro or object/,
  ],
  'an era that is never reached': [
    (text) => text + text.slice(text.indexOf('  - id: first')).replace('id: first', 'id: second'),
    /:31: eras\.1\.recognizedBy: never reached: whatever has it is first, which stands before it/,
  ],
  'a path out of the tree': [
    (text) => text.replace(`files: [${HEADER}, `, 'files: [../../etc/passwd, '),
    /:13: eras\.0\.files: "\.\.\/\.\.\/etc\/passwd" is not a path in the kernel tree/,
  ],
  'a path from the root': [
    (text) => text.replace(`files: [${HEADER}, `, 'files: [/etc/passwd, '),
    /:13: eras\.0\.files: "\/etc\/passwd" is not a path/,
  ],
  'a pattern for a name': [
    (text) => text.replace('foo_ser:', '"(a+)+$":'),
    /:21: eras\.0\.structs\.\(a\+\)\+\$: "\(a\+\)\+\$" is not a name of C/,
  ],
  'a pattern for a marker': [
    (text) => text.replace('title: Foo', 'title: Foo\nmarkerStems: ["(.*)*"]'),
    /:4: markerStems: "\(\.\*\)\*" is not the beginning of a marker/,
  ],
  'a check of a struct that it has not': [
    (text) =>
      text.replace(
        '    reader:',
        '    checks: [{ kind: minimum-size, struct: bar, effect: boot-panic }]\n    reader:',
      ),
    /:24: eras\.0\.checks\.0\.struct: no struct bar in this era/,
  ],
  'a tag that constructs': [
    (text) => text.replace('title: Foo', 'title: !!js/function "function () { process.exit(9) }"'),
    /:3: Unresolved tag/,
  ],
  'an escape that moves the cursor': [
    (text) => text.replace('title: Foo', 'title: "\\e[2J"'),
    /:3: title: holds a control character/,
  ],
  'aliases without end': [
    () =>
      `a0: &a0 [x, x]\n${Array.from({ length: 30 }, (_, n) => `a${n + 1}: &a${n + 1} [*a${n}, *a${n}, *a${n}]`).join('\n')}\n`,
    /: not a component: Excessive alias count/,
  ],
  'nesting without end': [() => '['.repeat(50_000), /component|Flow|stack/],
  'more than a component is': [(text) => `${text}#${' '.repeat(300_000)}\n`, /: larger than 256 KiB/],
  'a title that says nothing': [
    (text) => text.replace('title: Foo', 'title: " "'),
    /:3: title: says nothing/,
  ],
  'an era that is told of with nothing': [
    (text) => text.replace('summary: the first', "summary: ''"),
    /:9: eras\.0\.summary: says nothing/,
  ],
  'a boot parameter that is none': [
    (text) => text.replace('title: Foo', 'title: Foo\nboot: "foo on!"'),
    /:4: boot: is no boot parameter/,
  ],
  'a need twice': [
    (text) => text.replace('[luo-session]', '[luo-session, luo-session]'),
    /:14: eras\.0\.needs: luo-session stands in it twice/,
  ],
  'a file twice': [
    (text) => text.replace(`files: [${HEADER}, ${CODE}]`, `files: [${HEADER}, ${HEADER}]`),
    /:13: eras\.0\.files: include.*foo\.h stands in it twice/,
  ],
  'a function twice': [
    (text) => text.replace('[foo_preserve]', '[foo_preserve, [foo_save, foo_preserve]]'),
    /:27: eras\.0\.code\.0\.functions: foo_preserve stands in it twice/,
  ],
  'a side without functions': [
    (text) => text.replace('[foo_preserve]', '[]'),
    /:27: eras\.0\.code\.0\.functions: names no function/,
  ],
  'a struct that no target has': [
    (text) => text.replace('placement: blob', 'placement: blob, targets: []'),
    /:21: eras\.0\.structs\.foo_ser\.targets: no target would have it/,
  ],
  'a constant of a target that is none': [
    (text) => text.replace(DIRTY, 'FOO_F_DIRTY: { role: flag, targets: [x86] }'),
    /:23: eras\.0\.constants\.FOO_F_DIRTY\.targets\.0: must be equal to one of/,
  ],
  'a constant that is nothing in words': [
    (text) => text.replace(DIRTY, 'order: { role: shape, says: "" }'),
    /:23: eras\.0\.constants\.order\.says: says nothing/,
  ],
  'a place below the first': [
    (text) => text.replace(DIRTY, 'order: { role: gate, spelled: { writer: f, reader: g, at: -1 } }'),
    /:23: eras\.0\.constants\.order\.spelled\.at: must be a whole number from 0 on/,
  ],
  'a node twice': [
    (text) => tree(text, '[{ name: "KHO:/foo", properties: [] }, { name: "KHO:/foo", properties: [] }]'),
    /:24: eras\.0\.fdt\.1: KHO:\/foo stands before it already/,
  ],
  'a node with a blank in its name': [
    (text) => tree(text, '[{ name: "KHO:/ foo", properties: [] }]'),
    /:24: eras\.0\.fdt\.0\.name: is no name in a tree/,
  ],
  'a node that is neither named nor held': [
    (text) => tree(text, '[{ properties: [] }]'),
    /:24: eras\.0\.fdt\.0: give either a name or the macro that holds it/,
  ],
  'a node without its list of properties': [
    (text) => tree(text, '[{ name: "KHO:/foo" }]'),
    /:24: eras\.0\.fdt\.0: must have required property 'properties'/,
  ],
  'a property of no type': [
    (text) => property(text, 'type: u16'),
    /:24: eras\.0\.fdt\.0\.properties\.0\.type: is none of u32, u64, string, bytes/,
  ],
  'a property of a length that its type has not': [
    (text) => property(text, 'type: u64, exactLength: 4'),
    /:24: eras\.0\.fdt\.0\.properties\.0\.exactLength: u64 has 8 bytes/,
  ],
  'a property of no length': [
    (text) => property(text, 'type: bytes, exactLength: 0.5'),
    /:24: eras\.0\.fdt\.0\.properties\.0\.exactLength: must be a whole number from 1 on/,
  ],
  'a list in the place of a name': [(text) => text.replace('id: foo', 'id: [foo]'), /:2: id: must be string/],
  'nothing in the place of a map': [
    (text) => text.replace('{ placement: blob }', 'null'),
    /:21: eras\.0\.structs\.foo_ser: must be object/,
  ],
  'a truth that is none': [
    (text) => text.replace('placement: blob', 'placement: blob, optional: false'),
    /:21: eras\.0\.structs\.foo_ser\.optional: must be/,
  ],
  'a message that says nothing': [
    (text) => text.replace('onRefused: file-lost', 'onRefused: file-lost\n      refusedMessage: ""'),
    /:26: eras\.0\.reader\.refusedMessage: says nothing/,
  ],
  'an address in no member': [
    (text) =>
      text.replace(
        'onRefused: file-lost',
        'onRefused: file-lost\n      maybeEmpty: { function: f, path: foo_ser }',
      ),
    /:26: eras\.0\.reader\.maybeEmpty\.path: names no member/,
  ],
  'one key twice': [(text) => `${text}id: bar\n`, /:28: Map keys must be unique/],
};

describe('a file that is wrong', () => {
  for (const [title, [change, words]] of Object.entries(WRONG)) {
    test(title, async () => {
      const text = change(FILE);
      assert.notEqual(text, FILE);
      const own = folder({ 'foo.yaml': text });
      const { status, stdout, stderr } = await runCli(['explain', 'memfd', '--components', own], { env });
      assert.deepEqual([status, stdout], [2, ''], stderr);
      assert.match(stderr, /^luo-abi: DOCUMENT_INVALID: .*foo\.yaml.*\n$/);
      assert.match(stderr, words);
    });
  }

  test('two files: one name in both, and needs that lead in a circle', async () => {
    const other = (text: string): string =>
      text.replace('id: foo', 'id: bar').replace('luo-session]', 'foo]');
    const twice = folder({ 'a.yaml': FILE, 'b.yml': FILE });
    const circle = folder({ 'a.yaml': FILE.replace('[luo-session]', '[bar]'), 'b.json': JSON.stringify({}) });
    writeFileSync(join(circle, 'b.yaml'), other(FILE));
    rmSync(join(circle, 'b.json'));
    const said = async (path: string): Promise<string> =>
      (await runCli(['explain', 'memfd', '--components', path], { env })).stderr;
    assert.match(await said(twice), /b\.yml:2: id: foo is in a\.yaml too/);
    assert.match(await said(circle), /a\.yaml:14: eras\.0\.needs: a cycle: foo > bar > foo/);
  });

  test('no folder, a folder without components, and what is no file', async () => {
    const empty = folder({ 'README.md': '' });
    const pipe = folder({});
    execFileSync('mkfifo', [join(pipe, 'foo.yaml')]);
    for (const [path, words] of [
      [join(root, 'nowhere'), /cannot be read \(ENOENT\)/],
      [empty, /holds no component/],
      [pipe, /foo\.yaml: not a regular file/],
    ] as const) {
      const { status, stderr } = await runCli(['explain', 'memfd', '--components', path], { env });
      assert.equal(status, 2);
      assert.match(stderr, words);
    }
  });

  test('what it demands and a tree lacks', async () => {
    const own = folder({ 'foo.yaml': FILE.replace('foo_ser:', 'foo_head:') });
    const tree = folder({ ...KERNEL, ...FOO });
    const { status, stderr } = await runCli(['component', 'check', join(own, 'foo.yaml'), tree], { env });
    assert.equal(status, 2);
    assert.match(
      stderr,
      /foo\.yaml:21: eras\.0\.structs\.foo_head: struct foo_head is not in include.*foo\.h/,
    );
  });
});

test('a file in JSON is the same component', async () => {
  const { parse } = await import('yaml');
  const own = folder({ 'foo.json': JSON.stringify(parse(FILE)) });
  const { status, stdout } = await runCli(['explain', 'foo', '--components', own], { env });
  assert.equal(status, 0);
  assert.match(stdout, /A file of foo/);
});

test('check says what is found, with its place, and exits 1 where there is nothing', async () => {
  const file = join(folder({ 'foo.yaml': FILE }), 'foo.yaml');
  const run = await runCli(['component', 'check', file, folder({ ...KERNEL, ...FOO }), '--format', 'json'], {
    env,
  });
  assert.equal(run.status, 0, run.stderr);
  const { found, era, isFound, missing } = JSON.parse(run.stdout);
  assert.deepEqual([isFound, era, missing], [true, 'first', []]);
  assert.deepEqual(
    found.map(({ kind, name, value, where }: Record<string, string>) => [kind, name, value, where].join(' ')),
    [
      `marker FOO_LUO_FH_COMPATIBLE foo-v1 ${HEADER}:2`,
      `struct foo_ser 16 bytes ${HEADER}:4`,
      `constant FOO_F_DIRTY 1 ${HEADER}:3`,
      `function foo_preserve writer ${CODE}:2`,
    ],
  );
  const without = await runCli(['component', 'check', file, folder(KERNEL)], { env });
  assert.equal(without.status, 1);
  assert.match(without.stdout, /^not found {2}foo of 7\.3\.4: this kernel has no include.*foo\.h/);
});

const DRIVER = 'drivers/bar/bar.c';
/** What a tree shows of a component, and what a capture by the proposal says of its marker. */
const SHOWN: Readonly<Record<string, { files: Record<string, string>; id: string; writes: string }>> = {
  'a header and a handler': { files: FOO, id: 'foo', writes: 'foo-v1' },
  'a handler with a literal name': {
    files: {
      [DRIVER]: `#include <linux/types.h>
struct bar_ser { u64 one; } __packed;
static struct liveupdate_file_handler bar = { .compatible = "bar-v1" };
int bar_init(void) { return liveupdate_register_file_handler(&bar); }
module_init(bar_init);
`,
    },
    id: 'bar',
    writes: 'bar-v1',
  },
  'shared data with a literal name': {
    files: {
      [DRIVER]: `#include <linux/types.h>
struct bar_ser { u64 one; } __packed;
static struct liveupdate_flb bar_flb = { .compatible = "bar_flb_v1" };
int bar_init(void *h) { return liveupdate_register_flb(h, &bar_flb); }
`,
    },
    id: 'bar',
    writes: 'bar_flb_v1',
  },
  'a subtree with a tree of its own': {
    files: {
      [DRIVER]: `#define BAR_COMPAT "bar-v3"
int bar_keep(void *fdt)
{
	fdt_property_string(fdt, "compatible", BAR_COMPAT);
	fdt_property_u64(fdt, "where", 1);
	return kho_add_subtree("bar", fdt, 4096);
}
`,
    },
    id: 'bar',
    writes: 'bar-v3',
  },
};

describe('what a tree shows', () => {
  for (const [title, { files, id, writes }] of Object.entries(SHOWN)) {
    test(`${title} is proposed, accepted, and captured by the proposal`, async () => {
      const tree = folder({ ...KERNEL, ...files });
      const own = folder({});
      const file = join(own, 'own.yaml');
      const proposed = await runCli(['component', 'propose', tree, id, '-o', file], { env });
      assert.equal(proposed.status, 0, proposed.stderr);
      const checked = await runCli(['component', 'check', file, tree], { env });
      assert.equal(checked.status, 0, checked.stderr + checked.stdout);
      const captured = await runCli(['capture', tree, '--components', own], { env });
      const { components } = JSON.parse(captured.stdout) as CaptureDocument;
      const { marker, definition, isInferred } = components[id] ?? {};
      assert.deepEqual([marker?.writes, definition?.name, isInferred], [writes, 'own.yaml', undefined]);
      assert.equal(components.callers, undefined, 'nobody is left uncovered');
    });
  }

  test('several need a name, none is said, and another one is not made up', async () => {
    const both = folder({ ...KERNEL, ...FOO, ...SHOWN['a subtree with a tree of its own']?.files });
    const many = await runCli(['component', 'propose', both], { env });
    assert.equal(many.status, 2);
    assert.match(many.stderr, /name one of: foo, bar/);
    const none = await runCli(['component', 'propose', folder(KERNEL)], { env });
    assert.match(none.stderr, /hands over nothing that no component describes/);
    const other = await runCli(['component', 'propose', both, 'baz'], { env });
    assert.match(other.stderr, /no baz; nearest: bar/);
  });
});

describe('on a kernel whose KHO is known', () => {
  const KHO = join(packageRoot(), 'test/accuracy/fixtures/tree');
  const kernel = (files: Readonly<Record<string, string>>): string => {
    const made = folder({});
    cpSync(KHO, made, { recursive: true });
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(made, path)), { recursive: true });
      writeFileSync(join(made, path), text);
    }
    return made;
  };
  const grown = { ...FOO, [HEADER]: FOO[HEADER].replace('u32 count;', 'u64 count;') };

  test('a component of one’s own counts for all that is carried: a grown struct under one marker is a misread', async () => {
    const own = folder({ 'foo.yaml': FILE });
    const out = folder({});
    const capture = async (name: string, files: Readonly<Record<string, string>>): Promise<string> => {
      const path = join(out, `${name}.json`);
      const args = ['capture', kernel(files), '--components', own, '--release', `7.3.4+${name}`, '-o', path];
      const { status, stderr } = await runCli(args, { env });
      assert.equal(status, 0, stderr);
      return path;
    };
    const [one, other, none] = [
      await capture('one', FOO),
      await capture('two', grown),
      await capture('no', {}),
    ];
    const verdict = async (outgoing: string, incoming: string): Promise<string> => {
      const run = await runCli(['check', outgoing, incoming, '--format', 'json'], { env });
      return JSON.parse(run.stdout).verdict;
    };
    assert.equal(await verdict(one, one), 'compatible');
    assert.equal(await verdict(one, other), 'misread');
    assert.equal(await verdict(other, one), 'misread');
    assert.equal(await verdict(one, none), 'refused');
    assert.equal(await verdict(none, one), 'compatible');
    // A document that was captured without the file says nothing of it.
    assert.equal(await verdict(one, '7.3.4'), 'unknown');
    const digest = (path: string) => JSON.parse(readFileSync(path, 'utf8')).components.foo.definition;
    assert.deepEqual(digest(one), digest(other));
    assert.equal(digest(one).sha256.length, 64);
    const catalog = join(out, 'own.sqlite');
    await runCli(['catalog', 'build', '--catalog', catalog], { env });
    const imported = await runCli(['catalog', 'import', one, '--catalog', catalog], { env });
    assert.equal(imported.status, 0, imported.stderr);
    await runCli(['catalog', 'export', join(out, 'exported'), '--catalog', catalog], { env });
    const exported = join(out, 'exported', '7.3.4+one.json');
    assert.ok(existsSync(exported));
    assert.equal(readFileSync(exported, 'utf8'), readFileSync(one, 'utf8'));
  });
});
