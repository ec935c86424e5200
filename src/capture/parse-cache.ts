import { createHash } from 'node:crypto';
import type { CaptureFinding } from '../model/capture.ts';
import type { ComponentState } from '../model/component-state.ts';
import type { LimitedMap } from '../model/limited-map.ts';
import type { Uapi } from '../model/uapi.ts';
import type { Caller, InferredComponent } from './caller.ts';
import type { UncoveredDeclaration } from './uncovered-declaration.ts';

// What was read out of a kernel's declarations, kept between runs. An entry's name is a hash of what was asked and of
// the files that the question names; the entry itself lists every other file that had a part in the answer, and holds
// only as long as those are the same. Kernels that agree in the named files and differ in others share an entry's name,
// so that an entry is a list of answers.
//
//   sha256 of the rest \n [ { files: { path: sha256 or null }, part: { state?, uncovered?, findings, opened } }, ... ]

/** Texts by name, kept between runs. What cannot be read is absent; what cannot be written is given up in silence. */
export interface TextStore {
  read(name: string): string | undefined;
  write(name: string, text: string): void;
}

export interface CacheOptions {
  store?: TextStore;
  /** Answers of this run, by the name of their question: at hand without being read. */
  recent?: LimitedMap<string, readonly PartAnswer[]>;
  /** Names the program to the byte: another program never sees the entries. */
  program: string;
}

/** One component's share of a capture. */
export interface CapturedPart {
  /** undefined for the search for declarations that nobody covers. */
  state?: ComponentState;
  /** What that search found. */
  uncovered?: UncoveredDeclaration[];
  /** Who hands something over or takes it. */
  callers?: Caller[];
  /** Components that nobody has described. */
  inferred?: InferredComponent[];
  /** What the kernel offers to programs. */
  uapi?: Omit<Uapi, 'file'>;
  findings: CaptureFinding[];
  /** Paths of the files that were opened for it. */
  opened: string[];
}

/** What is asked, in words that one program always understands alike, and the files that the question names. */
export interface PartQuestion {
  text: string;
  files: readonly string[];
}

/** What a question gave, and every file that had a part in it: SHA-256 by path, null for one that is absent. */
export interface PartAnswer {
  files: Record<string, string | null>;
  part: CapturedPart;
}

const MAX_ANSWERS = 8;

/** The parts of captures that earlier runs left behind. */
export class ParseCache {
  readonly #options: CacheOptions;
  readonly #digest: (path: string) => string | undefined;

  /** @param digest of a file of the tree by its path; undefined where it is absent */
  constructor(options: CacheOptions, digest: (path: string) => string | undefined) {
    this.#options = options;
    this.#digest = digest;
  }

  /** The answer that holds for the tree as it is; undefined where none is known. */
  recall(question: PartQuestion): CapturedPart | undefined {
    return this.#answers(this.#nameOf(question)).find(({ files }) => this.#isCurrent(files))?.part;
  }

  /** @param consulted every path that had a part in the answer, those that are absent included */
  keep(question: PartQuestion, part: CapturedPart, consulted: Iterable<string>): void {
    const name = this.#nameOf(question);
    const files = Object.fromEntries([...consulted].map((path) => [path, this.#digest(path) ?? null]));
    const others = this.#answers(name).filter((answer) => !this.#isCurrent(answer.files));
    const answers = [{ files, part }, ...others].slice(0, MAX_ANSWERS);
    const { recent, store } = this.#options;
    recent?.set(name, answers);
    if (!store) return;
    const text = JSON.stringify(answers);
    store.write(hashOf(name), `${hashOf(text)}\n${text}`);
  }

  #isCurrent(files: PartAnswer['files']): boolean {
    return Object.entries(files).every(([path, sha256]) => (this.#digest(path) ?? null) === sha256);
  }

  #nameOf({ text, files }: PartQuestion): string {
    const digests = files.map((path) => `${path} ${this.#digest(path) ?? 'absent'}`);
    return [this.#options.program, text, ...digests].join('\n');
  }

  #answers(name: string): readonly PartAnswer[] {
    const { recent, store } = this.#options;
    const known = recent?.get(name);
    if (known) return known;
    const entry = store?.read(hashOf(name));
    if (entry === undefined) return [];
    const answers = answersIn(entry);
    recent?.set(name, answers);
    return answers;
  }
}

/** Whatever is not to the byte what was written is no entry; it is made again. */
function answersIn(entry: string): readonly PartAnswer[] {
  const end = entry.indexOf('\n');
  const text = entry.slice(end + 1);
  return entry.slice(0, Math.max(end, 0)) === hashOf(text) ? (JSON.parse(text) as PartAnswer[]) : [];
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
