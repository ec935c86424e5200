import { tsImport } from 'tsx/esm/api';

/** Puts what the files of the components say in the place of the module that reads them, by running that module. */
export const readComponents = {
  name: 'read-components',
  async setup(build) {
    const { BUILT_IN } = await tsImport('../schema/built-in-components.ts', import.meta.url);
    build.onLoad({ filter: /[\\/]src[\\/]schema[\\/]built-in-components\.ts$/ }, () => ({
      contents: `export const BUILT_IN = JSON.parse(${JSON.stringify(JSON.stringify(BUILT_IN))});`,
      loader: 'js',
    }));
  },
};
