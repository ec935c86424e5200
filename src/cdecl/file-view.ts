import type { ErrorCode, ToolError } from '../errors.ts';
import type { Where } from '../model/layout.ts';
import type { Macro } from './macro.ts';
import type { SourceText } from './source.ts';
import type { Token } from './token.ts';

/** Something that went wrong in a file and did not stop the rest of it. */
export interface Diagnostic {
  code: ErrorCode;
  message: string;
  where: Where;
  /** The text of the line. */
  source?: string;
}

/** A `#define` (macro) or `#undef` (no macro) in an active branch; `at` orders the events of a file. */
export interface MacroEvent {
  readonly at: number;
  readonly line: number;
  readonly macro: Macro | undefined;
}

/** An `#include` in an active branch. */
export interface ActiveInclude {
  readonly spelled: string;
  readonly isAngled: boolean;
  readonly line: number;
  /** How many conditionals enclose it. */
  readonly depth: number;
}

/** A run of text in an active branch. */
export interface TextRun {
  readonly tokens: readonly Token[];
  readonly at: number;
  /** `#pragma pack` in force, in bytes; undefined for none. */
  readonly pack: number | undefined;
}

/** A file after its directives were followed; nothing is expanded yet. */
export class FileView {
  readonly path: string;
  readonly source: SourceText;
  readonly text: string;
  readonly macros = new Map<string, MacroEvent[]>();
  readonly includes: ActiveInclude[] = [];
  readonly runs: TextRun[] = [];
  readonly diagnostics: Diagnostic[] = [];
  /** The names that the file's conditionals tested, with the line of the first test. */
  readonly testedOptions = new Map<string, number>();

  constructor(path: string, source: SourceText) {
    this.path = path;
    this.source = source;
    this.text = source.text;
  }

  /** The macro of that name as it stands after event `at`: null where the file undefined it, undefined where it is silent. */
  macroAt(name: string, at: number): Macro | null | undefined {
    const events = this.macros.get(name);
    if (!events) return undefined;
    for (let index = events.length - 1; index >= 0; index -= 1) {
      if (events[index]!.at <= at) return events[index]!.macro ?? null;
    }
    return undefined;
  }

  /** Notes an error and goes on. */
  report(error: ToolError, line: number): void {
    const { source } = error.details;
    const where = { file: this.path, line: error.details.line ?? line };
    this.diagnostics.push({
      code: error.code,
      message: error.message,
      where,
      ...(source === undefined ? {} : { source }),
    });
  }
}
