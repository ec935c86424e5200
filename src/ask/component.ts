import type { ComponentCheckOutput } from '../model/component-check.ts';

// Components of a user's own. What reads C is loaded when it is asked for.

/**
 * What a tree shows of a component that no file describes, as the text of a file.
 *
 * @param tree a locator: a folder, a tarball, `REPO#REV`
 * @param name needed where there are several
 * @throws ToolError COMPONENT_UNKNOWN, and as the sources
 */
export async function proposeComponent(tree: string, name?: string): Promise<string> {
  const { proposedComponent } = await import('./components/from-tree.ts');
  return proposedComponent(tree, name);
}

/**
 * What of a component's file a tree has: what `luo-abi component check --format json` prints.
 * @throws ToolError DOCUMENT_INVALID with the line of what the file demands and the tree lacks, and as the sources
 */
export async function checkComponent(file: string, tree: string): Promise<ComponentCheckOutput> {
  const { checkedComponent } = await import('./components/from-tree.ts');
  return checkedComponent(file, tree);
}
