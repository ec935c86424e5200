import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import standalone from 'ajv/dist/standalone/index.js';

const FOLDER = 'dist/validators';
const SUFFIX = '.schema.json';

/** Puts code that loads the validators of `writeValidators` in the place of the module that compiles schemas. */
export const precompiledValidators = {
  name: 'precompiled-validators',
  load: {
    filter: { id: /[\\/]src[\\/]schema[\\/]compile\.ts$/ },
    handler: () => ({
      code: `
        import { createRequire } from 'node:module';
        import { join } from 'node:path';
        import { packageRoot } from './package-root.ts';
        const require = createRequire(import.meta.url);
        export const compileSchema = (name) => require(join(packageRoot(), '${FOLDER}', name + '.cjs'));
      `,
      moduleType: 'ts',
    }),
  },
};

/** Writes each published schema as code that validates: a CommonJS module, loaded when it is first needed. */
export async function writeValidators() {
  const options = JSON.parse(await readFile('src/schema/ajv-options.json', 'utf8'));
  await mkdir(FOLDER, { recursive: true });
  const files = (await readdir('schemas')).filter((file) => file.endsWith(SUFFIX));
  for (const file of files) {
    const ajv = new Ajv({ ...options, code: { source: true } });
    const validator = ajv.compile(JSON.parse(await readFile(join('schemas', file), 'utf8')));
    const name = file.slice(0, -SUFFIX.length);
    await writeFile(join(FOLDER, `${name}.cjs`), standalone.default(ajv, validator));
  }
}
