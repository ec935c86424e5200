import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { capture } from '../../src/capture/capture.ts';
import { initParser } from '../../src/cdecl/index.ts';
import type { CaptureDocument } from '../../src/model/capture.ts';
import { debBytes, tarBytes } from '../formats/archives.ts';
import { cpioBytes, RPM_TAGS, rpmBytes } from '../formats/packages.ts';
import {
  bothDoors,
  type Files,
  kernelWithThoseOf,
  LEAST_KERNEL,
  MadeTrees,
} from '../support/inferred-kernels.ts';

// A driver's own headers bear no word that a search could find them by: every door to a source reads what a caller includes
// in quotes, since what it says of the caller rests on them.

before(initParser);

const trees = new MadeTrees();
const root = mkdtempSync(join(tmpdir(), 'luo-abi-private-'));
after(() => {
  trees.remove();
  rmSync(root, { recursive: true, force: true });
});

/** A kernel with a driver whose record is declared two headers away from it. */
const kernel = (members: string): Files => ({
  ...LEAST_KERNEL,
  'drivers/foo/foo.c':
    '#include "foo.h"\nstatic struct liveupdate_file_handler h = { .compatible = "foo-v1" };\nint init(void) { return liveupdate_register_file_handler(&h); }\nvoid *keep(void) { return kho_alloc_preserve(sizeof(struct foo_record)); }\n',
  'drivers/foo/foo.h': '#include <linux/types.h>\n#include "../inner.h"\n',
  'drivers/inner.h': `struct foo_record { ${members} };\n`,
});

const below = (folder: string, files: Files) =>
  Object.entries(files)
    .map(([path, text]) => ({ path: `${folder}/${path}`, text }))
    .sort((one, other) => (one.path < other.path ? -1 : 1));

/** A file of these bytes, for a document to be captured from. */
let count = 0;
const written = (name: string, bytes: Uint8Array): string => {
  const path = join(mkdtempSync(join(root, `door-${++count}-`)), name);
  writeFileSync(path, bytes);
  return path;
};

const rpm = (files: Files): Buffer =>
  rpmBytes(gzipSync(cpioBytes(below('./usr/src/linux-7.3.4', files))), {
    ...RPM_TAGS,
    1000: 'kernel-source',
    1001: '7.3.4',
    1022: 'noarch',
  });

const DOORS: Readonly<Record<string, (files: Files) => string>> = {
  'a tarball': (files) => written('linux-7.3.4.tar.gz', gzipSync(tarBytes(below('linux-7.3.4', files)))),
  'a package of Debian with a tarball': (files) => {
    const text = gzipSync(tarBytes(below('linux-source-7.3', files)));
    const outer = tarBytes([{ path: './usr/src/linux-source-7.3.tar.gz', text }]);
    return written('linux-source-7.3.deb', debBytes('data.tar.gz', gzipSync(outer)));
  },
  'a package of Debian with a tree': (files) =>
    written(
      'linux-source-7.3.deb',
      debBytes('data.tar.gz', gzipSync(tarBytes(below('./usr/src/linux-7.3.4', files)))),
    ),
  'an RPM package with a tree': (files) => written('kernel-source.rpm', rpm(files)),
  'a revision': (files) => {
    const folder = trees.tree(files);
    const git = (...args: string[]) =>
      execFileSync('git', ['-C', folder, '-c', 'user.name=a', '-c', 'user.email=a@b.c', ...args]);
    git('init', '-q');
    git('add', '-A');
    git('commit', '-q', '-m', 'one');
    return `${folder}#HEAD`;
  },
};

const handedOver = ({ components }: CaptureDocument) => [components.foo, components.callers];

describe('a record in a header beside the driver', () => {
  const [small, large] = ['u64 size;', 'u64 size; u64 more;'];
  for (const [door, open] of Object.entries(DOORS)) {
    test(`${door} says what the folder says, and its growth is a misread`, async () => {
      const folder = await capture(trees.tree(kernel(small)));
      const [first, grown] = [await capture(open(kernel(small))), await capture(open(kernel(large)))];
      assert.deepEqual(Object.keys(folder.components.foo?.structs ?? {}), ['foo_record']);
      assert.deepEqual(handedOver(first), handedOver(folder));
      assert.equal(
        bothDoors(kernelWithThoseOf('7.3.4+a', first), kernelWithThoseOf('7.3.4+b', grown), 'carried'),
        'misread',
      );
    });
  }
});
