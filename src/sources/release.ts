const ASSIGNMENTS = {
  VERSION: /^VERSION[ \t]*=[ \t]*([^\s#]*)/m,
  PATCHLEVEL: /^PATCHLEVEL[ \t]*=[ \t]*([^\s#]*)/m,
  SUBLEVEL: /^SUBLEVEL[ \t]*=[ \t]*([^\s#]*)/m,
  EXTRAVERSION: /^EXTRAVERSION[ \t]*=[ \t]*([^\s#]*)/m,
};

/**
 * The release that a kernel's top Makefile states, named as kernels are: '7.1.13', '7.3-rc7', '6.16'.
 * A SUBLEVEL of 0 is not written out. Undefined when VERSION or PATCHLEVEL is not there.
 */
export function releaseOfMakefile(text: string): string | undefined {
  const value = (name: keyof typeof ASSIGNMENTS) => ASSIGNMENTS[name].exec(text)?.[1] ?? '';
  const version = value('VERSION');
  const patchlevel = value('PATCHLEVEL');
  if (!/^\d+$/.test(version) || !/^\d+$/.test(patchlevel)) return undefined;
  const sublevel = value('SUBLEVEL');
  const third = sublevel === '' || sublevel === '0' ? '' : `.${sublevel}`;
  return `${version}.${patchlevel}${third}${value('EXTRAVERSION')}`;
}

/**
 * The release in the name of a folder, a file or in a package's version: 'linux-7.1.13' and
 * '7.1.13-1~bpo13+1' give '7.1.13', 'linux_7.3~rc7.orig.tar.xz' and '7.3.0-0.rc7.61.fc44' give release candidates.
 */
export function releaseOfName(name: string): string | undefined {
  const found = /(?:^|[^\d.])(\d+\.\d+(?:\.\d+)*)(?:[-~](?:0\.)?(rc\d+))?/.exec(name);
  if (found === null) return undefined;
  const [, numbers = '', candidate] = found;
  return candidate === undefined ? numbers : `${numbers}-${candidate}`;
}
