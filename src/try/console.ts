// The console of a trial is the log of all its kernels, one after the other; the guest's lines say where one ends.

/** A line that the guest program wrote. */
export interface GuestLine {
  /** What it says behind `try: hop N`. */
  text: string;
  line: string;
}

/** What one kernel of a trial wrote. */
export interface HopLog {
  /** In order, without line ends, colours and time stamps. */
  lines: readonly string[];
  guest: readonly GuestLine[];
  /** It gave over to the next kernel. */
  isLeft: boolean;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: consoles are written to by firmware too
const NOISE = /\u001b\[[0-9;?]*[A-Za-z]|\u001bc|[\u0000-\u0008\u000b-\u001f]/g;
const STAMP = /^(?:<\d+>)?\[ *\d+\.\d+\](?:\[ *[TC]\d+\])? ?/;
const GUEST = /try: hop (\d+) (.*)$/;

/** Splits a console into its kernels. A kernel that wrote nothing has no lines. */
export function readConsole(text: string, hops: number): HopLog[] {
  const logs = Array.from({ length: hops + 1 }, () => ({
    lines: [] as string[],
    guest: [] as GuestLine[],
    isLeft: false,
  }));
  let at = 0;
  for (const raw of text.split('\n')) {
    const line = raw.replace(NOISE, '').replace(STAMP, '').trimEnd();
    const [, hop, said] = GUEST.exec(line) ?? [];
    // Where two consoles are one line, each line comes twice: what a kernel said before it was left is not the next one's.
    if (hop !== undefined && Number(hop) < at) continue;
    if (hop !== undefined && Number(hop) > at) at = leap(logs, at, Math.min(Number(hop), hops));
    const log = logs[at];
    if (line === '' || !log) continue;
    log.lines.push(line);
    if (said === undefined) continue;
    log.guest.push({ text: said, line });
    if (said !== 'kexec') continue;
    log.isLeft = true;
    at += 1;
  }
  return logs;
}

/**
 * A kernel speaks whose outgoing one had no console: nobody said that it was left. What stands there from the last begin of
 * a kernel on is of the one that speaks.
 */
function leap(logs: readonly { lines: string[] }[], from: number, to: number): number {
  const lines = logs[from]?.lines ?? [];
  const begin = lines.findLastIndex((line) => line.startsWith('Linux version '));
  if (begin >= 0) logs[to]?.lines.push(...lines.splice(begin));
  return to;
}

/** What the guest said that begins with these words: the rest of its first such line. */
export function saidOf({ guest }: HopLog, start: string): string | undefined {
  return guest.find(({ text }) => text.startsWith(`${start} `))?.text.slice(start.length + 1);
}
