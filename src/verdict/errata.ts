import satisfies from 'semver/functions/satisfies.js';
import type { Erratum } from '../model/erratum.ts';
import { parseReleaseName } from '../model/release-name.ts';

/** Whether a release has the fault of an erratum. A vendor's kernel counts as the upstream release under it. */
export function appliesTo(erratum: Erratum, release: string): boolean {
  const name = parseReleaseName(release);
  if (!name) return false;
  return satisfies(name.version, erratum.releases, { includePrerelease: true });
}
