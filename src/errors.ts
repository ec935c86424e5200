/**
 * Every error that a user can meet, with its exit code and what to do about it.
 *
 * `docs/errors.md` is checked against this table. Exit codes are those of the command line:
 * 2 for usage or invalid input, 3 for something that could not be completed.
 * What a question takes stands in `backticks` in messages; the command line spells it as its option, as hints do.
 */
export const ERROR_CODES = {
  ARCHIVE_CORRUPT: { exit: 2, hint: 'fetch the file again; it is damaged or not complete' },
  ARCHIVE_UNKNOWN: { exit: 2, hint: 'give a .tar (also .gz, .xz, .zst), .deb or .rpm file' },
  BTF_CORRUPT: { exit: 2, hint: 'fetch the image or package again; its type information is damaged' },
  BTF_TRUNCATED: { exit: 2, hint: 'fetch the image or package again; it is not complete' },
  BTF_UNKNOWN_KIND: { exit: 2, hint: 'update luo-abi; the image has type information of a later form' },
  BUILD_FAILED: { exit: 3, hint: 'look at what make says; the tree must build by itself' },
  BUILD_TOOLS_MISSING: { exit: 3, hint: 'install the packages that are named' },
  C_DEPTH: { exit: 2, hint: 'the header nests deeper than any real header; look at the line' },
  C_DIVISION: { exit: 2, hint: 'a constant expression divides by zero; look at the line' },
  C_EXPANSION: { exit: 2, hint: 'a macro grows beyond the limit; look at the line' },
  C_INCLUDE_LOOP: { exit: 2, hint: 'a header includes itself without a guard; look at the line' },
  C_STATIC_ASSERT: { exit: 2, hint: 'the header contradicts itself for this target' },
  C_SYNTAX: { exit: 2, hint: 'the declaration could not be read; look at the line' },
  C_UNRESOLVED: { exit: 2, hint: 'a name is not declared in the files at hand' },
  CATALOG_BUSY: { exit: 3, hint: 'another process writes the catalog; try again' },
  CATALOG_CORRUPT: { exit: 3, hint: 'remove the file and run: luo-abi catalog build' },
  CATALOG_MISSING: { exit: 2, hint: 'run: luo-abi catalog build' },
  CATALOG_TOO_NEW: { exit: 2, hint: 'update luo-abi, or build the catalog again with this version' },
  COMPONENT_UNKNOWN: { exit: 2, hint: 'the known components are listed in the message' },
  DOCUMENT_INVALID: { exit: 2, hint: 'mend the document at the path that is named' },
  ELF_CORRUPT: { exit: 2, hint: 'fetch the file again; it is damaged or not complete' },
  EMULATOR_FAILED: {
    exit: 3,
    hint: 'look at what the emulator says; `accelerator` tcg and `memory` may help',
  },
  EMULATOR_MISSING: { exit: 3, hint: 'install the package that is named' },
  FDT_CORRUPT: { exit: 2, hint: 'copy the blob again; its devicetree is damaged' },
  FDT_TRUNCATED: { exit: 2, hint: 'copy the whole blob; of its devicetree not even the root is there' },
  FILE_UNREADABLE: { exit: 2, hint: 'check the path and the permissions' },
  FILE_UNWRITABLE: { exit: 3, hint: 'check the path, the permissions and the free space' },
  GIT_FAILED: { exit: 3, hint: 'look at what git says; git fsck tells whether the repository is damaged' },
  GIT_MISSING: { exit: 3, hint: 'install git 2.30 or later' },
  GIT_OBJECT_MISSING: {
    exit: 3,
    hint: 'fetch the rest of the history: git fetch --unshallow, or a clone without --filter',
  },
  GIT_TOO_OLD: { exit: 3, hint: 'install git 2.30 or later' },
  HOST_UNUSABLE: {
    exit: 3,
    hint: 'name an address of this machine with `host`, and a port that you may use',
  },
  HUNK_FAILED: { exit: 2, hint: 'name the kernel that the patches were made for with `on`' },
  IMAGE_CORRUPT: { exit: 2, hint: 'fetch the kernel image again; it is damaged or not complete' },
  IMAGE_UNKNOWN: { exit: 2, hint: 'give a vmlinux, bzImage, Image, BTF or config file of a kernel' },
  INTERNAL: { exit: 3, hint: 'this is a fault of luo-abi; please report it with the command line' },
  NOT_A_KERNEL: {
    exit: 2,
    hint: 'point at the top folder of a Linux source tree, or at a package of a kernel',
  },
  NOT_A_REPOSITORY: { exit: 2, hint: 'point at a git repository, bare or not' },
  OVERLAY_BASE_UNKNOWN: {
    exit: 2,
    hint: 'name a release that luo-abi list shows, or add the overlay that it names',
  },
  OVERLAY_CYCLE: { exit: 2, hint: 'let one of the overlays stand on a kernel that is no overlay' },
  PATCH_SYNTAX: { exit: 2, hint: 'fetch the patches again; a message or a diff is damaged' },
  PORT_IN_USE: { exit: 3, hint: 'name another port with `port`, or 0 for any that is free' },
  PROFILE_UNKNOWN: { exit: 2, hint: 'the known profiles are listed in the message' },
  RELEASE_AMBIGUOUS: { exit: 2, hint: 'write the release out in full' },
  RELEASE_TAKEN: {
    exit: 2,
    hint: 'a release names one kernel: luo-abi capture LOCATOR --release NAME',
  },
  RELEASE_UNKNOWN: { exit: 2, hint: 'luo-abi list shows the releases that are known' },
  RELEASE_UNNAMED: { exit: 2, hint: 'name the kernel with `release`' },
  REPOSITORY_UNSAFE: { exit: 2, hint: 'if you trust it: git config --global --add safe.directory FOLDER' },
  REVISION_UNKNOWN: { exit: 2, hint: 'git log or git tag shows what is there' },
  SERIES_AMBIGUOUS: { exit: 2, hint: 'leave one series in the mbox or folder, each patch of it once' },
  SERIES_INCOMPLETE: { exit: 2, hint: 'add the patches that are named, or fetch the thread as a whole' },
  SHIM_UNFIT: {
    exit: 2,
    hint: 'luo-abi show RELEASE --component C shows what is known of it; both kernels must have the state',
  },
  SOURCE_UNKNOWN: {
    exit: 2,
    hint: 'give a source tree, a tarball, a package, a kernel image, raw BTF or a configuration',
  },
  STOPPED: { exit: 3, hint: 'run it again to the end' },
  SUBJECT_UNKNOWN: { exit: 2, hint: 'luo-abi show RELEASE lists the structs, constants and markers' },
  STRUCT_UNKNOWN: {
    exit: 2,
    hint: 'luo-abi show lists the structs of a kernel; the message names what is nearest',
  },
  TARGET_UNKNOWN: { exit: 2, hint: 'the targets are x86_64-4k, arm64-4k, arm64-16k, arm64-64k' },
  TOO_MANY: { exit: 2, hint: 'name fewer kernels, or the form that the message names' },
  TOPIC_UNKNOWN: { exit: 2, hint: 'luo-abi rules lists the rules; the message names what is nearest' },
  USAGE: { exit: 2, hint: 'luo-abi COMMAND --help shows the usage' },
} as const satisfies Record<string, { exit: 2 | 3; hint: string }>;

export type ErrorCode = keyof typeof ERROR_CODES;

/** Where an error is: a path (inside a tree or an archive), a line (from 1), a byte offset. */
export interface ErrorDetails {
  path?: string;
  line?: number;
  offset?: number;
  /** The text of the line that is at fault, without its line end. */
  source?: string;
}

/**
 * The one error class. `message` runs from outside in, joined by colons; it never holds a line break.
 */
export class ToolError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, options: ErrorDetails & { cause?: unknown } = {}) {
    const { cause, ...details } = options;
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'ToolError';
    this.code = code;
    this.details = details;
  }

  get exitCode(): 2 | 3 {
    return ERROR_CODES[this.code].exit;
  }

  get hint(): string {
    return ERROR_CODES[this.code].hint;
  }
}

/** Work that ends because that was asked for: no fault of what it was about, and nothing that one may do without. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
}

/**
 * Puts an outer context in front of an error's message and keeps its code and place.
 * @throws Stopped as it came
 */
export function withContext(context: string, error: unknown): ToolError {
  if (error instanceof Stopped) throw error;
  if (error instanceof ToolError) {
    return new ToolError(error.code, `${context}: ${error.message}`, {
      ...error.details,
      cause: error.cause ?? error,
    });
  }
  const message = error instanceof Error ? error.message : String(error);
  return new ToolError('INTERNAL', `${context}: ${message}`, { cause: error });
}

/** What some code gives; undefined where it meets a ToolError: one thing that cannot be read does not end the rest. */
export function attempt<T>(ask: () => T): T | undefined {
  try {
    return ask();
  } catch (error) {
    if (error instanceof ToolError) return undefined;
    throw error;
  }
}
