'use strict';

// How a build starts. Its chunks are the bodies of CommonJS modules: beside each lies what V8 has compiled of it
// (src/dev/code-cache.mjs), and V8 takes that along for a script, where Node's ES modules leave it no way. Another version
// of V8 refuses what lies there, and compiles.
const { closeSync, fstatSync, openSync, readSync } = require('node:fs');
const { createRequire } = require('node:module');
const { dirname, join } = require('node:path');
const { Script } = require('node:vm');

/** Every chunk that was loaded, by its path: the script and what it exports. */
const loaded = new Map();

/** Loads a chunk as `require` would. */
function load(path) {
  const known = loaded.get(path);
  if (known) return known.module.exports;
  const script = new Script(bytesOf(path).latin1Slice(), {
    filename: path,
    cachedData: compiledOf(path),
  });
  const module = { exports: {} };
  loaded.set(path, { script, module });
  let requirePackage;
  const require = (id) => {
    if (id.startsWith('.')) return load(join(dirname(path), id));
    requirePackage ??= createRequire(path);
    return requirePackage(id);
  };
  script.runInThisContext()(module.exports, require, module, path, dirname(path));
  return module.exports;
}

/** Where the compiled code of a chunk lies, for this kind of processor. */
const cacheOf = (path) => `${path}.${process.arch}.cache`;

function compiledOf(path) {
  try {
    return bytesOf(cacheOf(path));
  } catch {
    return undefined;
  }
}

/** Every file is read into it, for most of what reading costs is touching fresh memory. */
let buffer = Buffer.allocUnsafeSlow(256 << 10);

/** The bytes of a file, good until the next one is read. */
function bytesOf(path) {
  const file = openSync(path);
  try {
    const { size } = fstatSync(file);
    if (size > buffer.length) buffer = Buffer.allocUnsafeSlow(size);
    return buffer.subarray(0, readSync(file, buffer, 0, size, 0));
  } finally {
    closeSync(file);
  }
}

module.exports = { load, loaded, cacheOf };
