import type { Era } from '../model/component-definition.ts';
import type { FoundDoubt } from '../model/doubt.ts';
import type { CodeBase } from './code-base.ts';
import { entryNames } from './code-entries.ts';
import { HAND_OVER } from './sought.ts';

// When at boot a component's functions run: what hands something over, or makes a handler known, does so in vain before
// live update is set up.

/** The levels in the order in which a kernel runs them; those of one level in the order in which they are linked. */
const LEVELS = ['console', 'security', 'early', 'pure', 'core', 'postcore', 'arch', 'subsys', 'fs', 'rootfs']
  .concat('device', 'late')
  .flatMap((level) => [level, `${level}_sync`]);

/** What sets live update up, by which of its functions the others must not come before. */
const SETS_UP: readonly string[] = ['kho_init', 'liveupdate_early_init'];

/** A function that runs at boot, and when. */
export interface Initcall {
  name: string;
  /** `late`, `fs_sync`. */
  level: string;
  file: string;
  line: number;
}

/** Of the functions that hand over those that take: they do so from the first pages of boot on. */
const TAKES = /_(?:restore|retrieve)/;

/**
 * The functions of a component that run at boot and hand something over, take it, or make something known; or those that do
 * more than take.
 */
export function initcallsOf(era: Era, base: CodeBase, isGivingAlone = false): Initcall[] {
  const code = era.code.filter(({ side }) => !isGivingAlone || side !== 'reader');
  const entries = new Set(code.flatMap(({ functions }) => functions.flatMap(entryNames)));
  const files = new Set(base.pieces(era.files).map(({ file }) => file));
  return [...files].flatMap((file) => {
    // A component that moved is looked for in all files: there what leads to its own code counts alone.
    const isOwn = era.files.includes(file);
    const isSought = (name: string): boolean =>
      entries.has(name) || (isOwn && HAND_OVER.test(name) && !(isGivingAlone && TAKES.test(name)));
    return initcallsIn(file, base).filter(
      ({ name }) => (isOwn && SETS_UP.includes(name)) || leadsTo(name, file, { base, isSought }),
    );
  });
}

function initcallsIn(file: string, base: CodeBase): Initcall[] {
  return base.callsAtFileLevel(file).flatMap(({ name: macro, argument, line }) => {
    const level = levelOf(macro);
    return level === undefined ? [] : [{ name: argument, level, file, line }];
  });
}

function levelOf(macro: string): string | undefined {
  if (macro === 'module_init' || macro === '__initcall') return 'device';
  const [, name = '', sync = ''] = /^(\w+?)_initcall(_sync)?$/.exec(macro) ?? [];
  return LEVELS.includes(name) ? name + sync : undefined;
}

/** Whether a function is sought, or leads to one that is: by what it calls in its file, or by a table. */
function leadsTo(
  name: string,
  file: string,
  { base, isSought }: { base: CodeBase; isSought(name: string): boolean },
): boolean {
  const seen = new Set([name]);
  for (const one of seen) {
    if (isSought(one)) return true;
    const piece = base.find(one, file);
    if (piece?.file !== file) continue;
    for (const { kind, text } of piece.tokens) if (kind === 'name') seen.add(text);
  }
  return false;
}

/** Doubts about functions that run before what they need is set up. */
export function tooEarly(era: Era, base: CodeBase): FoundDoubt[] {
  const setUp = SETS_UP.flatMap((name) => {
    const file = base.find(name)?.file;
    return file === undefined ? [] : initcallsIn(file, base).filter((one) => one.name === name);
  });
  return initcallsOf(era, base, true)
    .filter(({ name }) => !SETS_UP.includes(name))
    .flatMap(({ name, level, file, line }): FoundDoubt[] => {
      const later = setUp.find((one) => LEVELS.indexOf(level) < LEVELS.indexOf(one.level));
      if (!later) return [];
      const message = `${name}() runs as ${level}_initcall, before ${later.name}() sets live update up as ${later.level}_initcall`;
      return [{ code: 'check-not-confirmed', subject: name, message, where: `${file}:${line}` }];
    });
}
