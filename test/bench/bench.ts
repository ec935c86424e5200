// Commands that every user runs, and captures of source, each against a named reference.
// LUO_ABI_KERNELS names a folder with source/ and headers/ packages for the capture rows.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../src/schema/package-root.ts';
import { compare, firstIn, peakMemory, printHead } from './timing.ts';

const main = join(packageRoot(), 'dist/cli/main.js');
const cache = mkdtempSync(join(tmpdir(), 'luo-abi-bench-'));
const env = { ...process.env, XDG_CACHE_HOME: cache };

printHead();
compare({
  what: 'check, catalog built',
  command: `node ${main} check 7.2.12 7.3.4 --profile memfd`,
  reference: 'node -e 0',
  limit: 2,
  env,
});
compare({
  what: 'catalog build of all documents',
  command: `node ${main} catalog build --catalog ${cache}/b.sqlite`,
  reference: 'node -e 0',
  limit: 10,
  env,
});

const kernels = process.env.LUO_ABI_KERNELS;
const tarball = kernels && firstIn(join(kernels, 'source'), /7\.1\.13.*\.tar\.xz$/);
const headers = kernels && firstIn(join(kernels, 'headers'), /7\.3\.4.*\.deb$/);
if (tarball) {
  const command = `node ${main} capture ${tarball}`;
  compare({
    what: 'capture of a release tarball',
    command: `${command} >/dev/null`,
    reference: `xz -dc ${tarball} | tar -t >/dev/null`,
    limit: 1.3,
    env,
  });
  peakMemory(command, env);
}
if (headers) {
  compare({
    what: 'capture of a headers package',
    command: `node ${main} capture ${headers} >/dev/null`,
    reference: `dpkg-deb --fsys-tarfile ${headers} | tar -t >/dev/null`,
    limit: 2,
    env,
  });
}
if (!kernels) console.log('LUO_ABI_KERNELS is not set: the capture rows were left out');
rmSync(cache, { recursive: true, force: true });
