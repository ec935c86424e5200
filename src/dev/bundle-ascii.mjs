// V8 reads a file of nothing but ASCII as bytes; one other character makes all of it twice as large.

/** Writes every other character of the bundle, all of which stand in strings and patterns, by its number. */
export const inAscii = {
  name: 'in-ascii',
  generateBundle(_options, bundle) {
    for (const file of Object.values(bundle)) {
      if (file.type === 'chunk') file.code = file.code.replace(/[^\0-\x7f]/g, escaped);
    }
  },
};

const escaped = (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
