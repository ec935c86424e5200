import { declaresOption, optionsThatBuild, readKconfigs } from '../formats/kbuild.ts';
import type { Era } from '../model/component-definition.ts';
import type { CodeBase } from './code-base.ts';
import { requiredEntries } from './code-entries.ts';
import type { DeclarationReader } from './reader.ts';
import type { KconfigTexts } from './unbuildable.ts';
import { KCONFIG_FILES } from './wanted.ts';

// On which options a component depends, as the kernel's own Kconfig and Makefiles say: an option may have another name, or
// there may be one more, and a value that a configuration has for an option that is no longer there says nothing.

export interface BuildOptions {
  options: readonly string[];
  /** Why it cannot be told whether the component is built. */
  unclear?: string;
}

interface Built {
  file: string;
  makefile: string;
  ways: string[][];
}

/** Options that every kernel with them declares in one of the files that are looked at. */
const DECLARED_HERE = /^CONFIG_(?:KEXEC_HANDOVER|LIVEUPDATE|LIVEUPDATE_MEMFD)$/;

/** Kconfig files that may lead to those of live update. */
const KCONFIG_PARENTS = ['Kconfig', 'arch/x86/Kconfig', 'arch/arm64/Kconfig'] as const;

/** The texts of some files, by path. */
function textsOf(paths: readonly string[], reader: DeclarationReader): Map<string, string> {
  const texts = paths.map((path) => [path, reader.text(path)] as const);
  return new Map(texts.flatMap(([path, text]) => (text === undefined ? [] : [[path, text]])));
}

/** The texts of the Kconfig files that declare options of live update, by path. */
function kconfigsOf(reader: DeclarationReader): Map<string, string> {
  return textsOf([...KCONFIG_FILES, ...reader.listed('Kconfig')], reader);
}

/** Those, and the Kconfig files of the architectures. */
export function kconfigTexts(reader: DeclarationReader): KconfigTexts {
  return {
    own: [...kconfigsOf(reader).values()],
    ofArchitecture: (name) => reader.text(`arch/${name}/Kconfig`),
  };
}

/** The file that declares one of some options, where nothing leads from the first Kconfig to it. */
function unreadKconfig(
  options: readonly string[],
  kconfigs: ReadonlyMap<string, string>,
  reader: DeclarationReader,
): string | undefined {
  const own = options.filter((option) => DECLARED_HERE.test(option));
  if (own.length === 0 || !kconfigs.has('init/Kconfig')) return undefined;
  const texts = new Map([...textsOf(KCONFIG_PARENTS, reader), ...kconfigs]);
  const read = readKconfigs(texts);
  return own.flatMap((option) => {
    const declaring = [...texts].flatMap(([path, text]) => (declaresOption(text, option) ? path : []));
    return declaring.some((path) => read.has(path)) ? [] : (declaring[0] ?? []);
  })[0];
}

/** The options of an era's component in this kernel. Where no Kconfig or Makefile is at hand, those of the era. */
export function buildOptions(era: Era, reader: DeclarationReader): BuildOptions {
  const kconfigs = kconfigsOf(reader);
  const isThere = (option: string): boolean =>
    kconfigs.size === 0 ||
    !DECLARED_HERE.test(option) ||
    [...kconfigs.values()].some((text) => declaresOption(text, option));
  const missing = era.options.filter((option) => !isThere(option));
  const unread = unreadKconfig(era.options, kconfigs, reader);
  const built = builtBy(era, reader);
  // Two rules that build one file depend on either option: none of them is needed.
  const needed = built.flatMap(({ ways }) => (ways.length > 1 ? [] : (ways[0] ?? [])));
  const found = [...new Set(needed)].filter((option) => isThere(option));
  const options = [...new Set([...era.options.filter(isThere), ...found])];
  const [first] = missing;
  const unbuilt = built.find(({ ways }) => ways.length === 0);
  if (unbuilt)
    return { options: era.options, unclear: `no rule of ${unbuilt.makefile} builds ${unbuilt.file}` };
  if (unread !== undefined)
    return { options: era.options, unclear: `no Kconfig that is read sources ${unread}` };
  // One that another name took the place of: what builds the code now depends on an option that is new.
  const isReplaced = found.some((option) => !era.options.includes(option));
  if (first === undefined || isReplaced) return { options };
  return { options: era.options, unclear: `${first} is no option of this kernel's Kconfig` };
}

/**
 * How each file with the component's code is built: by its own rule, or where it is new by that of a file in which such code
 * lies by custom. None where the Makefile is not at hand or decides by conditions of its own.
 */
function builtBy(era: Era, reader: DeclarationReader): Built[] {
  const files = codeFiles(era, reader.codeBase(era.files));
  return files.flatMap((file) => {
    const own = ruleOf(file, reader);
    if (!own || own.ways.length > 0 || era.files.includes(file)) return own ?? [];
    const customary = era.files.filter((path) => path.endsWith('.c')).map((path) => ruleOf(path, reader));
    return customary.find((one) => one && one.ways.length > 0) ?? own;
  });
}

function ruleOf(file: string, reader: DeclarationReader): Built | undefined {
  const folder = file.slice(0, file.lastIndexOf('/') + 1);
  const makefile = `${folder}Makefile`;
  const text = reader.text(makefile);
  const ways = text === undefined ? undefined : optionsThatBuild(text, `${file.slice(folder.length, -2)}.o`);
  if (!ways) return undefined;
  const entered = entriesTo(folder, reader);
  if (entered?.length === 0) return { file: folder, makefile: ENTERING, ways: [] };
  const all = (entered ?? [[]]).flatMap((outer) =>
    ways.map((way) => [...new Set([...outer, ...way])].sort()),
  );
  return { file, makefile, ways: all };
}

/** The Makefile that enters the folder of live update. */
const ENTERING = 'kernel/Makefile';

/** On which options it depends that the folder of some code is entered; undefined where that is not at hand. */
function entriesTo(folder: string, reader: DeclarationReader): string[][] | undefined {
  const [, name] = /^kernel\/([\w-]+\/)$/.exec(folder) ?? [];
  const text = name === undefined ? undefined : reader.text(ENTERING);
  return name === undefined || text === undefined ? undefined : optionsThatBuild(text, name);
}

/** The files with code that every kernel of the era must have. */
function codeFiles(era: Era, base: CodeBase): string[] {
  const found = requiredEntries(era).flatMap(
    ({ names }) => names.map((name) => base.find(name)?.file).find((file) => file) ?? [],
  );
  return [...new Set(found)].filter((file) => file.endsWith('.c'));
}
