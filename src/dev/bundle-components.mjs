import { createHash } from 'node:crypto';
import { tsImport } from 'tsx/esm/api';

const BUILT_IN_COMPONENTS = /[\\/]src[\\/]schema[\\/]built-in-components\.ts$/;

/**
 * Puts a module that reads one file in the place of the one that reads those of the components. Its name holds the hash of what
 * it says, as those of the chunks do: the cache of parsed sources goes by those.
 */
export const readComponents = {
  name: 'read-components',
  load: {
    filter: { id: BUILT_IN_COMPONENTS },
    async handler() {
      const { readBuiltIn } = await tsImport('../schema/built-in-components.ts', import.meta.url);
      const source = JSON.stringify(readBuiltIn());
      const fileName = `components-${createHash('sha256').update(source).digest('hex').slice(0, 8)}.json`;
      this.emitFile({ type: 'asset', fileName, source });
      const code = `
        import { readFileSync } from 'node:fs';
        import { join } from 'node:path';
        import { packageRoot } from './package-root.ts';
        export function readBuiltIn() {
          return JSON.parse(readFileSync(join(packageRoot(), 'dist/cli/${fileName}'), 'utf8'));
        }`;
      return { code, moduleType: 'js' };
    },
  },
};
