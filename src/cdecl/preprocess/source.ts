import { lexFile } from '../lex/lexer.ts';
import type { IncludeLine } from './skeleton.ts';
import { outline, type Skeleton } from './skeleton.ts';

/** Read access to a kernel tree: tree-relative path to text; undefined where there is no such file. */
export interface CTree {
  read(path: string): string | undefined;
}

const ONCE = /^[ \t]*#[ \t]*pragma[ \t]+once\b/m;

/** A file's text with what is computed from it once, whatever tree, target or configuration it is read for. */
export class SourceText {
  readonly text: string;
  #skeleton: Skeleton | undefined;
  #defines: Set<string> | undefined;
  /** By the pattern's source. */
  readonly #matched = new Map<string, boolean>();
  #includes: IncludeLine[] | undefined;
  #isGuarded: boolean | undefined;

  constructor(text: string) {
    this.text = text;
  }

  /** Throws C_SYNTAX or C_DEPTH; an error's path is the one given here. */
  skeleton(path: string): Skeleton {
    this.#skeleton ??= outline(lexFile({ path, text: this.text }), { path, text: this.text });
    return this.#skeleton;
  }

  /** Whether some `#define NAME` stands in the text, in an active branch or not. */
  hasDefine(name: string): boolean {
    this.#defines ??= new Set(matches(this.text, /^[ \t]*#[ \t]*define[ \t]+([A-Za-z_]\w*)/gm));
    return this.#defines.has(name);
  }

  /** Whether a pattern fits somewhere in the text. */
  matches(pattern: RegExp): boolean {
    const known = this.#matched.get(pattern.source) ?? pattern.test(this.text);
    this.#matched.set(pattern.source, known);
    return known;
  }

  /** Every `#include` in the text, in an active branch or not. */
  includes(): readonly IncludeLine[] {
    this.#includes ??= [...this.text.matchAll(/^[ \t]*#[ \t]*include[ \t]*([<"])([^>"\n]+)[>"]/gm)].map(
      ([, open, spelled]) => ({ spelled: spelled!, isAngled: open === '<' }),
    );
    return this.#includes;
  }

  /** Whether a second inclusion is without effect: `#pragma once`, or a guard is tested and defined at the very start. */
  get isGuarded(): boolean {
    this.#isGuarded ??= this.#findGuard();
    return this.#isGuarded;
  }

  #findGuard(): boolean {
    const directives = this.text.matchAll(/^[ \t]*#[ \t]*(\w+)[ \t]*(.*)$/gm);
    const [first, second] = [directives.next().value, directives.next().value];
    const guard = /^(?:ifndef[ \t]+|if[ \t]+![ \t]*defined[ \t]*\(?[ \t]*)(\w+)/.exec(
      `${first?.[1]} ${first?.[2]}`,
    )?.[1];
    if (guard !== undefined && second?.[1] === 'define' && new RegExp(`^${guard}\\b`).test(second[2]!))
      return true;
    return ONCE.test(this.text);
  }
}

function* matches(text: string, pattern: RegExp): Generator<string> {
  for (const match of text.matchAll(pattern)) yield match[1]!;
}

const MAX_SHARED = 4000;
const sourceByText = new Map<string, SourceText>();
const filesByTree = new WeakMap<CTree, Map<string, SourceText | undefined>>();

/** The source of a text; equal texts share one, so that releases which did not change a header lex it once. */
export function sourceOf(text: string): SourceText {
  let source = sourceByText.get(text);
  if (!source) {
    if (sourceByText.size >= MAX_SHARED) sourceByText.clear();
    source = new SourceText(text);
    sourceByText.set(text, source);
  }
  return source;
}

/** A file of a tree, read once; a tree does not change while it is in use. */
export function readSource(tree: CTree, path: string): SourceText | undefined {
  let files = filesByTree.get(tree);
  if (!files) {
    files = new Map();
    filesByTree.set(tree, files);
  }
  if (!files.has(path)) {
    const text = tree.read(path);
    files.set(path, text === undefined ? undefined : sourceOf(text));
  }
  return files.get(path);
}

/** The paths that an `#include` may mean, in the order in which they are tried. */
export function includeCandidates(
  from: string,
  include: IncludeLine,
  includeDirs: readonly string[],
): string[] {
  const paths: string[] = [];
  if (!include.isAngled)
    paths.push(normalizePath(`${from.slice(0, from.lastIndexOf('/') + 1)}${include.spelled}`));
  for (const dir of includeDirs) {
    if (!dir.endsWith('/asm-generic')) paths.push(normalizePath(`${dir}/${include.spelled}`));
    else if (include.spelled.startsWith('asm/'))
      paths.push(normalizePath(`${dir}/${include.spelled.slice(4)}`));
  }
  return paths;
}

function normalizePath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}
