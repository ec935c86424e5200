// What is written to a file is there whole or not at all, also when somebody asks the program to end.

const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Holds a request to end until the files that are being written are whole: call what it returns then. With `undo` the request
 * is heard at the next pause of the program: `undo` removes what is there of them. The program then ends as by the signal.
 */
export function holdSignals(undo?: () => void): () => void {
  let held: NodeJS.Signals | undefined;
  let isWhole = false;
  const release = (): void => {
    for (const signal of ENDING) process.off(signal, hear);
    if (held !== undefined) process.kill(process.pid, held);
  };
  const hear = (signal: NodeJS.Signals): void => {
    held ??= signal;
    if (!undo || isWhole) return;
    undo();
    release();
  };
  for (const signal of ENDING) process.on(signal, hear);
  return () => {
    isWhole = true;
    // What was asked for meanwhile is heard at the next turn of the program, and must still be held then.
    setImmediate(release);
  };
}
