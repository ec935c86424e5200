import { ToolError } from '../../errors.ts';
import { errorAt, type PlacedText } from '../lex/place.ts';
import { readSource, type SourceText } from './source.ts';
import type { Space } from './space.ts';

/**
 * Throws C_INCLUDE_LOOP where a file includes itself, directly or through headers none of which has a guard: no
 * compiler could read it. Headers with a guard end such a loop and are not looked into.
 */
export function checkIncludes(space: Space, root: PlacedText & { readonly source: SourceText }): void {
  const stack: string[] = [];
  const done = new Set<string>();
  const visit = (file: PlacedText, source: SourceText) => {
    stack.push(file.path);
    for (const include of unconditionalIncludes(file, source)) {
      const path = space.resolve(file.path, include);
      if (path === undefined || done.has(path)) continue;
      const header = readSource(space.world.tree, path);
      if (!header || header.isGuarded) continue;
      if (stack.includes(path)) {
        throw errorAt('C_INCLUDE_LOOP', `${include.spelled} is included again and again`, file, include.line);
      }
      visit({ path, text: header.text }, header);
    }
    stack.pop();
    done.add(file.path);
  };
  visit(root, root.source);
}

/** A header that cannot be read throws where it is needed, not here. */
function unconditionalIncludes({ path }: PlacedText, source: SourceText) {
  try {
    return source.skeleton(path).includes.filter(({ depth }) => depth === 0);
  } catch (error) {
    if (error instanceof ToolError && error.code !== 'INTERNAL') return [];
    throw error;
  }
}
