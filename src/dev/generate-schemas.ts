// Writes schemas/*.schema.json from the types of src/model; with --check it only compares and fails on a difference.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as TJS from 'typescript-json-schema';
import { canonicalJson, sortKeys } from '../model/canonical.ts';
import { packageRoot } from '../schema/package-root.ts';
import { SCHEMAS } from '../schema/schemas.ts';

const root = packageRoot();
const isCheck = process.argv.includes('--check');
const files = [...new Set(Object.values(SCHEMAS).map(({ file }) => join(root, 'src/model', file)))];
const program = TJS.getProgramFromFiles(
  files,
  {
    strict: true,
    module: 'esnext',
    moduleResolution: 'bundler',
    target: 'es2022',
    allowImportingTsExtensions: true,
    noEmit: true,
    skipLibCheck: true,
    exactOptionalPropertyTypes: true,
  },
  root,
);
const settings = {
  required: true,
  noExtraProps: true,
  ref: true,
  strictNullChecks: true,
  ignoreErrors: true,
};
const generator = TJS.buildGenerator(program, settings, files);
if (!generator) throw new Error('typescript-json-schema could not read src/model');
let stale = 0;
for (const [name, { type }] of Object.entries(SCHEMAS)) {
  const { $schema, ...schema } = generator.getSchemaForSymbol(type);
  const { definitions, ...body } = schema;
  const text = canonicalJson({
    $schema,
    $id: `${name}.schema.json`,
    ...body,
    ...(definitions && { definitions: sortKeys(definitions as Record<string, unknown>) }),
  });
  const path = join(root, 'schemas', `${name}.schema.json`);
  let current = '';
  try {
    current = readFileSync(path, 'utf8');
  } catch {
    // A schema that is not there yet differs from what it should be.
  }
  if (current === text) continue;
  stale += 1;
  console.log(`${isCheck ? 'stale' : 'written'}: schemas/${name}.schema.json`);
  if (!isCheck) writeFileSync(path, text);
}
if (isCheck && stale > 0) {
  console.error('schemas differ from src/model: run npm run schemas');
  process.exitCode = 1;
}
