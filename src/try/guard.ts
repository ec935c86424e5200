import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';

/**
 * Keeps watch over a program from outside of this process: when its input ends, be it because this process asks for it or
 * because it was killed, the program and all that it started are stopped and its folder removed, again where another program
 * was still writing there.
 */
const GUARD = `folder=$1; shift
exec 3<&0
setsid "$@" </dev/null 3<&- &
program=$!
{ read -r _ <&3; kill -9 -$program; kill -9 $program
  for again in 1 2 3 4 5; do rm -rf -- "$folder" && break; sleep 0.2; done; } 2>/dev/null >/dev/null &
exec 3<&-
wait $program`;

/** Starts a program with a folder that ends with it. `letGo` must follow when it is done. */
export function startGuarded(folder: string, program: readonly string[]): ChildProcess {
  return spawn('/bin/sh', ['-c', GUARD, 'luo-abi-guard', folder, ...program], {
    stdio: ['pipe', 'pipe', 'pipe'],
    // A terminal's Ctrl-C is for this process, which then ends the guard.
    detached: true,
  });
}

/** Keeps watch over a folder alone: it goes when `letGo` is called or this process ends. */
export function guardFolder(folder: string): ChildProcess {
  return startGuarded(folder, ['tail', '-f', '/dev/null']);
}

/** Stops the program, where it still runs, and removes the folder. */
export function letGo({ stdin }: ChildProcess): void {
  stdin?.destroy();
}
