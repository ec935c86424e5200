import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { packageRoot } from '../../src/schema/package-root.ts';

// What is no door knows no terminal: remarks go to `note`, progress to `progress`, an end is an error.

const DOORS = /^(?:cli|server|dev|page\/ui)\//;
const LOUD = /\bconsole\.\w+\(|\bprocess\.(?:argv|exit|exitCode|stderr|stdin|stdout)\b|\bemitWarning\b/;

const OPTION =
  /--(?:accel|catalog|component|into|list|matrix|memory|on|release|releases|sources|staged|state|target|with)(?![\w-])/;
/** Hints and answers are read by people who have the commands, and stay to the byte what they are. */
const SPOKEN = /^(?:inspect|report|shim)\/|^errors\.ts$|^ask\/trials\/trying\.ts$/;

const source = join(packageRoot(), 'src');
const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
  (path) => /\.tsx?$/.test(path) && !DOORS.test(path),
);

test('nothing below the doors writes to a stream, reads arguments or ends the process', () => {
  assert.ok(files.length > 400);
  assert.deepEqual(linesWith(LOUD, files), []);
});

test('what goes wrong is told without the options of a command', () => {
  const code = linesWith(
    OPTION,
    files.filter((path) => !SPOKEN.test(path)),
  );
  // `rev-list --all` and the like are options of git.
  assert.deepEqual(
    code.filter((line) => !/: (?:\/?\*|\/\/)/.test(line) && !line.startsWith('sources/git')),
    [],
  );
});

function linesWith(what: RegExp, paths: readonly string[]): string[] {
  return paths.flatMap((path) =>
    readFileSync(join(source, path), 'utf8')
      .split('\n')
      .flatMap((line, at) => (what.test(line) ? [`${path}:${at + 1}: ${line.trim()}`] : [])),
  );
}
