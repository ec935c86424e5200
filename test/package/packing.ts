import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../src/schema/package-root.ts';

// What `npm pack` gives, made in a copy of the project: packing builds `dist/`, which other tests use at the same time.

/** What the copy needs: all that is packed, and what it is built from. */
const PARTS = ['.config', 'docs', 'man', 'schemas', 'src', 'versions'] as const;
const FILES = ['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json', 'tsconfig.json'] as const;

/** Packs the project; the path of the tarball. */
export function pack(folder: string): string {
  const [copy, out] = [join(folder, 'project'), join(folder, 'packed')];
  for (const path of [copy, out]) mkdirSync(path);
  for (const name of [...PARTS, ...FILES]) {
    cpSync(join(packageRoot(), name), join(copy, name), { recursive: true });
  }
  symlinkSync(join(packageRoot(), 'node_modules'), join(copy, 'node_modules'));
  execFileSync('npm', ['pack', '--silent', '--pack-destination', out], { cwd: copy, stdio: 'pipe' });
  const [name = ''] = readdirSync(out);
  return join(out, name);
}

/** A program that uses all of the library, with the types of what it gives. */
export const CONSUMER = `
import type { CheckOutput, GateReport, MatrixOutput, RouteOutput } from 'luo-abi';
import { capture, check, gate, matrix, openCatalog, PROFILES, route, ToolError } from 'luo-abi';

const catalog = await openCatalog({ cache: './catalog.sqlite', evidence: './evidence' });
const pair: CheckOutput = await check('6.17.8', '6.18.15', { catalog, profile: 'memory' });
const many: MatrixOutput = await matrix({ catalog, profile: 'memfd', only: 'main+1' });
const way: RouteOutput = await route('7.2.6', '7.3.4', { catalog, profile: 'memfd' });
const report: GateReport = await gate(
  { schemaVersion: 1, kernels: { ranges: ['>=7.2'] }, pairs: { classes: ['main+1'] }, profiles: ['memfd'] },
  { catalog, today: '2026-11-22' },
);
// @ts-expect-error a profile is no number
await check('7.2.12', '7.3.4', { catalog, profile: 5 }).catch(() => {});
catalog.close();
const failed = await capture('/nowhere').catch((error: unknown) =>
  error instanceof ToolError ? error.code : 'not a ToolError',
);
console.log(pair.verdict, many.pairs.length > 0, way.hops?.length, report.outcome, failed, PROFILES.length);
`;

/** What the program prints. */
export const PRINTED = 'misread true 1 passed FILE_UNREADABLE 5\n';

/** Compiles the program against the package that a folder has installed, libraries' own types checked too, and runs it. */
export function runConsumer(folder: string): string {
  writeFileSync(join(folder, 'use.mts'), CONSUMER);
  const compiler = join(packageRoot(), 'node_modules/typescript/bin/tsc');
  const options = ['--strict', '--module', 'nodenext', '--target', 'es2022', '--skipLibCheck', 'false'];
  try {
    execFileSync(process.execPath, [compiler, ...options, 'use.mts'], { cwd: folder, stdio: 'pipe' });
  } catch (error) {
    throw new Error(String((error as { stdout?: Buffer }).stdout));
  }
  return execFileSync(process.execPath, ['use.mjs'], { cwd: folder, encoding: 'utf8' });
}
