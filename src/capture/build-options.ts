import { declaresOption, isSettable, readKconfigs } from '../formats/kbuild.ts';
import { macrosGiven, optionsThatBuild, unreadForm } from '../formats/makefile.ts';
import type { Era } from '../model/component-definition.ts';
import type { FoundDoubt } from '../model/doubt.ts';
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
  /** A form of the Makefile that may build it and that is not read, where nothing else does. */
  unread?: string;
}

/** Options that every kernel with them declares in one of the files that are looked at. */
const DECLARED_HERE = /^CONFIG_(?:KEXEC_HANDOVER|LIVEUPDATE|LIVEUPDATE_MEMFD)$/;

/** Kconfig files that may lead to those of live update. */
const KCONFIG_PARENTS = ['Kconfig', 'arch/x86/Kconfig', 'arch/arm64/Kconfig'] as const;

/** Where what live update's code is built with is declared beside it. */
const KCONFIG_BESIDE = ['fs/Kconfig'] as const;

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
  const own = kconfigsOf(reader);
  return {
    own: [...own.values()],
    isWhole: isWhole(own),
    ofArchitecture: (name) => reader.text(`arch/${name}/Kconfig`),
  };
}

/** Whether every file that all kernels have is at hand: what is declared in none of them is declared nowhere. */
function isWhole(kconfigs: ReadonlyMap<string, string>): boolean {
  return KCONFIG_FILES.every((path) => kconfigs.has(path));
}

/** What is wrong with options without a configuration: that no Kconfig speaks of one, or none lets it be on. */
class Settable {
  readonly #texts: readonly string[];
  readonly #isWhole: boolean;

  constructor(kconfigs: ReadonlyMap<string, string>, reader: DeclarationReader) {
    const others = textsOf([...KCONFIG_PARENTS, ...KCONFIG_BESIDE], reader);
    this.#texts = [...new Map([...kconfigs, ...others]).values()];
    this.#isWhole = isWhole(kconfigs) && reader.config === undefined;
  }

  /** Whether an option may be there: one that only another file declares is spoken of where others depend on it. */
  isKnown(option: string): boolean {
    const name = new RegExp(`\\b${option.replace(/^CONFIG_/, '')}\\b`);
    return !this.#isWhole || this.#texts.some((text) => name.test(text));
  }

  isSettable(option: string): boolean {
    if (!this.#isWhole || !this.#texts.some((text) => declaresOption(text, option))) return true;
    return isSettable(this.#texts, option);
  }
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
  const settable = new Settable(kconfigs, reader);
  const built = builtBy(era, reader);
  // Two rules that build one file depend on either option: none of them is needed.
  const needed = built.flatMap(({ ways }) => (ways.length > 1 ? [] : (ways[0] ?? [])));
  const found = [...new Set(needed)].filter((option) => isThere(option));
  const options = [...new Set([...era.options.filter(isThere), ...found])];
  const unclear =
    whyUnbuilt(built, settable) ??
    (unread === undefined ? undefined : `no Kconfig that is read sources ${unread}`) ??
    whyUnset(options, settable);
  if (unclear !== undefined) return { options: era.options, unclear };
  const [first] = missing;
  // One that another name took the place of: what builds the code now depends on an option that is new.
  const isReplaced = found.some((option) => !era.options.includes(option));
  if (first === undefined || isReplaced) return { options };
  return { options: era.options, unclear: `${first} is no option of this kernel's Kconfig` };
}

/** Why some file with code is not built. */
function whyUnbuilt(built: readonly Built[], settable: Settable): string | undefined {
  for (const { file, makefile, ways, unread } of built) {
    const form = unread === undefined ? '' : `, as far as it is read: it says ${unread}`;
    if (ways.length === 0) return `no rule of ${makefile} builds ${file}${form}`;
    const unknown = ways.map((way) => way.find((option) => !settable.isKnown(option)));
    const [option] = unknown;
    if (option !== undefined && unknown.every((one) => one !== undefined))
      return `${makefile} builds ${file} under ${option}, which no Kconfig that is read declares`;
  }
  return undefined;
}

function whyUnset(options: readonly string[], settable: Settable): string | undefined {
  const unset = options.find((option) => !settable.isSettable(option));
  return unset === undefined ? undefined : `no Kconfig that is read lets ${unset} be on`;
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
  if (text === undefined || !ways) return undefined;
  const entered = entriesTo(folder, reader);
  if (entered?.ways.length === 0) return { file: folder, ...entered };
  const all = joined(entered?.ways ?? [[]], ways);
  const unread = all.length > 0 ? undefined : unreadForm(text);
  return { file, makefile, ways: all, ...(unread !== undefined && { unread }) };
}

/** Both of what two rules depend on, for each way to fulfil the one and the other. */
function joined(outer: readonly string[][], inner: readonly string[][]): string[][] {
  return outer.flatMap((one) => inner.map((other) => [...new Set([...one, ...other])].sort()));
}

/**
 * On which options it depends that the folder of some code is entered from those around it, up to the first in the tree;
 * undefined where that is not at hand, or one of them decides by conditions of its own.
 */
function entriesTo(folder: string, reader: DeclarationReader): Omit<Built, 'file'> | undefined {
  const around = [...folder.matchAll(/\//g)].map(({ index }) => folder.slice(0, index + 1)).slice(0, -1);
  const ways: string[][] = [];
  const asked: { makefile: string; text: string }[] = [];
  for (const outer of around) {
    const text = reader.text(`${outer}Makefile`);
    if (text === undefined) continue;
    const here = optionsThatBuild(text, folder.slice(outer.length));
    if (!here) return undefined;
    asked.push({ makefile: `${outer}Makefile`, text });
    if (here.length > 0) ways.push(...joined(entriesTo(outer, reader)?.ways ?? [[]], here));
  }
  const nearest = asked.at(-1);
  if (!nearest) return undefined;
  const unread = ways.length > 0 ? undefined : unreadForm(nearest.text);
  return { makefile: nearest.makefile, ways, ...(unread !== undefined && { unread }) };
}

/** The files with code that every kernel of the era must have. */
function codeFiles(era: Era, base: CodeBase): string[] {
  const found = requiredEntries(era).flatMap(
    ({ names }) => names.map((name) => base.find(name)?.file).find((file) => file) ?? [],
  );
  return [...new Set(found)].filter((file) => file.endsWith('.c'));
}

/** The folders of live update's code, and those around them, whose Makefiles may hand macros to it. */
const MAKEFILES = ['kernel/Makefile', 'mm/Makefile'] as const;

/** Doubts of macros that a Makefile hands to the compiler and that a component's files speak of: they are read without. */
export function givenByMakefiles({ files }: Era, reader: DeclarationReader): FoundDoubt[] {
  const makefiles = textsOf([...MAKEFILES, ...reader.listed('Makefile')], reader);
  return [...makefiles].flatMap(([makefile, text]) =>
    macrosGiven(text).flatMap((given): FoundDoubt[] => {
      const [name = ''] = given.split('=');
      const using = files.find((path) => reader.mentions(path, name));
      if (using === undefined) return [];
      const message = `${makefile} defines ${name}, which ${using} speaks of: it is read without`;
      const condition = `what ${name} is for does the same in both`;
      return [{ code: 'config-dependent', subject: name, message, reading: given, condition }];
    }),
  );
}
