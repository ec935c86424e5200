/** What something takes of the processors, in milliseconds: unlike the time by the clock it is the same on a busy machine. */
export async function processorTime(run: () => unknown): Promise<number> {
  const start = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}
