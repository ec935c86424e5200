import { dirname, resolve } from 'node:path';
import type { Catalog } from '../../catalog/catalog.ts';
import { ToolError } from '../../errors.ts';
import type { PolicyDocument } from '../../model/policy.ts';
import type { Profile } from '../../model/profile.ts';
import { PROFILES } from '../../model/profile.ts';
import { checkProfile, readProfile } from './profiles.ts';

/** The profile that a policy of a file names; the path of a document is relative to the policy's folder. */
export function profilesBeside(path: string): (name: string) => Profile {
  return (name) => readProfile(name.endsWith('.json') ? resolve(dirname(path), name) : name);
}

/**
 * The profiles of a policy.
 * @throws ToolError PROFILE_UNKNOWN, COMPONENT_UNKNOWN, DOCUMENT_INVALID for two of one name
 */
export function policyProfiles(
  { profiles: named }: PolicyDocument,
  profileOf: (name: string) => Profile,
  catalog: Catalog,
): Profile[] {
  const profiles = named.map(profileOf);
  const names = profiles.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined)
    throw new ToolError('DOCUMENT_INVALID', `the policy has two profiles named ${twice}`);
  if (profiles.every((profile) => PROFILES.includes(profile))) return profiles;
  const known = catalog.componentIds();
  for (const profile of profiles) checkProfile(profile, known);
  return profiles;
}
