// What is written to a file is there whole or not at all, also when somebody asks the program to end.

const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Files that are being written. */
interface Hold {
  undo: (() => void) | undefined;
}

const holds = new Set<Hold>();
let held: NodeJS.Signals | undefined;
let isListening = false;

/**
 * Holds a request to end until the files that are being written are whole: call what it returns then. With `undo` the request
 * is heard at the next pause of the program: `undo` removes what is there of them. The program then ends as by the signal.
 */
export function holdSignals(undo?: () => void): () => void {
  const hold = { undo };
  holds.add(hold);
  if (!isListening) for (const signal of ENDING) process.on(signal, hear);
  isListening = true;
  return () => {
    holds.delete(hold);
    // What was asked for meanwhile is heard at the next turn of the program, and must still be held then.
    if (holds.size === 0) setImmediate(letGo);
  };
}

function hear(signal: NodeJS.Signals): void {
  held ??= signal;
  for (const hold of holds) {
    if (!hold.undo) continue;
    hold.undo();
    holds.delete(hold);
  }
  letGo();
}

/** Ends the program where it was asked to end and nothing is being written. */
function letGo(): void {
  if (holds.size > 0) return;
  for (const signal of ENDING) process.off(signal, hear);
  isListening = false;
  const signal = held;
  held = undefined;
  if (signal !== undefined) process.kill(process.pid, signal);
}
