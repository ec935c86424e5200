// Writes beside each chunk of dist/ what V8 has compiled of it, functions that the commands below ran included: compiling was a
// third of what a short command takes beyond the start of Node. Run by the build in a process of its own.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import v8 from 'node:v8';
import { writeSampleImage } from './sample-image.mjs';
import { updateOfSample } from './sample-repository.mjs';

const folder = mkdtempSync(join(tmpdir(), 'luo-abi-build-'));
const image = join(folder, 'bzImage');
const captures = (await writeSampleImage(image)) ? [['capture', image]] : [];

const COMMANDS = [
  ['--version'],
  ['check', '7.2.12', '7.3.4', '--both'],
  ['check', '7.2.12', '7.3.4', '--format', 'json'],
  ['list'],
  ['matrix', '--profile', 'memory', '--releases', '>=7.2 <=7.3'],
  ['route', '7.2.12', '7.3.4', '--profile', 'memory', '--releases', '>=7.2 <=7.3'],
  ...captures,
  ...(await updateOfSample(folder)),
];

// Compiled code is good for the flags that V8 had when it was written, and a command that sets some does so behind its start.
v8.setFlagsFromString = () => {};

const { load, loaded, cacheOf } = createRequire(import.meta.url)(resolve('dist/cli/load.js'));
const { main } = load(resolve('dist/cli/program.js'));
for (const command of COMMANDS) await main(command);
for (const [path, { script }] of loaded) writeFileSync(cacheOf(path), script.createCachedData());
rmSync(folder, { recursive: true });
process.exitCode = 0;
