import assert from 'node:assert/strict';
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { capture } from '../../src/capture/capture.ts';
import type { CacheOptions } from '../../src/capture/parse-cache.ts';
import { canonicalJson } from '../../src/model/canonical.ts';

const FIXTURE = fileURLToPath(new URL('../accuracy/fixtures/tree', import.meta.url));
const HEADER = 'include/linux/kho/abi/kexec_metadata.h';

let folder: string;

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'luo-abi-cache-'));
});
after(() => rmSync(folder, { recursive: true }));

/** A tree of its own for a test, with some files in place of the fixture's. */
function treeOf(name: string, files: Readonly<Record<string, string>> = {}): string {
  const root = join(folder, name);
  cpSync(FIXTURE, root, { recursive: true });
  for (const [path, text] of Object.entries(files)) write(root, path, text);
  return root;
}

function write(root: string, path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

class MemoryCache implements CacheOptions {
  readonly entries = new Map<string, string>();
  program = 'test';
  /** Names of the entries that were written since it was last emptied. */
  written: string[] = [];
  readonly store = {
    read: (name: string) => this.entries.get(name),
    write: (name: string, text: string) => {
      this.written.push(name);
      this.entries.set(name, text);
    },
  };
}

async function textOf(root: string, cache?: CacheOptions): Promise<string> {
  return canonicalJson(await capture(root, { release: '7.3.4', ...(cache && { cache }) }));
}

test('a capture is the same to the byte without a cache, with an empty one and with a full one', async () => {
  const root = treeOf('same');
  const cache = new MemoryCache();
  const plain = await textOf(root);
  assert.equal(await textOf(root, cache), plain);
  assert.ok(cache.written.length > 10);
  cache.written = [];
  assert.equal(await textOf(root, cache), plain);
  assert.deepEqual(cache.written, [], 'nothing is parsed twice');
});

test('only what a changed file has a part in is parsed again', async () => {
  const root = treeOf('changed');
  const cache = new MemoryCache();
  await textOf(root, cache);
  const all = cache.written.length;
  cache.written = [];
  appendFileSync(join(root, HEADER), '\n#define KHO_KEXEC_METADATA_MORE 1\n');
  assert.equal(await textOf(root, cache), await textOf(root));
  assert.ok(cache.written.length > 0 && cache.written.length < all / 2);
});

test('a header that only an include leads to counts, and so does its absence', async () => {
  const root = treeOf('reached', {
    [HEADER]: `#include <linux/length.h>
#define KHO_METADATA_NODE_NAME "kexec-metadata"
#define KHO_KEXEC_METADATA_VERSION 1
struct kho_kexec_metadata {
	u32 version;
	char previous_release[RELEASE_LENGTH];
} __packed;
`,
    'include/linux/length.h': '#include <asm/length.h>\n',
    'include/asm-generic/length.h': '#define RELEASE_LENGTH 65\n',
  });
  const cache = new MemoryCache();
  const sizes: (number | undefined)[] = [];
  const look = async () => {
    const document = await capture(root, { release: '7.3.4', cache });
    assert.equal(canonicalJson(document), await textOf(root));
    const layout = document.components['kexec-metadata']?.structs.kho_kexec_metadata?.layout;
    sizes.push((layout?.all ?? layout?.['x86_64-4k'])?.size);
  };
  await look();
  write(root, 'include/asm-generic/length.h', '#define RELEASE_LENGTH 33\n');
  await look();
  write(root, 'arch/x86/include/asm/length.h', '#define RELEASE_LENGTH 17\n');
  await look();
  rmSync(join(root, 'arch/x86/include/asm/length.h'));
  await look();
  assert.deepEqual(sizes, [69, 37, 21, 37]);
});

test('a name that comes to stand in another header than before is found, in one that was there and in a new one', async () => {
  const code = 'kernel/liveupdate/kexec_handover.c';
  const bare = readFileSync(join(FIXTURE, code), 'utf8').replace(/^#define KHO_VMALLOC_\w+ .*$/gm, '');
  const beside = ['include/linux/kho/abi/made.h', 'arch/x86/include/uapi/asm/made.h'] as const;
  const rows = [
    [beside[0], '#define KHO_VMALLOC_ALLOC 4\n', '"KHO_VMALLOC_ALLOC"'],
    [beside[1], '#define SETUP_KEXEC_KHO 9\n', '"SETUP_KEXEC_KHO"'],
  ] as const;
  const setup = 'arch/x86/include/uapi/asm/setup_data.h';
  const without = readFileSync(join(FIXTURE, setup), 'utf8').replace(/^#define SETUP_KEXEC_KHO .*$/m, '');
  const plain = { [code]: bare, [setup]: without };
  for (const [path, text, fact] of rows) {
    for (const before of [{}, { [path]: '/* nothing */\n' }]) {
      const cache = new MemoryCache();
      const name = `moved-${path.replaceAll('/', '-')}-${Object.keys(before).length}`;
      const root = treeOf(name, { ...plain, ...before });
      assert.ok(!(await textOf(root, cache)).includes(fact), name);
      write(root, path, text);
      const moved = await textOf(root, cache);
      assert.ok(moved.includes(fact), name);
      assert.equal(moved, await textOf(root), name);
    }
  }
});

test('kernels that agree in the named files and differ in what those include keep an entry each', async () => {
  const cache = new MemoryCache();
  const header = '#include <linux/length.h>\n#define KHO_KEXEC_METADATA_VERSION LENGTH\n';
  const roots = [1, 2].map((length) =>
    treeOf(`twin-${length}`, { [HEADER]: header, 'include/linux/length.h': `#define LENGTH ${length}\n` }),
  );
  for (const root of roots) await textOf(root, cache);
  cache.written = [];
  for (const root of roots) assert.equal(await textOf(root, cache), await textOf(root));
  assert.deepEqual(cache.written, []);
});

test('a damaged entry is ignored and written again', async () => {
  const root = treeOf('damaged');
  const cache = new MemoryCache();
  const plain = await textOf(root, cache);
  const damages: ((text: string) => string)[] = [
    () => '',
    () => 'no entry',
    (text) => text.slice(0, -20),
    (text) => text.replace('"size":', '"size":9'),
    (text) => `${text.slice(0, text.indexOf('\n'))}\nnull`,
  ];
  for (const damage of damages) {
    const whole = new Map(cache.entries);
    cache.written = [];
    for (const [name, text] of whole) cache.entries.set(name, damage(text));
    assert.equal(await textOf(root, cache), plain);
    assert.deepEqual(cache.entries, whole);
  }
});

test('another program, and another configuration, do not see the entries', async () => {
  const root = treeOf('program');
  const cache = new MemoryCache();
  await textOf(root, cache);
  const all = cache.written.length;
  cache.written = [];
  cache.program = 'other';
  await textOf(root, cache);
  assert.equal(cache.written.length, all);
  cache.written = [];
  const config = new Map([['CONFIG_KEXEC_HANDOVER', 'y']]);
  await capture(root, { release: '7.3.4', cache, config });
  assert.equal(cache.written.length, all);
});

test('a file that cannot be opened is looked at each time', async () => {
  const root = treeOf('broken', { [HEADER]: 'struct s {\0};\n' });
  const cache = new MemoryCache();
  const plain = await textOf(root);
  assert.equal(await textOf(root, cache), plain);
  cache.written = [];
  assert.equal(await textOf(root, cache), plain);
  assert.deepEqual(cache.written, []);
});
