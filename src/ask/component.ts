import type { ComponentCheckOutput } from '../model/component-check.ts';
import { working } from '../work.ts';
import type { Asking } from './asking.ts';
import { showReading } from './files/reading.ts';

// Components of a user's own. What reads C is loaded when it is asked for.

/**
 * What a tree shows of a component that no file describes, as the text of a file.
 *
 * @param tree a locator: a folder, a tarball, `REPO#REV`
 * @param name needed where there are several
 * @throws ToolError COMPONENT_UNKNOWN, and as the sources
 */
export function proposeComponent(tree: string, name?: string, asking: Asking = {}): Promise<string> {
  return working(asking, async () => {
    const { proposedComponent } = await import('./components/from-tree.ts');
    return showReading(asking.progress, () => proposedComponent(tree, name));
  });
}

/**
 * What of a component's file a tree has: what `luo-abi component check --format json` prints.
 * @throws ToolError DOCUMENT_INVALID with the line of what the file demands and the tree lacks, and as the sources
 */
export function checkComponent(
  file: string,
  tree: string,
  asking: Asking = {},
): Promise<ComponentCheckOutput> {
  return working(asking, async () => {
    const { checkedComponent } = await import('./components/from-tree.ts');
    return showReading(asking.progress, () => checkedComponent(file, tree));
  });
}
