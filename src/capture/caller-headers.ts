import { byCodeUnit } from '../model/canonical.ts';
import { besideOf } from '../sources/beside.ts';
import { coveredFiles } from './covered.ts';
import { HandedCode } from './handed-code.ts';
import type { DeclarationReader } from './reader.ts';
import { ABI_FOLDER } from './wanted.ts';

// The headers of a caller's own: what it hands over may be declared there. Those in quotes are beside it; of the others only
// one that declares data for it counts, for the rest are the kernel's.

const INCLUDE = /^[ \t]*#[ \t]*include[ \t]*([<"])([^>"\n]+)[>"]/gm;
/** Structs that are handed over by the custom of the field, and macros that hold a marker. */
const DATA =
  /\bstruct\s+(\w+_ser)\s*\{|\bstruct\s+(\w+)\s*\{[^{}]*\}\s*__packed|#\s*define\s+(\w+_(?:COMPATIBLE|COMPAT\w*|FH_NAME|FLB_NAME))\b/g;

/** Where a header that is not in quotes may lie. */
const FOLDERS = [
  'include/',
  'include/uapi/',
  'arch/x86/include/',
  'arch/x86/include/uapi/',
  'arch/arm64/include/',
  'arch/arm64/include/uapi/',
] as const;

const DEPTH_LIMIT = 4;
const COUNT_LIMIT = 32;

/** The paths of a file's own headers that are at hand, sorted; what they include in quotes among them. */
export function ownHeadersOf(file: string, reader: DeclarationReader): string[] {
  const found = new Set<string>();
  const own = reader.text(file) ?? '';
  const kept = new HandedCode([file], reader).structs();
  const visit = (path: string, depth: number): void => {
    for (const [, form, name = ''] of (reader.text(path) ?? '').matchAll(INCLUDE)) {
      const isBeside = form === '"';
      const meant = isBeside ? [besideOf(path, name)] : FOLDERS.map((folder) => folder + name);
      for (const header of meant) {
        if (found.has(header) || found.size >= COUNT_LIMIT || isKnown(header)) continue;
        if (!reader.exists(header)) continue;
        if (!isBeside && !declaresFor(own, reader.text(header), kept)) continue;
        found.add(header);
        if (depth < DEPTH_LIMIT) visit(header, depth + 1);
      }
    }
  };
  visit(file, 0);
  return [...found].sort(byCodeUnit);
}

/** What components speak of, and the headers of the ABI, which are looked at by themselves. */
function isKnown(path: string): boolean {
  return path.startsWith('../') || path.startsWith(`${ABI_FOLDER}/`) || coveredFiles().has(path);
}

/** Whether a header declares data, or a marker, that a file's text names, or one of the types that the file keeps data in. */
export function declaresFor(text: string, header = '', kept: ReadonlySet<string> = new Set()): boolean {
  if (dataIn(header).some((name) => new RegExp(`\\b${name}\\b`).test(text))) return true;
  return [...kept].some((name) => new RegExp(`\\b${name}\\s*\\{|\\}[\\w\\s]*\\b${name}\\s*;`).test(header));
}

/** The structs that a header declares as data, and its markers. */
export function dataIn(header: string | undefined): string[] {
  return [...(header ?? '').matchAll(DATA)].map(
    (match) => match.slice(1).find((one) => one !== undefined) ?? '',
  );
}
