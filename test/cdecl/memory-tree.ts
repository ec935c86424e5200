import {
  type CEnvironment,
  type CTree,
  kernelIncludeDirs,
  openUnit,
  type Unit,
} from '../../src/cdecl/index.ts';
import type { Layout } from '../../src/model/layout.ts';
import type { Target } from '../../src/model/target.ts';

/** A tree that holds the given files. */
export function memoryTree(files: Readonly<Record<string, string>>): CTree {
  const texts = new Map(Object.entries(files));
  return { read: (path) => texts.get(path) };
}

export interface UnitOptions {
  readonly target?: Target;
  readonly config?: Readonly<Record<string, string>>;
  /** Other files of the tree. */
  readonly files?: Readonly<Record<string, string>>;
  readonly path?: string;
}

/** A unit of one text, `include/linux/x.h` unless another path is given. */
export function unitOf(text: string, options: UnitOptions = {}): Unit {
  const { target = 'x86_64-4k', config, files = {}, path = 'include/linux/x.h' } = options;
  const env: CEnvironment = {
    tree: memoryTree({ ...files, [path]: text }),
    target,
    includeDirs: kernelIncludeDirs(target),
  };
  return openUnit(config ? { ...env, config: new Map(Object.entries(config)) } : env, path);
}

/** Each member as `name@bitOffset+bitSize encoding`. */
export function membersOf(layout: Layout | undefined): string[] {
  return (layout?.members ?? []).map(
    (member) => `${member.name}@${member.bitOffset}+${member.bitSize} ${member.encoding}`,
  );
}

/** `size/align` of a struct, then its members. */
export function describe(unit: Unit, name: string): string {
  const fact = unit.layout(name);
  if (!fact) return 'undefined';
  return `${fact.layout.size}/${fact.layout.align} ${membersOf(fact.layout).join(', ')}`;
}
