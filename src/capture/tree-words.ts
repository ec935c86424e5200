import { CodeWords } from '../cdecl/index.ts';
import { attempt } from '../errors.ts';
import { byCodeUnit } from '../model/canonical.ts';
import type { ComponentState } from '../model/component-state.ts';
import type { FoundDoubt } from '../model/doubt.ts';
import type { DeclarationReader } from './reader.ts';

// The names that code gives nodes and properties of a flattened tree, or looks them up by.

/** Functions that put nodes and properties into a flattened tree, or look them up. */
export const TREE_FUNCTIONS =
  /^fdt_(?:property\w*|setprop\w*|appendprop\w*|begin_node|getprop\w*|subnode_offset|path_offset)$/;

/** A name in a tree, and the call that it stands in. */
export interface NameInTree {
  name: string;
  call: string;
  line: number;
}

/** Where a file's code names something in a tree; what marks the tree's format is not among it. */
export function usesInTrees(file: string, reader: DeclarationReader): NameInTree[] {
  const text = reader.text(file);
  const words = text === undefined ? undefined : attempt(() => new CodeWords({ path: file, text }));
  if (!words) return [];
  return words
    .uses((name) => TREE_FUNCTIONS.test(name))
    .flatMap(({ name: call, args, line }) => {
      const [name] = args.flatMap((arg) => (arg.length === 1 ? (words.textOf(arg[0]) ?? []) : []));
      return name === undefined || name === 'compatible' || name === '' ? [] : [{ name, call, line }];
    });
}

/** The names in a file's trees, sorted. */
export function namesInTrees(file: string, reader: DeclarationReader): string[] {
  return [...new Set(usesInTrees(file, reader).map(({ name }) => name))].sort(byCodeUnit);
}

/** Names in the trees of some files that a component's own description does not have. */
export function undescribedNames(
  files: readonly string[],
  { fdt }: Pick<ComponentState, 'fdt'>,
  reader: DeclarationReader,
): FoundDoubt[] {
  const known = new Set(
    fdt.flatMap(({ path, properties }) => [...path.split('/'), ...properties.map(({ name }) => name)]),
  );
  return files
    .filter((path) => path.endsWith('.c'))
    .flatMap((file) => {
      const others = usesInTrees(file, reader).filter(({ name }) => !known.has(name));
      const [first] = others;
      if (!first) return [];
      const names = [...new Set(others.map(({ name }) => name))].sort(byCodeUnit).join(', ');
      return {
        code: 'uncovered-declaration',
        subject: names,
        message: `${file} has ${names} in its tree, and its description has not`,
        reading: names,
        condition: `${names} means the same to both kernels`,
        where: `${file}:${first.line}`,
      };
    });
}
