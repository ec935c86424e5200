import { channel } from 'node:diagnostics_channel';

// While another process unpacks an image, this one has time for other work.

const unpacking = channel('luo-abi:unpack');

/** Says that a program has begun to unpack. */
export function tellUnpacking(): void {
  if (unpacking.hasSubscribers) unpacking.publish({});
}

/** Settles when a program unpacks for what is being opened (true), or when that is opened, or failed, without one. */
export async function isUnpacked(opening: Promise<unknown>): Promise<boolean> {
  let leave = (): void => {};
  const begun = new Promise<true>((resolve) => {
    const listener = (): void => resolve(true);
    unpacking.subscribe(listener);
    leave = () => unpacking.unsubscribe(listener);
  });
  const ended = opening.then(
    () => false,
    () => false,
  );
  return Promise.race([begun, ended]).finally(leave);
}
