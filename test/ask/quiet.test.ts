import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { packageRoot } from '../../src/schema/package-root.ts';

// What is no door knows no terminal: remarks go to `note`, progress to `progress`, an end is an error.

const DOORS = /^(?:cli|server|dev|page\/ui)\//;
const LOUD = /\bconsole\.\w+\(|\bprocess\.(?:argv|exit|exitCode|stderr|stdin|stdout)\b|\bemitWarning\b/;

test('nothing below the doors writes to a stream, reads arguments or ends the process', () => {
  const source = join(packageRoot(), 'src');
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
    (path) => /\.tsx?$/.test(path) && !DOORS.test(path),
  );
  assert.ok(files.length > 400);
  const loud = files.flatMap((path) =>
    readFileSync(join(source, path), 'utf8')
      .split('\n')
      .flatMap((line, at) => (LOUD.test(line) ? [`${path}:${at + 1}: ${line.trim()}`] : [])),
  );
  assert.deepEqual(loud, []);
});
