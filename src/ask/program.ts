// What a door says of the program itself, and of the forms of its answers.
export { packageVersion } from '../schema/package-root.ts';
export type { SchemaName } from '../schema/schemas.ts';

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../schema/package-root.ts';
import type { SchemaName } from '../schema/schemas.ts';

/** The text of a published JSON Schema. */
export function schemaText(name: SchemaName): string {
  return readFileSync(join(packageRoot(), 'schemas', `${name}.schema.json`), 'utf8');
}
