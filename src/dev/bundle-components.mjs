import { tsImport } from 'tsx/esm/api';

const BUILT_IN_COMPONENTS = /[\\/]src[\\/]schema[\\/]built-in-components\.ts$/;

/** Puts what the files of the components say in the place of the module that reads them, by running that module. */
export const readComponents = {
  name: 'read-components',
  load: {
    filter: { id: BUILT_IN_COMPONENTS },
    async handler() {
      const { BUILT_IN } = await tsImport('../schema/built-in-components.ts', import.meta.url);
      const text = JSON.stringify(JSON.stringify(BUILT_IN));
      return { code: `export const BUILT_IN = JSON.parse(${text});`, moduleType: 'js' };
    },
  },
};
