import { livingTokens, type Slice, shortDigest, slicesOf } from '../cdecl/index.ts';
import { attempt } from '../errors.ts';
import { byCodeUnit } from '../model/canonical.ts';
import type { Era } from '../model/component-definition.ts';
import type { CallState } from '../model/component-state.ts';
import { LimitedMap } from '../model/limited-map.ts';
import type { CodeBase } from './code-base.ts';
import { hashOf, reachedCode, targetsOf } from './code-rows.ts';
import { ENTERED } from './hook-table.ts';
import { isHooked } from './hooks.ts';
import { initcallsOf } from './initcalls.ts';
import type { DeclarationReader } from './reader.ts';
import { CALLING_FILES, CODE_WITNESS } from './wanted.ts';

// How code that is not live update's own calls it, and when at boot its own code runs. Of the files that call it most is
// about other things: only the statements that speak of live update count.

const SPEAKS = /(?:^|_)(?:kho|luo|liveupdate)(?:_|$)/i;
const OF_LUO = /(?:^|_)(?:luo|liveupdate)_/i;
/** Functions of such files that are a component's own code. */
const OWN_CODE = /reserved?_mem|prepare_kho|^setup_kho$/;

/** The calls of a component's functions, with the place of the first of each name. */
export interface OutsideCalls {
  calls: CallState[];
  places: Record<string, string>;
}

export function outsideCalls(
  component: string,
  era: Era,
  { base, reader }: { base: CodeBase; reader: DeclarationReader },
): OutsideCalls {
  const places: Record<string, string> = {};
  const calls = isHooked(component) ? callsOf(component, reader, places) : [];
  for (const { name, level, file, line } of initcallsOf(era, base)) {
    calls.push({ function: name, kind: 'initcall', hash: level });
    places[`initcall ${name}`] = `${file}:${line}`;
  }
  for (const name of ENTERED[component] ?? []) {
    const found = enteredAt(name, era, base);
    if (!found) continue;
    calls.push({ function: name, kind: 'entered', hash: found.hash });
    places[`entered ${name}`] = found.where;
  }
  const order = ({ kind, function: name, targets = [] }: CallState): string =>
    [kind, name, ...targets].join(' ');
  return { calls: calls.sort((one, other) => byCodeUnit(order(one), order(other))), places };
}

/** What a function does that something else than live update's own code comes to, and by which calls and tables it does. */
function enteredAt(name: string, era: Era, base: CodeBase): { hash: string; where: string } | undefined {
  const code = [{ side: 'writer' as const, functions: [name] }];
  const reached = reachedCode({ ...era, code }, base);
  const piece = reached.get(name)?.piece;
  if (!piece) return undefined;
  const done = [...reached].map(([own, one]) => `${own} ${hashOf(one.piece, base, NO_MARKERS)}`);
  const said = base.saidOf(name, piece.file);
  const hash = shortDigest([...done.sort(byCodeUnit), ...said].join('\n'));
  return { hash, where: `${piece.file}:${piece.line}` };
}

function callsOf(component: string, reader: DeclarationReader, places: Record<string, string>): CallState[] {
  if (!reader.exists(CODE_WITNESS)) return [];
  const rows = new Map<string, { state: CallState; hashes: string[] }>();
  for (const path of [...CALLING_FILES, CODE_WITNESS])
    for (const { name, line, hash } of slicesIn(path, reader)) {
      if (OF_LUO.test(name) !== (component === 'luo')) continue;
      const own = targetsOf({ file: path });
      const key = `${name} ${own.targets}`;
      const state: CallState = { function: name, kind: 'call', hash: '', ...own };
      const row = rows.get(key) ?? { state, hashes: [] };
      rows.set(key, row);
      row.hashes.push(hash);
      places[`call ${name}`] ??= `${path}:${line}`;
    }
  return [...rows.values()].map(({ state, hashes }) => ({
    ...state,
    hash: shortDigest(hashes.sort().join('\n')),
  }));
}

/** Whatever the configuration is: with every option, so that two builds of one text are alike. */
function slicesIn(path: string, reader: DeclarationReader): readonly Slice[] {
  const text = reader.text(path);
  if (text === undefined || !SPEAKS_SOMEWHERE.test(text)) return [];
  const found =
    slicesByText.get(text) ??
    attempt(() =>
      slicesOf(
        livingTokens({ path, text }, () => true),
        (word) => SPEAKS.test(word),
        (name) => OWN_CODE.test(name),
      ),
    ) ??
    unread(path, text);
  slicesByText.set(text, found);
  return found;
}

/** A file of which no statement can be told apart: it is the same only where its text is. */
function unread(path: string, text: string): Slice[] {
  return [{ name: path, line: 1, hash: shortDigest(text) }];
}

const NO_MARKERS: ReadonlySet<string> = new Set();
const SPEAKS_SOMEWHERE = /kho_|liveupdate_|_KHO/;
/** Of the kernels that a capture of many goes through, most have the same texts. */
const slicesByText = new LimitedMap<string, readonly Slice[]>(64);
