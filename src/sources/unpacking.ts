import { channel } from 'node:diagnostics_channel';

// While another process unpacks an image, this one has time for other work.

const unpacking = channel('luo-abi:unpack');

/** Says that a program has begun to unpack. */
export function tellUnpacking(): void {
  if (unpacking.hasSubscribers) unpacking.publish({});
}

/** Calls back whenever a program begins to unpack, until the function that is given back is called. */
export function onUnpacking(listener: () => void): () => void {
  unpacking.subscribe(listener);
  return () => {
    unpacking.unsubscribe(listener);
  };
}
