/* Real kernels, from the folder that LUO_ABI_KERNELS names: packages below it, at any depth. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openSource } from '../../src/sources/index.ts';

const FOLDER = process.env.LUO_ABI_KERNELS || undefined;
const WANTED = {
  wanted: (path: string) => /^(include\/(linux|uapi)|mm)\//.test(path),
  folders: ['include/linux/', 'include/uapi/', 'mm/'],
};

function findPackage(start: string, end: string): string | undefined {
  if (FOLDER === undefined) return undefined;
  const paths = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).sort();
  const names = (path: string) => path.split('/').at(-1) ?? '';
  const found = paths.find((path) => names(path).startsWith(start) && names(path).endsWith(end));
  return found && join(FOLDER, found);
}

for (const { start, end, kind, release, hasSources } of [
  { start: 'linux_7.1.13', end: '.tar.xz', kind: 'tarball', release: '7.1.13', hasSources: true },
  { start: 'linux-headers-7.3.4', end: '.deb', kind: 'deb', release: '7.3.4', hasSources: false },
  { start: 'linux-source-7.3_7.3.4', end: '.deb', kind: 'deb', release: '7.3.4', hasSources: true },
]) {
  const path = findPackage(start, end);
  const skip = path === undefined && `no ${start}*${end} (LUO_ABI_KERNELS names the folder)`;
  test(`opens ${start}*${end}`, { skip }, async () => {
    const kernel = await openSource(path ?? '', WANTED);
    assert.deepEqual([kernel.kind, kernel.release], [kind, release]);
    assert.match(kernel.read('include/linux/kho/abi/luo.h') ?? '', /LUO_.*COMPATIBLE/);
    assert.match(kernel.date ?? '', /^2\d{3}-\d\d-\d\d$/);
    assert.equal(kernel.read('mm/memfd_luo.c') !== undefined, hasSources);
    assert.equal(kernel.package !== undefined, kind === 'deb');
    assert.ok(kernel.list('include/linux').length > 2000);
  });
}
