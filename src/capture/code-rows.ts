import { createHash } from 'node:crypto';
import { type Expression, expressionsIn, partsOf, type Token } from '../cdecl/index.ts';
import { byCodeUnit } from '../model/canonical.ts';
import type { CodeFacts, Era } from '../model/component-definition.ts';
import type { CodeState } from '../model/component-state.ts';
import { TARGETS } from '../model/target.ts';
import type { CodeBase, CodePiece } from './code-base.ts';
import { entryNames, entryPoints } from './code-entries.ts';
import { isLiveUpdateCode } from './code-files.ts';
import { hashOfPiece } from './code-flow.ts';

// Which code writes and reads a component's data: from its entry points on, all that is reached by name in the live-update
// files, up to the entry points of other components, whose code is theirs.

/** One piece with its hashes, and where it stands. */
export interface CodeRow {
  state: CodeState;
  where: string;
}

type Side = CodeState['side'];

/** A piece that is reached from an entry point. */
export interface ReachedCode {
  piece: CodePiece;
  side: Side;
  entry: string;
  isEntry: boolean;
}

const MAX_STEPS = 2500;
/** What says nothing of the data: what is shown of it, and how much memory is set aside. */
const SKIPPED = /debugfs|_dbg$|^pr_fmt$|reserve_scratch$|^kho_enable$|^liveupdate_enabled$|^kho_is_enabled$/;

/** Folders of which one architecture's kernels build the live-update part, and what its targets begin with. */
const ONE_ARCHITECTURE = [
  ['arch/arm64/', 'arm64'],
  ['arch/x86/', 'x86_64'],
  ['drivers/firmware/efi/', 'arm64'],
  ['drivers/of/', 'arm64'],
] as const;

/**
 * The code of a component, by name.
 *
 * @param markers the texts of the component's marker: that it is another one is for the marker to say
 */
export function codeRows(
  reached: ReadonlyMap<string, ReachedCode>,
  base: CodeBase,
  markers: ReadonlySet<string>,
): CodeRow[] {
  const own = new Set([...reached.keys()]);
  return [...reached]
    .map(([name, found]): CodeRow => {
      const { piece, side, entry, isEntry } = found;
      const hash = hashOf(piece, base, markers);
      const whole = wholeHash(piece, base, { own, markers });
      const options = base.optionsIn(piece);
      const state: CodeState = {
        function: name,
        side,
        hash,
        ...(whole !== undefined && whole !== hash && { whole }),
        ...(piece.kind !== 'function' && { kind: piece.kind }),
        ...(isEntry ? { entry: true } : { from: entry }),
        ...targetsOf(piece),
        ...(options && { options }),
      };
      return { state, where: `${piece.file}:${piece.line}` };
    })
    .sort((a, b) => byCodeUnit(a.state.function, b.state.function));
}

/** The targets that a file is for, where those are not all. */
export function targetsOf({ file }: Pick<CodePiece, 'file'>): Pick<CodeState, 'targets'> {
  const own = ONE_ARCHITECTURE.find(([folder]) => file.startsWith(folder))?.[1];
  return own ? { targets: TARGETS.filter((target) => target.startsWith(own)) } : {};
}

/** All code of an era's component, by name. */
export function reachedCode(era: Era, base: CodeBase): ReadonlyMap<string, ReachedCode> {
  const reached = new Map<string, ReachedCode>();
  const isOwnEntry = entriesOf(era.code);
  for (const { side, functions } of era.code)
    for (const names of functions) {
      const all = entryNames(names);
      const piece = all.map((name) => base.find(name)).find((found) => found);
      const [known = ''] = all;
      if (piece) follow({ piece, side, entry: known, isEntry: true }, known);
    }
  return reached;

  function follow(found: ReachedCode, name: string): void {
    const known = reached.get(name);
    if (known) {
      if (known.side === found.side || known.side === 'both') return;
      reached.set(name, { ...known, side: 'both' });
    } else reached.set(name, found);
    const side = reached.get(name)?.side as Side;
    for (const called of namesIn(found.piece)) {
      const canonical = entryPoints().get(called) ?? called;
      if (SKIPPED.test(called)) continue;
      // Another component's entry point ends the way, and so does one of the own, which is followed by itself.
      if (entryPoints().has(called) || isOwnEntry.has(canonical)) continue;
      const piece = base.find(called, found.piece.file);
      if (!piece || !isLiveUpdateCode(piece.file, called)) continue;
      follow({ piece, side, entry: found.entry, isEntry: false }, called);
    }
  }
}

function entriesOf(code: readonly CodeFacts[]): Set<string> {
  return new Set(code.flatMap(({ functions }) => functions.map((names) => entryNames(names)[0] as string)));
}

/** What a piece calls or names; of a table of functions, only the variables. */
function namesIn({ kind, tokens, code, value }: CodePiece): Set<string> {
  const names = new Set<string>();
  const add = (expressions: Iterable<Expression>): void => {
    for (const { op, text = '' } of expressions) if (op === 'name') names.add(text);
  };
  if (code) add(expressionsIn(code.body));
  else if (value) {
    // A table names functions without calling them: they are entry points of their own.
    for (const part of partsOf(value)) if (part.op === 'address') add(part.args);
    for (const part of partsOf(value)) if (part.op === 'call') add(part.args);
  } else if (kind !== 'variable')
    for (const { kind: token, text } of tokens) if (token === 'name') names.add(text);
  return names;
}

/** The hash of a piece by itself: what it calls stands there by name. */
export function hashOf(piece: CodePiece, base: CodeBase, markers: ReadonlySet<string>): string {
  return (
    hashOfPiece(piece, base, { markers, isFollowed: () => false, limit: MAX_STEPS }) ??
    tokenHash(piece.tokens)
  );
}

/** The hash of a piece with its helpers put in; undefined where it is too large or cannot be followed. */
function wholeHash(
  piece: CodePiece,
  base: CodeBase,
  { own, markers }: { own: ReadonlySet<string>; markers: ReadonlySet<string> },
): string | undefined {
  const isFollowed = (name: string): boolean =>
    own.has(name) && !entryPoints().has(name) && !SKIPPED.test(name);
  return hashOfPiece(piece, base, { isByOrder: true, markers, isFollowed, limit: MAX_STEPS });
}

function tokenHash(tokens: readonly Token[]): string {
  const hash = createHash('sha256');
  for (const { kind, text } of tokens) hash.update(`${kind} ${text}\n`);
  return hash.digest('hex').slice(0, 32);
}
