/** What questions take, where messages name it, as options. */
const OPTIONS: Readonly<Record<string, string>> = {
  accelerator: '--accel',
  catalog: '--catalog',
  component: '--component',
  devices: '--state',
  host: '--host',
  into: '--into',
  memory: '--memory',
  on: '--on',
  port: '--port',
  release: '--release',
  releases: '--releases',
  sources: '--sources',
  staged: '--staged',
  with: '--with',
};

/** The words of an error for somebody who has options: what a question takes stands in backticks. */
export function spelled(text: string): string {
  return text.replace(/`([a-z]+)`/gi, (whole, name: string) =>
    Object.hasOwn(OPTIONS, name) ? (OPTIONS[name] as string) : whole,
  );
}
