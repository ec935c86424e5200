import { createRequire } from 'node:module';
import { Language, type Node, Parser } from 'web-tree-sitter';
import { ToolError } from '../../errors.ts';

let parser: Parser | undefined;
let loading: Promise<void> | undefined;

/** Loads the C grammar once for the process. Must have settled before `openUnit`. */
export function initParser(): Promise<void> {
  loading ??= load();
  return loading;
}

async function load(): Promise<void> {
  const require = createRequire(import.meta.url);
  await Parser.init();
  const language = await Language.load(require.resolve('tree-sitter-c/tree-sitter-c.wasm'));
  parser = new Parser();
  parser.setLanguage(language);
}

/** Parses text, hands its tree to `use`, and frees the tree, which lives outside the garbage collector's reach. */
export function withTree<T>(text: string, use: (root: Node) => T): T {
  if (!parser) throw new ToolError('INTERNAL', 'the C grammar is used before initParser has settled');
  const tree = parser.parse(text);
  if (!tree) throw new ToolError('INTERNAL', 'the C grammar gave no tree');
  try {
    return use(tree.rootNode);
  } finally {
    tree.delete();
  }
}
