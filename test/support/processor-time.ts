/**
 * Milliseconds that this process, its threads among them, has spent on processors so far. Limits of tests are held to it, not to
 * the clock: whatever else runs on the machine does not count.
 */
export function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
