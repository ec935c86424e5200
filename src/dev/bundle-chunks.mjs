import { resolve } from 'node:path';

// Left alone, a bundler gives every set of entries that share some modules a chunk of its own: dozens of files for one
// command, each of which costs more to open at every start than to read. What a kind of start needs is one chunk: all that
// is loaded with its anchors, from what every start needs to what few need.

/** The chunks, each with the anchors of the module sets that are its own where they meet: what one of each list loads. */
const CHECK = ['src/cli/commands/check.ts'];
const CAPTURE = ['src/cli/commands/capture.ts'];
const MATRIX = ['src/cli/commands/matrix.ts'];
const ROUTE = ['src/cli/commands/route.ts'];
const CHUNKS = {
  start: [['src/cli/program.ts']],
  catalog: [['src/cli/asking.ts']],
  shared: [CHECK, [...CAPTURE, 'src/ask/capture/together.ts', 'src/capture/together.ts']],
  command: [CAPTURE],
  judge: [CHECK],
  table: [MATRIX, ROUTE],
  matrices: [MATRIX],
  ways: [ROUTE],
  open: [['src/capture/open.ts']],
  build: [['src/capture/together.ts']],
  source: [['src/capture/from-source.ts']],
};

/** The bundler's `codeSplitting`: a module goes into the first of these chunks that its loaders make it part of. */
export const loadedTogether = {
  groups: Object.entries(CHUNKS).map(([name, sets], at, { length }) => ({
    debugName: name,
    priority: length - at,
    name: (id, graph) => {
      const isLoaded = (anchor) => loadedWith(resolve(anchor), graph).has(id);
      return sets.every((anchors) => anchors.some(isLoaded)) ? name : null;
    },
  })),
};

const known = new Map();

/** The modules that an anchor imports at its start, and they, and so on; without the anchor, which is an entry by itself. */
function loadedWith(anchor, graph) {
  const before = known.get(anchor);
  if (before) return before;
  const found = new Set();
  const visit = (id) => {
    if (found.has(id)) return;
    found.add(id);
    for (const next of graph.getModuleInfo(id)?.importedIds ?? []) visit(next);
  };
  if (!graph.getModuleInfo(anchor)) throw new Error(`${anchor}: no such module in the bundle`);
  visit(anchor);
  found.delete(anchor);
  known.set(anchor, found);
  return found;
}
