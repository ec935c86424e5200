import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Options, ValidateFunction } from 'ajv';
import { packageRoot } from './package-root.ts';
import type { SchemaName } from './schemas.ts';

const require = createRequire(import.meta.url);

/**
 * The validator of a published schema. In dist/ another module stands in this one's place (src/dev/bundle-validators.mjs)
 * and loads what ajv made of the schema at build time: compiling takes longer than most commands.
 */
export function compileSchema(name: SchemaName): ValidateFunction {
  const { Ajv } = require('ajv') as typeof import('ajv');
  // The schemas are checked when they are made; checking them here as well costs a third of the compile.
  const options = require('./ajv-options.json') as Options;
  const schema = readFileSync(join(packageRoot(), 'schemas', `${name}.schema.json`), 'utf8');
  return new Ajv(options).compile(JSON.parse(schema));
}
