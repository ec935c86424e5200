import type { ChalkInstance } from 'chalk';
import type { ComponentVerdictKind, Effect, Verdict } from '../model/verdict-kind.ts';

/** What a terminal renderer may know of the terminal. */
export interface RenderOptions {
  chalk: ChalkInstance;
  /** Columns; lines are not longer unless a single word is. */
  width: number;
}

export interface Sign {
  /** One column wide. */
  mark: string;
  label: string;
  paint(chalk: ChalkInstance, text: string): string;
}

const red = (chalk: ChalkInstance, text: string): string => chalk.redBright(text);
const green = (chalk: ChalkInstance, text: string): string => chalk.green(text);

/** How each verdict is shown: a letter or sign as well as a colour (SEMANTICS, section 5). */
export function signOf(verdict: ComponentVerdictKind, effect: Effect | null): Sign {
  if (verdict === 'refused' && effect === 'boot-panic') return SIGNS.panic;
  return SIGNS[verdict];
}

const SIGNS: Record<ComponentVerdictKind | 'panic', Sign> = {
  misread: {
    mark: 'X',
    label: 'misread: accepted and read wrongly',
    paint: (c, t) => c.bgRed.whiteBright.bold(t),
  },
  panic: { mark: 'P', label: 'refused: the incoming kernel panics', paint: red },
  refused: { mark: 'R', label: 'refused: state is lost, the kernel boots', paint: (c, t) => c.yellow(t) },
  unknown: { mark: '?', label: 'unknown: a needed fact is missing', paint: (c, t) => c.magenta(t) },
  unsupported: { mark: '-', label: 'unsupported: cannot be preserved', paint: (c, t) => c.gray(t) },
  unreached: { mark: '.', label: 'unreached', paint: (c, t) => c.gray(t) },
  'compatible-with-notes': { mark: 'n', label: 'compatible, with notes', paint: green },
  compatible: { mark: '=', label: 'compatible', paint: green },
};

/** The signs in the order of badness, for a legend. */
export const LEGEND: readonly Sign[] = [
  SIGNS.misread,
  SIGNS.panic,
  SIGNS.refused,
  SIGNS.unknown,
  SIGNS.unsupported,
  SIGNS['compatible-with-notes'],
  SIGNS.compatible,
];

/** A verdict with its effect in words: `refused (boot-panic)`. */
export function verdictText(verdict: Verdict | ComponentVerdictKind, effect: Effect | null): string {
  return effect ? `${verdict} (${effect})` : verdict;
}
