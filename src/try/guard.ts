import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';

/**
 * Keeps watch over a program from outside of this process: when its input ends, be it because this process asks for it or
 * because it was killed, the program and all that it started are stopped and its folder removed.
 */
const GUARD = `folder=$1; shift
exec 3<&0
setsid "$@" </dev/null 3<&- &
program=$!
{ read -r _ <&3; kill -9 -$program; kill -9 $program; rm -rf -- "$folder"; } 2>/dev/null >/dev/null &
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

/** Stops the program, where it still runs, and removes the folder. */
export function letGo({ stdin }: ChildProcess): void {
  stdin?.destroy();
}
