import { builtinModules, createRequire } from 'node:module';

// `import … from 'node:x'` builds a namespace of all that x has, its getters called (those of node:process make the
// streams), and node:crypto takes as long to load as all of a small command. A bundle asks for what it uses instead.

const require = createRequire(import.meta.url);

/** Loaded when a function of theirs is first called. */
const LATE = new Set([
  'node:crypto',
  'node:diagnostics_channel',
  'node:os',
  'node:timers/promises',
  'node:v8',
]);

/** Puts plain reads of properties in the place of imports of node's own modules. */
export const builtinsAsked = {
  name: 'builtins-asked',
  resolveId: {
    filter: { id: /^node:/ },
    handler: (id) => (id !== 'node:module' && builtinModules.includes(id.slice(5)) ? `\0${id}` : null),
  },
  load: {
    filter: { id: /^\0node:/ },
    handler(id) {
      const name = id.slice(1);
      return { code: LATE.has(name) ? late(name) : early(name), moduleType: 'js', moduleSideEffects: false };
    },
  },
};

function early(name) {
  const names = namesOf(name).map((key) => `export const ${key} = /* @__PURE__ */ (() => builtin.${key})();`);
  return [
    `const builtin = /* @__PURE__ */ process.getBuiltinModule('${name}');`,
    ...names,
    'export default builtin;',
  ].join('\n');
}

function late(name) {
  const names = namesOf(name).filter((key) => typeof require(name)[key] === 'function');
  const calls = names.map(
    (key) => `export const ${key} = (...args) => process.getBuiltinModule('${name}').${key}(...args);`,
  );
  return calls.join('\n');
}

function namesOf(name) {
  return Object.keys(require(name)).filter((key) => /^[A-Za-z_$][\w$]*$/.test(key) && key !== 'default');
}
