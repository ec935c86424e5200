// The direction of imports, each rule with its reason. docs/architecture.md draws the same picture.
const only = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: `^src/${from}/` },
  to: { path: '^src/', pathNot: `^src/(${[from, 'errors', 'work', ...allowed].join('|')})(/|\\.ts$)` },
});

const CDECL_ROOMS = ['lex', 'expression', 'preprocess', 'parse', 'layout', 'fingerprint', 'code', 'running'];

module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      comment: 'a cycle, also one of types alone, has no first module to read',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    only('model-sees-nothing', 'model', [], 'the documents are the ground that all else stands on'),
    only(
      'components-are-data',
      'components',
      ['model', 'schema'],
      'a component is data, read where files and schemas are read',
    ),
    only('bytes-are-cursors', 'bytes', [], 'a cursor knows bytes and no format'),
    only('formats-are-parsers', 'formats', ['bytes'], 'formats know nothing of live update'),
    only('cdecl-is-a-parser', 'cdecl', ['model'], 'the C front end knows layouts and nothing of live update'),
    // Within cdecl the way of the data: a room imports those before it.
    ...CDECL_ROOMS.map((room, at) => ({
      name: `cdecl-${room}`,
      comment: 'the C front end goes one way: text, tokens, active text, declarations, layouts, hashes',
      severity: 'error',
      from: { path: `^src/cdecl/${room}/` },
      to: { path: '^src/cdecl/', pathNot: `^src/cdecl/(${CDECL_ROOMS.slice(0, at + 1).join('|')})/` },
    })),
    {
      name: 'cdecl-has-one-door',
      comment: 'who reads C asks cdecl/index.ts; capture/unit-pool.ts says why it cannot',
      severity: 'error',
      from: { path: '^(src|test)/', pathNot: '^src/(cdecl/|capture/unit-pool)' },
      to: { path: '^src/cdecl/', pathNot: '^src/cdecl/index\\.ts$' },
    },
    only(
      'sources-give-evidence',
      'sources',
      ['formats', 'bytes', 'model'],
      'a source opens evidence and does not interpret it',
    ),
    only(
      'capture-joins',
      'capture',
      ['sources', 'components', 'cdecl', 'formats', 'model'],
      'capture is source times component',
    ),
    only(
      'history-judges-revisions',
      'history',
      ['capture', 'cdecl', 'components', 'sources', 'formats', 'diff', 'verdict', 'model'],
      'history is capture, diff and verdict over the revisions of one tree',
    ),
    only('schema-checks-documents', 'schema', ['model'], 'what a document must be follows from its type'),
    only('diff-sees-the-model', 'diff', ['model'], 'a rule judges facts, wherever they came from'),
    only('verdict-uses-diff', 'verdict', ['diff', 'model'], 'a verdict follows from findings'),
    only('matrix-uses-verdict', 'matrix', ['verdict', 'diff', 'model'], 'many pairs are one pair many times'),
    only(
      'window-holds-formats',
      'window',
      ['matrix', 'verdict', 'diff', 'model'],
      'a window is which pairs must hold, told by the formats that they need',
    ),
    only(
      'shim-writes-code',
      'shim',
      ['verdict', 'diff', 'model'],
      'a shim follows from the facts of two kernels; it pairs nothing by itself',
    ),
    only(
      'catalog-stores',
      'catalog',
      ['model', 'schema', 'verdict'],
      'the catalog stores documents and gives kernels back',
    ),
    only(
      'report-sees-the-model',
      'report',
      ['model'],
      'a report renders results; no clock, locale or terminal inside',
    ),
    only(
      'page-shows-results',
      'page',
      ['catalog', 'diff', 'matrix', 'model', 'report', 'schema', 'verdict'],
      'the page judges by the code of the commands, and is handed its facts',
    ),
    only(
      'inspect-decodes',
      'inspect',
      ['model', 'verdict', 'formats'],
      'inspect reads bytes by the layouts of kernels; who judges a pair is handed in',
    ),
    only(
      'server-answers',
      'server',
      ['ask', 'report', 'model'],
      'the server is a door: it asks over HTTP what the other doors ask',
    ),
    only(
      'evidence-reads-reports',
      'evidence',
      ['catalog', 'model', 'schema'],
      'records of tests are read and checked here, and kept by the catalog',
    ),
    only(
      'try-boots-kernels',
      'try',
      ['verdict', 'diff', 'formats', 'model', 'schema'],
      'a trial boots kernels and reads their console; where they come from and what is recorded is handed in',
    ),
    {
      name: 'the-page-waits-for-nobody',
      comment:
        'a browser has no asynchronous contexts: what the page is made of calls back instead of pausing',
      severity: 'error',
      from: { path: '^src/(bytes|components|diff|matrix|model|page/(?!data/)|report|shim|verdict|window)/' },
      to: { path: '^src/work\\.ts$' },
    },
    {
      name: 'sqlite-in-catalog-only',
      comment: 'one place knows the database',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/catalog/' },
      to: { path: 'better-sqlite3' },
    },
    {
      name: 'file-system-at-the-edge',
      comment:
        'the file system and child processes belong to sources, catalog, schema, cli (and to dev scripts)',
      severity: 'error',
      from: {
        path: '^src/(model|components|formats|bytes|capture|diff|verdict|inspect|matrix|window|shim|report)/',
      },
      to: { path: '^(node:)?(fs|fs/promises|child_process)$' },
    },
    only(
      'commands-ask',
      'cli',
      ['ask', 'report', 'model', 'server'],
      'the command line is a door: options in, one question, renderings out; `serve` opens the other one',
    ),
    {
      name: 'the-library-asks',
      comment: 'the library is a door: it exports questions, types and errors, and makes nothing of its own',
      severity: 'error',
      from: { path: '^src/index\\.ts$' },
      to: { path: '^src/', pathNot: '^src/(ask/|model/|errors\\.ts$)' },
    },
    {
      name: 'doors-are-outermost',
      comment: 'questions know of no door: neither argv, nor HTTP, nor the package',
      severity: 'error',
      from: { path: '^src/(?!cli/|server/|dev/|index\\.ts$)' },
      to: { path: '^src/(cli/|server/|index\\.ts$)' },
    },
    {
      name: 'nothing-uses-cli',
      comment: 'the command line is the outermost layer; only scripts look into it',
      severity: 'error',
      from: { path: '^src/(?!cli/|dev/)' },
      to: { path: '^src/cli/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.mjs', '.js', '.json'] },
  },
};
