import type { PlacedText, Unit } from '../cdecl/index.ts';
import type { Target } from '../model/target.ts';

// What the readers of a kernel's files have in common.

/** What a capture reads from: files by their path in the kernel tree. */
export interface SourceFiles {
  read(path: string): string | undefined;
  /** Sorted paths of the files below a folder; a source without it has no others than those that are asked for. */
  list?(folder: string): readonly string[];
  /** Sorted paths of the files that speak of live update, wherever they lie. */
  sought?(): readonly string[];
}

/** What the code of a kernel is read with: a DeclarationReader. */
export interface CodeReader {
  /** The build's configuration, where it is known. */
  readonly config: ReadonlyMap<string, string> | undefined;
  exists(path: string): boolean;
  text(path: string): string | undefined;
  /** The same with its path, one object for each file. */
  placed(path: string): PlacedText | undefined;
  /** Whether a word stands somewhere in a file. */
  mentions(path: string, word: string): boolean;
  /** The file as a C unit for a target; undefined when it is absent. */
  unit(path: string, target: Target): Unit | undefined;
  /** The file that a declaration is read from: of these, or where it moved to. */
  fileOf(kind: 'constant' | 'struct', files: readonly string[], name: string): string | undefined;
}

/** A declaration that goes by another name in a kernel. */
export interface Renamed {
  /** The name that the registry knows. */
  from: string;
  /** The name that this kernel has. */
  to: string;
}
