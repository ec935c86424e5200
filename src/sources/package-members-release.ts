import { releaseOfName } from './release.ts';

/**
 * The end of uname -r that names what Debian built for, not what it built: `-amd64`, `-cloud-amd64`,
 * `-rt-arm64-16k`.
 */
const DEBIAN_FLAVOUR = new RegExp(
  '(?:-[a-z][a-z0-9]*)*-(?:686|alpha|amd64|arm64|armmp|hppa|ia64|loong64|m68k|mips64el|powerpc64|powerpc64le|' +
    'riscv64|s390x|sh7751r|sparc64)(?:-(?:\\d+k|lpae|pae|smp|unsigned|signed))?$',
);
/** Longest uname -r (__NEW_UTS_LEN, include/uapi/linux/utsname.h); the flavour is not looked for in more. */
export const UNAME_LIMIT = 64;
const UNAME = /^(\d+\.\d+)(\.\d+)?(?:-(rc\d+))?(.*)$/;

/**
 * What a kernel out of a Debian package is called: the upstream release, then what the distribution put
 * behind it; the flavour is left out.
 *
 * The upstream release is the one of the package's version, for uname may say less: `7.3-amd64` of
 * 7.3~rc7-1~exp1 is 7.3-rc7, `6.1.0-18-amd64` of 6.1.76-1 is 6.1.76. Where the two are not of one series
 * uname alone counts. What follows is, in this order, what uname has behind the numbers (`7.3.4+deb13`,
 * `6.8.0-31-generic`); for a Debian flavour without that (an ABI number says nothing) the suite in the
 * version (`7.3-rc7+exp1`), or else its revision (`6.1.76-1`), so that it is never taken for upstream's. A
 * lone `+`, the mark of a tree with changes, becomes `+local`.
 */
export function releaseOfDebBuild(uname: string, version: string | undefined): string {
  const [, series, patch = '', candidate, rest = ''] = UNAME.exec(uname) ?? [];
  if (series === undefined || uname.length > UNAME_LIMIT) return uname;
  const own = withCandidate(series, patch, candidate);
  const upstream = version === undefined ? undefined : upstreamOf(version, series);
  const base = upstream ?? own;
  const flavourless = rest.replace(DEBIAN_FLAVOUR, '');
  if (flavourless !== rest && /^(?:-\d+)?$/.test(flavourless)) return base + revisionOf(version);
  return base + (flavourless === '+' ? '+local' : flavourless);
}

/** The upstream release that a version of a package begins with, when it is of the series. */
function upstreamOf(version: string, series: string): string | undefined {
  const [, found, patch = '', candidate] = UNAME.exec(releaseOfName(version) ?? '') ?? [];
  return found === series ? withCandidate(series, patch, candidate) : undefined;
}

/** A release candidate has no third number: `7.3.0-rc7` is called 7.3-rc7. */
function withCandidate(series: string, patch: string, candidate: string | undefined): string {
  if (candidate === undefined) return series + patch;
  return `${series}${patch === '.0' ? '' : patch}-${candidate}`;
}

/** `+exp1` of 7.3~rc7-1~exp1, `-1` of 6.1.76-1. */
function revisionOf(version = ''): string {
  const revision = /-([^-]+)$/.exec(version)?.[1];
  if (revision === undefined) return '+debian';
  const suite = /~([a-z]+\d+)/.exec(revision)?.[1];
  return suite === undefined ? `-${revision}` : `+${suite}`;
}

/**
 * What a kernel out of an RPM package is called: version and release of the package, as uname has them
 * without architecture and flavour (`5.14.0-427.13.1.el9_4`). A release candidate, which packages write as
 * version 7.3.0 release 0.rc7.61.fc44 or as version 7.3.0_rc7, gets upstream's name in front:
 * `7.3-rc7-61.fc44`. Where uname is of another series than the package, uname counts, without the
 * architecture.
 */
export function releaseOfRpmBuild(
  uname: string | undefined,
  { version, release, arch }: { version: string; release: string; arch: string | undefined },
): string {
  const [, series, patch = '', written, rest = ''] =
    /^(\d+\.\d+)(\.\d+)?(?:[_~](rc\d+))?(.*)$/.exec(version) ?? [];
  const isOther = uname !== undefined && series !== undefined && !`${uname}.`.startsWith(`${series}.`);
  if (uname !== undefined && (series === undefined || isOther)) return withoutArch(uname, arch);
  if (series === undefined) return `${version}-${release}`;
  const [, inRelease, behind = release] = /^0\.(rc\d+)\.(.+)$/.exec(release) ?? [];
  return `${withCandidate(series, patch, written ?? inRelease)}${rest}-${behind}`;
}

function withoutArch(uname: string, arch: string | undefined): string {
  const at = arch === undefined ? -1 : uname.lastIndexOf(`.${arch}`);
  return at === -1 ? uname : uname.slice(0, at);
}
