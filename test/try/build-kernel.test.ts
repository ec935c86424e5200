import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { kernelSource } from '../../src/ask/trials/kernel-sources.ts';
import type { ToolError } from '../../src/errors.ts';
import type { Target } from '../../src/model/target.ts';
import { buildKernel, openWorkshop } from '../../src/try/build-kernel.ts';
import { checkTools, ownTarget, toolchainOf } from '../../src/try/toolchain.ts';
import { pause, working } from '../../src/work.ts';

// A tree that stands for a kernel's: its Makefile has the targets that a build asks for.

const folder = mkdtempSync(join(tmpdir(), 'luo-abi-build-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const cache = join(folder, 'cache');
const lacks = ['make', 'gcc', 'flex', 'bison', 'bc', 'lz4'].find(
  (name) => spawnSync(name, ['--version']).error,
);
const image = process.arch === 'arm64' ? 'Image' : 'bzImage';
const machine = process.arch === 'arm64' ? 'arm64' : 'x86';

function tree(name: string, body: string): string {
  const path = join(folder, name);
  mkdirSync(join(path, 'scripts/kconfig'), { recursive: true });
  writeFileSync(
    join(path, 'Makefile'),
    `VERSION = 7\nPATCHLEVEL = 3\nSUBLEVEL = 4\nEXTRAVERSION =\ntinyconfig:\n\t: > $(O)/.config\nolddefconfig:\n\ttrue\n${image}:\n\tmkdir -p $(O)/arch/${machine}/boot\n${body}`,
  );
  writeFileSync(join(path, 'scripts/kconfig/merge_config.sh'), '#!/bin/sh\ncat "$5" >> "$2/.config"\n');
  chmodSync(join(path, 'scripts/kconfig/merge_config.sh'), 0o755);
  return path;
}

test('a tree is built once for each configuration, and nothing else is left', async (context) => {
  if (lacks) return context.skip(`no ${lacks}`);
  const path = tree(
    'plain',
    `\techo built >> ${folder}/count\n\techo kernel > $(O)/arch/${machine}/boot/${image}\n`,
  );
  const source = await kernelSource(path, '.');
  assert.equal(source.name, '7.3.4');
  const first = await buildKernel({ source, fragment: '', cache });
  const again = await buildKernel({ source: await kernelSource(path, '.'), fragment: '', cache });
  assert.deepEqual([first.isFromCache, again.isFromCache], [false, true]);
  assert.equal(readFileSync(again.image, 'utf8'), 'kernel\n');
  assert.match(readFileSync(again.config, 'utf8'), /CONFIG_KEXEC_HANDOVER=y/);
  const other = await buildKernel({ source, fragment: 'CONFIG_NUMA=y', cache });
  assert.equal(other.isFromCache, false);
  assert.equal(readFileSync(join(folder, 'count'), 'utf8').trim().split('\n').length, 2);
  assert.deepEqual(
    readdirSync(cache).filter((name) => name.startsWith('building-')),
    [],
  );
});

test('in a workshop the next revision is put over the one before, and only what differs is written', async (context) => {
  if (lacks) return context.skip(`no ${lacks}`);
  const path = tree(
    'history',
    `\techo again >> $(O)/seen\n\ttouch $$TMPDIR/luo-abi-left\n\tcp $(O)/seen $(O)/arch/${machine}/boot/${image}\n`,
  );
  const git = (...args: string[]): string => {
    const names = ['-c', 'user.name=a', '-c', 'user.email=a@example.org', '-c', 'commit.gpgsign=false'];
    const { status, stdout, stderr } = spawnSync('git', [...names, '-C', path, ...args], {
      encoding: 'utf8',
    });
    assert.equal(status, 0, stderr);
    return stdout.trim();
  };
  const commit = (files: Readonly<Record<string, string | null>>): string => {
    for (const [name, text] of Object.entries(files)) {
      if (text === null) rmSync(join(path, name));
      else writeFileSync(join(path, name), text);
    }
    git('add', '-A');
    git('commit', '-q', '-m', 'a step');
    return git('rev-parse', 'HEAD');
  };
  git('init', '-q');
  const revisions = [
    commit({ 'same.c': 'int same;', 'other.c': 'int one;', 'gone.c': 'int gone;' }),
    commit({ 'other.c': 'int two;', 'gone.c': null }),
  ];
  const workshop = openWorkshop(cache);
  const file = (name: string): string => join(workshop.folder, 'source', name);
  const built: string[] = [];
  const times: number[] = [];
  for (const revision of revisions) {
    const source = await kernelSource(`${path}#${revision}`, '.');
    const { image: at } = await buildKernel({ source, fragment: '', cache, workshop });
    built.push(readFileSync(at, 'utf8'));
    times.push(statSync(file('same.c')).mtimeMs);
  }
  assert.deepEqual(built, ['again\n', 'again\nagain\n']);
  assert.equal(times[0], times[1]);
  assert.equal(readFileSync(file('other.c'), 'utf8'), 'int two;');
  assert.ok(!existsSync(file('gone.c')));
  workshop.close();
  assert.ok(!existsSync(workshop.folder) && !existsSync(join(tmpdir(), 'luo-abi-left')));
  assert.equal(git('status', '--porcelain'), '');
});

// Programs that stand for the compiler of the other machine.
const other = process.arch === 'arm64' ? 'x86_64-4k' : 'arm64-4k';
const cross = toolchainOf(other);

async function withPath<T>(path: string, work: () => Promise<T> | T): Promise<T> {
  const before = process.env.PATH;
  process.env.PATH = path;
  try {
    return await work();
  } finally {
    process.env.PATH = before;
  }
}

test('a kernel for another machine is built by its compiler, and kept beside the own one', async (context) => {
  if (lacks) return context.skip(`no ${lacks}`);
  const tools = join(folder, 'tools');
  mkdirSync(tools);
  for (const name of ['gcc', 'ld']) {
    writeFileSync(join(tools, cross.prefix + name), '#!/bin/sh\n');
    chmodSync(join(tools, cross.prefix + name), 0o755);
  }
  const boot = `$(O)/arch/$(ARCH)/boot`;
  const path = tree(
    'both',
    `\techo $(ARCH) $(CROSS_COMPILE) > ${boot}/${image}\n${cross.image}:\n\tmkdir -p ${boot}\n\techo $(ARCH) $(CROSS_COMPILE) > ${boot}/${cross.image}\n`,
  );
  const built = async (target?: Target): Promise<string> => {
    const source = await kernelSource(path, '.');
    const { image: at } = await buildKernel({ source, fragment: '', cache, target });
    return readFileSync(at, 'utf8');
  };
  await withPath(`${tools}:${process.env.PATH}`, async () => {
    assert.equal(await built(other), `${cross.arch} ${cross.prefix}\n`);
    assert.equal(await built(), `${machine}\n`);
    await assert.rejects(
      kernelSource(path, '.').then((source) => {
        const fragment = 'CONFIG_ARM64_16K_PAGES=y';
        return buildKernel({ source, fragment, cache, target: 'arm64-4k' });
      }),
      (error: ToolError) =>
        error.code === 'BUILD_FAILED' && /cannot be built for arm64-4k$/.test(error.message),
    );
  });
});

test('the package of a compiler that is missing is named', async () => {
  const empty = join(folder, 'empty');
  mkdirSync(empty);
  const names: readonly [target: Target, says: RegExp][] = [
    [
      other,
      new RegExp(
        `no make, gcc.*${cross.prefix}gcc.*apt-get install make gcc .*gcc-(aarch64|x86-64)-linux-gnu`,
      ),
    ],
    [
      ownTarget(),
      machine === 'x86'
        ? /^no make, gcc, ld, flex, bison, bc, setsid, lz4; apt-get install make gcc binutils flex bison bc util-linux lz4 lib/
        : /^no make, gcc, ld, flex, bison, bc, setsid; apt-get install make gcc binutils flex bison bc util-linux lib/,
    ],
  ];
  await withPath(empty, () => {
    for (const [target, says] of names)
      assert.throws(
        () => checkTools(toolchainOf(target)),
        (error: ToolError) => error.code === 'BUILD_TOOLS_MISSING' && says.test(error.message),
      );
  });
});

test('what make says is told in one line, and a build that fails leaves nothing', async (context) => {
  if (lacks) return context.skip(`no ${lacks}`);
  const path = tree('broken', '\t@echo "mm/x.c:3:1: error: no such member" >&2; exit 1\n');
  await assert.rejects(
    buildKernel({ source: await kernelSource(path, '.'), fragment: '', cache }),
    (error: ToolError) => error.code === 'BUILD_FAILED' && /error: no such member$/.test(error.message),
  );
  assert.deepEqual(
    readdirSync(cache).filter((name) => name.startsWith('building-')),
    [],
  );
});

for (const [what, says] of [
  ['is silent', 'echo compiling; exec sleep 1000'],
  ['writes on', 'exec yes compiling'],
] as const) {
  test(`a signal that is aborted stops make, which ${what}, and leaves nothing`, async (context) => {
    if (lacks) return context.skip(`no ${lacks}`);
    const path = tree(`long-${what.replace(' ', '-')}`, `\t@${says}\n`);
    const controller = new AbortController();
    const reason = new Error('enough');
    const onLine = (line: string): void => {
      if (line === 'compiling') controller.abort(reason);
      pause();
    };
    const source = await kernelSource(path, '.');
    const building = working({ signal: controller.signal }, () =>
      buildKernel({ source, fragment: '', cache, onLine }),
    );
    await assert.rejects(building, (error) => error === reason);
    const left = (): string[] => readdirSync(cache).filter((name) => name.startsWith('building-'));
    for (let tries = 0; tries < 400 && left().length > 0; tries++) await wait(50);
    assert.deepEqual(left(), []);
  });
}

test('a release without a source, and a folder that is no tree, are named', async () => {
  await assert.rejects(kernelSource('9.9.9', folder), (error: ToolError) => error.code === 'RELEASE_UNKNOWN');
  await assert.rejects(kernelSource(cache, '.'), (error: ToolError) => error.code === 'NOT_A_KERNEL');
});
