/** Makes of every chunk the function that src/cli/load.cjs calls: the body of a CommonJS module, as Node itself would wrap it. */
export const asFunctions = {
  name: 'as-functions',
  generateBundle(_options, bundle) {
    for (const file of Object.values(bundle)) {
      if (file.type !== 'chunk') continue;
      file.code = `(function (exports, require, module, __filename, __dirname) {${file.code}\n})`;
    }
  },
};
