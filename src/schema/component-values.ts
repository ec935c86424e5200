import type { ComponentDocument, ComponentEra, WrittenName } from '../model/component-definition.ts';
import { faultAt, type Key, type WrittenFile } from './yaml-file.ts';

// What a component's file says where no name is asked for: words that say something, numbers that can be, and nothing twice.

const TYPES: readonly string[] = ['u32', 'u64', 'string', 'bytes'];
/** `struct.member`, or a member of that. */
const MEMBER = /^\w+(?:\.\w+)+$/;
const OPTION_OF_BOOT = /^[\w.-]+(?:=\S+)?(?: [\w.-]+(?:=\S+)?)*$/;

/** @throws ToolError DOCUMENT_INVALID with the line */
export function checkValues(document: ComponentDocument, file: WrittenFile): void {
  const { title, summary, markerStems, entryPoints, boot, anchor, eras } = document;
  const check = new ValueCheck(file);
  check.words({ title, summary }, []);
  check.once({ markerStems, entryPoints }, []);
  check.once({ files: anchor.files }, ['anchor']);
  if (boot !== undefined && !OPTION_OF_BOOT.test(boot)) check.fail(['boot'], 'is no boot parameter');
  for (const [index, era] of eras.entries()) check.era(era, ['eras', index]);
}

class ValueCheck {
  readonly #file: WrittenFile;

  constructor(file: WrittenFile) {
    this.#file = file;
  }

  fail(at: readonly Key[], message: string): never {
    throw faultAt(this.#file, at, message);
  }

  /** Texts that people read. */
  words(texts: Readonly<Record<string, string | undefined>>, at: readonly Key[]): void {
    for (const [key, text] of Object.entries(texts))
      if (text?.trim() === '') this.fail([...at, key], 'says nothing');
  }

  /** Lists without a name that stands in them twice. */
  once(lists: Readonly<Record<string, readonly string[] | undefined>>, at: readonly Key[]): void {
    for (const [key, list = []] of Object.entries(lists)) {
      const twice = list.find((one, index) => list.indexOf(one) !== index);
      if (twice !== undefined) this.fail([...at, key], `${twice} stands in it twice`);
    }
  }

  era(era: ComponentEra, at: readonly Key[]): void {
    const { summary, files, needs, options, structs = {}, constants = {}, checks = [], reader } = era;
    this.words({ summary }, at);
    this.once({ files, needs, options }, at);
    for (const [name, { targets, has }] of Object.entries(structs)) {
      this.once({ has }, [...at, 'structs', name]);
      this.#targets(targets, [...at, 'structs', name]);
    }
    for (const [name, { says, spelled, targets }] of Object.entries(constants)) {
      const place = [...at, 'constants', name];
      this.words({ says }, place);
      this.#targets(targets, place);
      if (spelled) this.#number(spelled.at, 0, [...place, 'spelled', 'at']);
    }
    this.#tree(era, [...at, 'fdt']);
    this.once({ checks: checks.map(({ kind, struct }) => `${kind} of ${struct}`) }, at);
    for (const [index, { message }] of checks.entries()) this.words({ message }, [...at, 'checks', index]);
    const { refusedMessage, unknownNameMessage, maybeEmpty } = reader;
    this.words({ refusedMessage, unknownNameMessage }, [...at, 'reader']);
    if (maybeEmpty && !MEMBER.test(maybeEmpty.path))
      this.fail([...at, 'reader', 'maybeEmpty', 'path'], 'names no member (struct.member)');
    this.#code(era, at);
  }

  #code({ code = [] }: ComponentEra, at: readonly Key[]): void {
    for (const [index, { functions }] of code.entries()) {
      const place = [...at, 'code', index];
      if (functions.length === 0) this.fail([...place, 'functions'], 'names no function');
      this.once({ functions: functions.flat() }, place);
    }
  }

  #targets(targets: readonly string[] | undefined, at: readonly Key[]): void {
    if (targets?.length === 0) this.fail([...at, 'targets'], 'no target would have it; leave it out for all');
    this.once({ targets }, at);
  }

  #tree({ fdt = [] }: ComponentEra, at: readonly Key[]): void {
    this.#names(fdt, at);
    for (const [index, { properties, missingMessage }] of fdt.entries()) {
      const place = [...at, index, 'properties'];
      this.words({ missingMessage }, [...at, index]);
      this.#names(properties, place);
      for (const [position, { type, exactLength, readBy }] of properties.entries()) {
        const own = [...place, position];
        if (!TYPES.includes(type)) this.fail([...own, 'type'], `is none of ${TYPES.join(', ')}`);
        if (exactLength !== undefined) this.#length(type, exactLength, [...own, 'exactLength']);
        this.once({ readBy }, own);
      }
    }
  }

  /** Names in one tree: each once, and none with blanks. */
  #names(named: readonly WrittenName[], at: readonly Key[]): void {
    const seen = new Set<string>();
    for (const [index, { name, macro, prefix }] of named.entries()) {
      for (const [key, text] of Object.entries({ name, prefix }))
        if (text !== undefined && !/^\S+$/.test(text)) this.fail([...at, index, key], 'is no name in a tree');
      const whole = `${prefix ?? ''}${name ?? macro}`;
      if (seen.has(whole)) this.fail([...at, index], `${whole} stands before it already`);
      seen.add(whole);
    }
  }

  #length(type: string, length: number, at: readonly Key[]): void {
    this.#number(length, 1, at);
    const own = { u32: 4, u64: 8 }[type];
    if (own !== undefined && length !== own) this.fail(at, `${type} has ${own} bytes`);
  }

  #number(value: number, least: number, at: readonly Key[]): void {
    if (!Number.isSafeInteger(value) || value < least)
      this.fail(at, `must be a whole number from ${least} on`);
  }
}
