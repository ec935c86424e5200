import { ToolError } from '../errors.ts';
import { parseReleaseName } from '../model/release-name.ts';
import type { BuildFacts } from '../sources/build-facts.ts';

/** One opened build, by the name that messages call it. */
export interface NamedBuild {
  name: string;
  release?: string;
  build: BuildFacts;
}

/** Throws USAGE where pieces of evidence that are to be one kernel show that they are of two. */
export function checkSameKernel(
  builds: readonly NamedBuild[],
  sources: readonly { name: string; release?: string }[],
): void {
  agree(
    'upstream releases',
    [...builds, ...sources],
    ({ release }) => release && parseReleaseName(release)?.base,
  );
  agree('builds', builds, ({ release }) =>
    release && parseReleaseName(release)?.vendor ? release : undefined,
  );
  agree('machines', builds, ({ build }) => build.machine ?? machineOf(build));
  const withBtf = builds.filter(({ build }) => build.btf);
  const [first, ...others] = withBtf;
  const other = others.find(({ build }) => !isSame(build.btf?.bytes, first?.build.btf?.bytes));
  if (first && other) throw twoKernels('type information', [first.name, 'its own'], [other.name, 'its own']);
}

function agree<T extends { name: string }>(
  what: string,
  pieces: readonly T[],
  of: (piece: T) => string | undefined,
): void {
  const said = pieces.flatMap((piece) => {
    const value = of(piece);
    return value === undefined ? [] : [[piece.name, value] as const];
  });
  const [first] = said;
  const other = said.find(([, value]) => value !== first?.[1]);
  if (first && other) throw twoKernels(what, first, other);
}

function twoKernels(
  what: string,
  [one, value]: readonly [string, string],
  [other, otherValue]: readonly [string, string],
): ToolError {
  const sides = `${one} says ${value}, ${other} says ${otherValue}`;
  return new ToolError('USAGE', `two ${what} are not one kernel: ${sides}; give what belongs together`);
}

function machineOf({ config }: BuildFacts): string | undefined {
  if (config?.values.get('CONFIG_X86_64') === 'y') return 'x86_64';
  return config?.values.get('CONFIG_ARM64') === 'y' ? 'aarch64' : undefined;
}

function isSame(one: Uint8Array | undefined, other: Uint8Array | undefined): boolean {
  return one !== undefined && other !== undefined && Buffer.compare(one, other) === 0;
}
