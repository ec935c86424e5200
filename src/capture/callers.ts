import { createHash } from 'node:crypto';
import { CodeWords, type NameUse, type Token } from '../cdecl/index.ts';
import { CALLERS } from '../components/callers.ts';
import { drawn } from '../components/index.ts';
import { attempt, ToolError } from '../errors.ts';
import { bareState } from '../model/bare-state.ts';
import { byCodeUnit, sortKeys } from '../model/canonical.ts';
import type { CaptureFinding } from '../model/capture.ts';
import type { CallerState, ComponentState } from '../model/component-state.ts';
import type { FoundDoubt } from '../model/doubt.ts';
import { TARGETS, type Target } from '../model/target.ts';
import { isX86 } from '../model/target-options.ts';
import type { CalledName, Caller, InferredComponent } from './caller.ts';
import { ownHeadersOf } from './caller-headers.ts';
import { covered, coveredFiles } from './covered.ts';
import { withDoubts } from './doubts.ts';
import { stemOf } from './infer-name.ts';
import type { DeclarationReader } from './reader.ts';
import { HAND_OVER, REGISTERING_FUNCTIONS, SUBTREE_FUNCTIONS } from './sought.ts';
import { ABI_FOLDER, isLiveUpdateCode, NAMED_CODE } from './wanted.ts';

// Who hands something over or takes it. A component covers what is known by its name; beside that, whatever its own files do,
// and the hand-over's own code. All else is in doubt, by a component of its own.

const ownFiles = drawn((): ReadonlySet<string> => new Set([...NAMED_CODE, ...coveredFiles()]));

/** The files among some that call functions of the hand-over. `digest` gives their SHA-256. */
export function findCallers(
  paths: readonly string[],
  reader: DeclarationReader,
  digest: (path: string) => string | undefined,
): Caller[] {
  return paths.flatMap((path): Caller[] => {
    const text = reader.text(path);
    const sha256 = digest(path);
    if (text === undefined || sha256 === undefined) return [];
    try {
      if (!MAY_CALL.test(text)) return [];
      const words = new CodeWords({ path, text });
      const caller = callerIn(path, words, { reader, sha256 });
      return caller ? [isOwnFile(path) ? caller : { ...caller, whole: wholeOf(words, caller, reader) }] : [];
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
      const line = error.details.line ?? 1;
      return [{ file: path, sha256, line, functions: [], names: [], unread: error.message }];
    }
  });
}

/** A quick look before the file is taken to words. */
const MAY_CALL = /kho_|liveupdate_/;

/** A caller is the same where its code and that of its own headers is, whatever the comments say and the files are called. */
function wholeOf(words: CodeWords, { headers = [] }: Caller, reader: DeclarationReader): string {
  const spellings = headers.map((path) => {
    const text = reader.text(path) ?? '';
    return attempt(() => new CodeWords({ path, text }).spelling) ?? text;
  });
  const hash = createHash('sha256').update(words.spelling);
  for (const spelling of spellings.sort(byCodeUnit)) hash.update(`\n${spelling}`);
  return hash.digest('hex');
}

function callerIn(
  file: string,
  words: CodeWords,
  { reader, sha256 }: { reader: DeclarationReader; sha256: string },
): Caller | undefined {
  const uses = words.uses((name) => HAND_OVER.test(name));
  const [first] = uses;
  if (!first) return undefined;
  const isOwn = isOwnFile(file);
  const headers = isOwn ? [] : ownHeadersOf(file, reader);
  const named = new Map<string, CalledName>();
  for (const use of uses) {
    const name = nameIn(use, words, { reader, headers });
    if (name) named.set(name.name, name);
  }
  const names = [...named].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, name]) => name);
  const functions = [...new Set(uses.map(({ name }) => name))].sort();
  const nameless = uses.filter((use) => isNaming(use.name) && !nameIn(use, words, { reader, headers }));
  const isForOthers = isOwn && nameless.some(({ line }) => isOpenToOthers(file, line, reader));
  return {
    file,
    sha256,
    line: first.line,
    functions,
    names,
    ...(isForOthers && { isForOthers }),
    ...(headers.length > 0 && { headers }),
  };
}

function isNaming(name: string): boolean {
  return SUBTREE_FUNCTIONS.test(name) || REGISTERING_FUNCTIONS.test(name);
}

/** Whether other files can call what stands at a line: a header's text, or a function that is not the file's own. */
function isOpenToOthers(file: string, line: number, reader: DeclarationReader): boolean {
  if (file.endsWith('.h')) return true;
  if (!isLiveUpdateCode(file)) return false;
  const functions = attempt(() => reader.unit(file, TARGETS[0])?.code.functions);
  const around = [...(functions ?? new Map()).values()].find(
    ({ tokens }) => tokens[0].line <= line && line <= tokens.at(-1).line,
  );
  const head: readonly Token[] = around?.tokens.slice(0, around.nameAt) ?? [];
  return around !== undefined && !head.some(({ text }) => text === 'static');
}

/** Where what a file names is declared. */
interface Seen {
  reader: DeclarationReader;
  /** The file's own headers. */
  headers: readonly string[];
}

/** The name that a call hands over under; undefined where it has none, or code makes it. */
function nameIn(use: NameUse, words: CodeWords, seen: Seen): CalledName | undefined {
  if (SUBTREE_FUNCTIONS.test(use.name)) {
    // Until 6.18 what the notifier was given came before the name.
    return use.args
      .slice(0, 2)
      .flatMap((arg) => (arg.length === 1 ? (spelledOut(arg[0], words, seen) ?? []) : []))[0];
  }
  if (!REGISTERING_FUNCTIONS.test(use.name)) return undefined;
  const variable = use.args.at(-1)?.findLast(({ kind }) => kind === 'name');
  const value = variable && words.memberOf(variable.text, 'compatible');
  return spelledOut(value, words, seen);
}

function spelledOut(
  token: Token | undefined,
  words: CodeWords,
  { reader, headers: own }: Seen,
): CalledName | undefined {
  const text = words.textOf(token);
  const isKnown = token && covered().has(token.text);
  if (text !== undefined) return { name: text, ...(isKnown && { isKnown }) };
  // A variable bears no capitals.
  if (token?.kind !== 'name' || !/^[A-Z_][A-Z0-9_]*$/.test(token.text) || token.text === 'NULL')
    return undefined;
  const headers = [...own, ...reader.below(ABI_FOLDER)];
  const value = attempt(() => {
    const file = reader.fileOf('constant', headers, token.text);
    return file === undefined ? undefined : reader.unit(file, TARGETS[0])?.constant(token.text)?.value;
  });
  return { name: typeof value === 'string' ? value : token.text, ...(isKnown && { isKnown }) };
}

/** The inferred components that are no other one under a file of its own. */
export function strangers(
  inferred: readonly InferredComponent[],
  components: Readonly<Record<string, ComponentState>>,
): InferredComponent[] {
  const known = knownNames(components);
  return inferred.filter(
    ({ id, state: { marker } }) => !known.has(String(marker?.writes ?? '')) && !components[id],
  );
}

/**
 * Components with one more for the callers that none of them covers, where there are any.
 * @param beside what was inferred, and why the source could not be searched
 */
export function withCallers(
  components: Readonly<Record<string, ComponentState>>,
  callers: readonly Caller[],
  { inferred, unsearched }: { inferred: readonly InferredComponent[]; unsearched?: string | undefined },
): Record<string, ComponentState> {
  const known = knownNames(
    Object.fromEntries(Object.entries(components).filter(([, { isInferred }]) => !isInferred)),
  );
  // What a component's own code names is another's where some other file names it as well.
  const taken = new Set(callers.filter(({ file }) => isOwnFile(file)).flatMap(namesOf));
  const isTwice = (caller: Caller): boolean =>
    !isOwnFile(caller.file) && namesOf(caller).some((name) => taken.has(name));
  const uncovered = callers.filter((caller) => isTwice(caller) || !isCovered(caller, known));
  if (uncovered.length === 0 && unsearched === undefined) return { ...components };
  const reason = 'no component speaks of it';
  const { reason: _reason, ...bare } = bareState({ available: 'unknown', reason, needs: ['kho'] });
  const state: ComponentState = {
    ...bare,
    available: components.kho?.available ?? 'unknown',
    callers: uncovered.map(stateOf),
    places: sortKeys(
      Object.fromEntries(uncovered.map(({ file, line }) => [`caller ${file}`, `${file}:${line}`])),
    ),
  };
  return {
    ...components,
    [CALLERS.id]: withDoubts(state, [
      ...(unsearched === undefined ? [] : [unsearchedDoubt(unsearched)]),
      ...uncovered.map((caller) =>
        doubtOf(
          caller,
          inferred.find((one) => one.callers.includes(caller.file)),
        ),
      ),
    ]),
  };
}

/** What components write and look up by name. */
function knownNames(components: Readonly<Record<string, ComponentState>>): Set<string> {
  return new Set(
    Object.values(components).flatMap(({ marker, fdt }) => [
      ...[marker?.writes, marker?.name].flatMap((text) => (typeof text === 'string' ? text : [])),
      ...fdt.flatMap(({ path }) => (path.startsWith('KHO:/') ? path.slice('KHO:/'.length) : [])),
    ]),
  );
}

function isOwnFile(file: string): boolean {
  return ownFiles().has(file) || isLiveUpdateCode(file);
}

function namesOf({ names }: Caller): string[] {
  return names.map(({ name }) => name);
}

function isCovered({ file, names, unread, isForOthers }: Caller, known: ReadonlySet<string>): boolean {
  if (unread !== undefined || isForOthers) return false;
  if (names.some(({ name, isKnown }) => !isKnown && !known.has(name))) return false;
  return names.length > 0 || isOwnFile(file);
}

function stateOf({ file, sha256, functions, names }: Caller): CallerState {
  return { file, sha256, functions, names: names.map(({ name }) => name) };
}

function doubtOf(
  { file, sha256, line, names, functions, unread, whole = sha256 }: Caller,
  inferred: InferredComponent | undefined,
): FoundDoubt {
  const who = names.map(({ name }) => name).join(', ');
  const subject = who === '' ? file : `${who} of ${file}`;
  const isTaken = functions.length > 0 && functions.every((name) => /^kho_re(?:store|trieve)_/.test(name));
  const what = isTaken ? 'takes over what nobody judges' : 'hands over what nobody judges';
  const message = {
    named: `${subject} is ${isTaken ? 'taken over' : 'handed over'} and not judged`,
    plain: `${file} ${what}`,
    unread: `${file} may hand something over, and could not be read: ${unread}`,
  }[unread !== undefined ? 'unread' : who === '' ? 'plain' : 'named'];
  const judged = inferred && inferred.state.available !== 'unknown' && speaksOfAll(names, inferred);
  return {
    code: 'uncovered-caller',
    subject,
    message: judged ? `${message}, but for what is inferred as ${inferred.id}` : message,
    reading: judged ? `inferred ${inferred.id}` : whole.slice(0, 16),
    condition: judged
      ? 'handed over, and judged by what is inferred of it alone'
      : 'handed over and not judged; its code is the same in both',
    ...targetsOf(file),
    where: `${file}:${line}`,
  };
}

/**
 * What is inferred of a file speaks of one name, or of several that begin alike where it has as many structs; where the file
 * hands over under more, it counts as a whole.
 */
function speaksOfAll(names: Caller['names'], { id, state: { structs } }: InferredComponent): boolean {
  if (names.length <= 1) return true;
  const isPart = (name: string): boolean => `${stemOf(name)}-`.startsWith(`${id}-`);
  return names.every(({ name }) => isPart(name)) && Object.keys(structs).length >= names.length;
}

function unsearchedDoubt(why: string): FoundDoubt {
  return {
    code: 'uncovered-caller',
    subject: 'code that is not at hand',
    message: `${why}: whether others than the known components hand something over was not looked for`,
    isNote: true,
    condition: 'no code that is not at hand hands anything over',
  };
}

/** The code of an architecture is in its own kernels alone. */
function targetsOf(file: string): { targets?: Target[] } {
  const [, architecture] = /^arch\/(\w+)\//.exec(file) ?? [];
  if (architecture === undefined) return {};
  return { targets: TARGETS.filter((target) => isX86(target) === (architecture === 'x86')) };
}

/** Said once of what holds headers alone. */
export const CALLERS_UNSEEN: CaptureFinding = {
  code: 'callers-unseen',
  message: 'headers do not show who hands something over: only the source does',
};
