import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { capture } from '../../src/capture/capture.ts';
import { captureSeriesOnFiles } from '../../src/capture/overlay-from.ts';
import { initParser } from '../../src/cdecl/index.ts';
import type { CaptureDocument } from '../../src/model/capture.ts';
import { applyOverlay } from '../../src/model/overlay.ts';
import { readPatchSeries } from '../../src/sources/patch-series.ts';
import type { Kernel } from '../../src/verdict/kernel.ts';
import { kernelOf } from '../../src/verdict/kernel.ts';
import { documentOf, edited, judge } from '../support/shipped.ts';

// Whoever hands over is counted, wherever in a kernel's source the call stands, and through every door that a source comes by.

before(initParser);

const root = mkdtempSync(join(tmpdir(), 'luo-abi-callers-'));
after(() => rmSync(root, { recursive: true, force: true }));

/** The least that is taken for a kernel's source with its code: enough for the search, while components stay unknown. */
const KERNEL = {
  Makefile: 'VERSION = 7\nPATCHLEVEL = 3\nSUBLEVEL = 4\nEXTRAVERSION =\n',
  'include/linux/kexec_handover.h':
    'int kho_add_subtree(const char *name, void *blob, unsigned long size);\n',
  'mm/memblock.c':
    '#define MEMBLOCK_KHO_FDT "memblock"\nint keep(void *fdt) { return kho_add_subtree(MEMBLOCK_KHO_FDT, fdt, 4096); }\n',
} as const;

const KEEPER = `#include <linux/kexec_handover.h>
/* kho_add_subtree("not me", 0, 0) stands in a comment */
#define KEEPER_NODE "keeper_pages"
static int keep(void *fdt)
{
	return kho_add_subtree(KEEPER_NODE, fdt, 64);
}
`;
const PATH = 'drivers/keeper/keep.c';

let count = 0;
function tree(files: Readonly<Record<string, string>>): string {
  count += 1;
  const folder = join(root, `tree-${count}`);
  for (const [path, text] of Object.entries({ ...KERNEL, ...files })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

async function callersIn(files: Readonly<Record<string, string>>): Promise<string[]> {
  return named(await capture(tree(files)));
}

function named({ components }: CaptureDocument): string[] {
  return (components.callers?.callers ?? []).map(({ file, names }) => [file, ...names].join(' '));
}

describe('which calls count', () => {
  test('a caller that no component covers is told with its file, name, digest and line', async () => {
    const document = await capture(tree({ [PATH]: KEEPER }));
    const state = document.components.callers;
    assert.deepEqual(named(document), [`${PATH} keeper_pages`]);
    assert.equal(state?.callers?.[0]?.sha256.length, 64);
    assert.deepEqual(state?.callers?.[0]?.functions, ['kho_add_subtree']);
    assert.equal(state?.places[`caller ${PATH}`], `${PATH}:6`);
    assert.deepEqual(
      state?.doubts?.map(({ code, message }) => `${code}: ${message}`),
      [`uncovered-caller: keeper_pages of ${PATH} is handed over and not judged`],
    );
    assert.ok(document.findings.some(({ code }) => code === 'uncovered-caller'));
  });

  const COUNTED: Readonly<Record<string, [string, string]>> = {
    'the form of 6.17, with what the notifier was given first': [
      'int f(void *s, void *b) { return kho_add_subtree(s, "old", b); }',
      `${PATH} old`,
    ],
    'who only takes': ['int f(void *a) { return kho_retrieve_subtree("taken", a); }', `${PATH} taken`],
    'memory alone': ['int f(void *p) { return kho_preserve_folio(p); }', PATH],
    'pages taken back': ['void *f(long p) { return kho_restore_folio(p); }', PATH],
    'a file handler, by its initializer': [
      'static struct liveupdate_file_handler h = { .ops = &o, .compatible = "made-v1" };\nint f(void) { return liveupdate_register_file_handler(&h); }',
      `${PATH} made-v1`,
    ],
    'an FLB, by its initializer': [
      '#define N "shared-v1"\nstatic struct liveupdate_flb b = { .compatible = N };\nint f(void) { return liveupdate_register_flb(&h, &b); }',
      `${PATH} shared-v1`,
    ],
    'a name of the notifier’s time': ['int f(void *n) { return register_kho_notifier(n); }', PATH],
    'a function that is given on as a pointer': ['int (*add)(const char *, void *) = kho_add_subtree;', PATH],
    'a macro that calls': ['#define KEEP(b) kho_add_subtree("by-macro", b)', `${PATH} by-macro`],
    'a call that is spread over lines': [
      'int f(void)\n{ return kho_add_subtree\n (\n "spread",\n 0); }',
      `${PATH} spread`,
    ],
    'what no lexer reads': ['int f(void) { return kho_add_subtree("x", 0); }\n/* never ends', PATH],
  };
  for (const [title, [text, expected]] of Object.entries(COUNTED)) {
    test(`${title}: counted`, async () =>
      assert.deepEqual(await callersIn({ [PATH]: `${text}\n` }), [expected]));
  }

  const NOT_COUNTED: Readonly<Record<string, Record<string, string>>> = {
    'a kernel without any other': {},
    'what only tests': {
      'lib/test_kho.c': KEEPER,
      'lib/tests/liveupdate.c': KEEPER,
      'samples/kho/sample.c': KEEPER,
      'tools/testing/selftests/kho/init.c': KEEPER,
      'drivers/keeper/keep_kunit.c': KEEPER,
    },
    'the code of KHO itself': {
      'kernel/liveupdate/kexec_handover.c':
        'int kho_add_subtree(const char *name, void *b)\n{ return 0; }\nEXPORT_SYMBOL_GPL(kho_add_subtree);\nvoid *g(void) { return kho_alloc_preserve(8); }\n',
    },
    'declarations and stand-ins': {
      'include/linux/other.h':
        'struct folio *kho_restore_folio(long p);\nstatic inline int kho_preserve_folio(struct folio *f) { return -1; }\n',
    },
    'what a comment or a text says': {
      [PATH]: '/* kho_preserve_folio() */ const char *a = "kho_preserve_folio()";\n',
    },
    'what is never built': { [PATH]: '#if 0\nint a = kho_preserve_folio(0);\n#endif\n' },
    'an architecture that is no target': { 'arch/s390/kernel/keep.c': KEEPER },
  };
  for (const [title, files] of Object.entries(NOT_COUNTED)) {
    test(`${title}: not counted`, async () => assert.deepEqual(await callersIn(files), []));
  }

  test('a second name in a file of a component, and one in the code of live update, are counted', async () => {
    const more = '\nint more(void *fdt) { return kho_add_subtree("second", fdt, 1); }\n';
    const own = KERNEL['mm/memblock.c'] + more;
    assert.deepEqual(await callersIn({ 'mm/memblock.c': own }), ['mm/memblock.c memblock second']);
    assert.deepEqual(await callersIn({ 'kernel/liveupdate/luo_more.c': more }), [
      'kernel/liveupdate/luo_more.c second',
    ]);
  });

  test('code of one architecture is in doubt on its targets alone', async () => {
    const document = await capture(tree({ 'arch/arm64/kernel/keep.c': KEEPER }));
    const [doubt] = document.components.callers?.doubts ?? [];
    assert.deepEqual(doubt?.targets, ['arm64-4k', 'arm64-16k', 'arm64-64k']);
  });
});

describe('every door', () => {
  const expected = [`${PATH} keeper_pages`];

  test('a tarball, packed in any order', async () => {
    const folder = tree({ [PATH]: KEEPER });
    const tar = join(root, 'kernel.tar');
    execFileSync('tar', ['cf', tar, '--transform', 's,^[.],linux-7.3.4,', '-C', folder, '.']);
    assert.deepEqual(named(await capture(tar)), expected);
  });

  test('a revision of a repository, of a folder below its top too', async () => {
    const folder = tree({ [PATH]: KEEPER });
    const git = (...args: string[]) =>
      execFileSync('git', ['-C', folder, '-c', 'user.name=a', '-c', 'user.email=a@b.c', ...args]);
    git('init', '-q');
    git('add', '-A');
    git('commit', '-q', '-m', 'one');
    assert.deepEqual(named(await capture(`${folder}#HEAD`)), expected);
    assert.deepEqual(named(await capture(`${join(folder, 'mm')}#HEAD`)), expected);
  });

  test('a series that brings a caller, changes one, takes one away', async () => {
    const patch = (head: string, hunk: string): string => {
      const folder = mkdtempSync(join(root, 'series-'));
      const text = `From: A <a@b.c>\nSubject: [PATCH] keeper\n\n---\ndiff --git a/${PATH} b/${PATH}\n${head}${hunk}`;
      writeFileSync(join(folder, '0001.patch'), text);
      return folder;
    };
    const lines = KEEPER.split('\n').slice(0, -1);
    const whole = (sign: string): string => lines.map((line) => `${sign}${line}\n`).join('');
    const made = patch(
      'new file mode 100644\n--- /dev/null\n',
      `+++ b/${PATH}\n@@ -0,0 +1,${lines.length} @@\n${whole('+')}`,
    );
    const gone = patch(
      `deleted file mode 100644\n--- a/${PATH}\n`,
      `+++ /dev/null\n@@ -1,${lines.length} +0,0 @@\n${whole('-')}`,
    );
    const silent = patch(
      `--- a/${PATH}\n+++ b/${PATH}\n`,
      `@@ -4,4 +4,5 @@\n static int keep(void *fdt)\n {\n+	count++;\n 	return kho_add_subtree(KEEPER_NODE, fdt, 64);\n }\n`,
    );
    const under = async (series: string, files: Record<string, string>): Promise<[Kernel, Kernel]> => {
      const folder = tree(files);
      const base = await capture(folder);
      const { overlay } = await captureSeriesOnFiles(await readPatchSeries(series), folder);
      return [kernelOf(base), kernelOf(applyOverlay(base, overlay))];
    };
    for (const [series, files] of [
      [made, {}],
      [silent, { [PATH]: KEEPER }],
      [gone, { [PATH]: KEEPER }],
    ] as const) {
      const [base, patched] = await under(series, files);
      for (const [outgoing, incoming] of [
        [base, patched],
        [patched, base],
      ] as const) {
        const { components } = judge({ outgoing, incoming, profile: 'memory' });
        assert.equal(components.find(({ id }) => id === 'callers')?.verdict, 'unknown', series);
      }
    }
  });

  test('headers alone say once that they do not show it', async () => {
    const folder = join(root, 'headers');
    mkdirSync(join(folder, 'include/linux'), { recursive: true });
    writeFileSync(join(folder, 'Makefile'), KERNEL.Makefile);
    writeFileSync(join(folder, 'include/linux/kexec_handover.h'), KERNEL['include/linux/kexec_handover.h']);
    const { findings, components } = await capture(folder);
    assert.equal(findings.filter(({ code }) => code === 'callers-unseen').length, 1);
    assert.equal(components.callers, undefined);
  });
});

test('with the cache on, a caller that appears, changes or goes is seen, in whatever file', async () => {
  const entries = new Map<string, string>();
  const store = {
    read: (name: string) => entries.get(name),
    write: (name: string, text: string) => void entries.set(name, text),
  };
  const folder = tree({});
  const captured = async (): Promise<CaptureDocument> =>
    capture(folder, { cache: { store, program: 'test' } });
  const digestOf = ({ components }: CaptureDocument) => components.callers?.callers?.[0]?.sha256;
  assert.deepEqual(named(await captured()), []);
  assert.deepEqual(named(await captured()), []);
  mkdirSync(dirname(join(folder, PATH)), { recursive: true });
  writeFileSync(join(folder, PATH), KEEPER);
  const first = await captured();
  assert.deepEqual(named(first), [`${PATH} keeper_pages`]);
  assert.deepEqual(await captured(), first);
  writeFileSync(join(folder, PATH), KEEPER.replace('64', '65'));
  assert.notEqual(digestOf(await captured()), digestOf(first));
  rmSync(join(folder, PATH));
  assert.deepEqual(named(await captured()), []);
});

describe('what a caller makes of a verdict', () => {
  /** 7.3.4 with the callers of a made tree. */
  async function kernelWith(files: Readonly<Record<string, string>>): Promise<Kernel> {
    const { callers } = (await capture(tree(files))).components;
    return edited('7.3.4', ({ components }) => {
      if (callers) components.callers = { ...callers, available: 'buildable' };
    });
  }

  test('a note where its file is the same, unknown where it is not or only one side has it; memfd does not rest on it', async () => {
    const [one, same] = [await kernelWith({ [PATH]: KEEPER }), await kernelWith({ [PATH]: KEEPER })];
    const other = await kernelWith({ [PATH]: KEEPER.replace('64', '128') });
    const verdicts = (outgoing: Kernel | string, incoming: Kernel | string): string[] =>
      ['carried', 'memory', 'memfd'].map((profile) => judge({ outgoing, incoming, profile }).verdict);
    assert.deepEqual(verdicts(one, same), ['compatible-with-notes', 'compatible-with-notes', 'compatible']);
    for (const [outgoing, incoming] of [
      [one, '7.3.4'],
      ['7.3.4', one],
      [one, other],
      [other, one],
    ] as const) {
      assert.deepEqual(verdicts(outgoing, incoming), ['unknown', 'unknown', 'compatible']);
    }
    assert.deepEqual(verdicts('7.3.4', '7.3.4'), ['compatible', 'compatible', 'compatible']);
    const { conditions } = judge({ outgoing: one, incoming: same, profile: 'memory' });
    assert.deepEqual(conditions, [
      `keeper_pages of ${PATH}: handed over and not judged; its code is the same in both`,
    ]);
  });

  test('where the kernel is built without KHO nobody hands anything over', async () => {
    const config = new Map([['CONFIG_64BIT', 'y']]);
    const document = await capture(tree({ [PATH]: KEEPER }), { config });
    assert.notEqual(document.components.callers?.available, 'buildable');
  });

  test('no shipped capture is of a kernel with such a caller', () => {
    assert.equal(documentOf('7.3.4').components.callers, undefined);
  });
});
