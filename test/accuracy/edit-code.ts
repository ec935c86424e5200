import type { Edit, Tree } from './edit-declarations.ts';

// Changes to functions, each by name. The name and what is looked for in it are the same in the kernel's own code, where an
// edit says nothing of the rest of it.

interface FunctionText {
  path: string;
  from: number;
  to: number;
  text: string;
}

/** A function from the beginning of its first line to its closing brace, code before headers, which may hold empty stand-ins. */
function findFunction(tree: Tree, name: string): FunctionText {
  const head = new RegExp(
    `^(?:static |inline |const |struct |unsigned |__\\w+ )*\\w+[ *]+(?:__\\w+ )*\\*?${name}\\([^;{]*\\)\\n\\{`,
    'm',
  );
  const isCode = ([path]: readonly [string, string]): boolean => path.endsWith('.c');
  const files = [...tree];
  for (const [path, text] of [...files.filter(isCode), ...files.filter((file) => !isCode(file))]) {
    const found = head.exec(text);
    if (!found) continue;
    const close = text.indexOf('\n}\n', found.index);
    if (close < 0) continue;
    return { path, from: found.index, to: close + 3, text };
  }
  throw new Error(`no function ${name}`);
}

/** Replaces what a pattern matches first in a function. */
export function inFunction(name: string, pattern: RegExp | string, to: string): Edit {
  return (tree) => {
    const { path, from, to: end, text } = findFunction(tree, name);
    const before = text.slice(from, end);
    const after =
      typeof pattern === 'string' ? before.replace(pattern, () => to) : before.replace(pattern, to);
    if (after === before) throw new Error(`nothing changed in ${name}()`);
    tree.set(path, text.slice(0, from) + after + text.slice(end));
  };
}

/** Puts text in front of a function. */
export function beforeFunction(name: string, added: string): Edit {
  return (tree) => {
    const { path, from, text } = findFunction(tree, name);
    tree.set(path, `${text.slice(0, from)}${added}\n${text.slice(from)}`);
  };
}

/** Puts a function in the place of another. */
export function replaceFunction(name: string, by: string): Edit {
  return (tree) => {
    const { path, from, to, text } = findFunction(tree, name);
    tree.set(path, text.slice(0, from) + by + text.slice(to));
  };
}

/** Moves functions to a file, behind the text that it begins with; they are no longer static. */
export function moveFunctions(names: readonly string[], path: string, head: string): Edit {
  return (tree) => {
    const moved = names.map((name) => {
      const { path: old, from, to, text } = findFunction(tree, name);
      tree.set(old, text.slice(0, from) + text.slice(to));
      return text.slice(from, to).replace(/^static (?:inline )?/, '');
    });
    tree.set(path, `${tree.get(path) ?? head}\n${moved.join('\n')}`);
  };
}
