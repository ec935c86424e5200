import { dirname, resolve } from 'node:path';
import type { Catalog } from '../catalog/catalog.ts';
import { ToolError } from '../errors.ts';
import type { PolicyDocument } from '../model/policy.ts';
import type { Profile } from '../model/profile.ts';
import { PROFILES } from '../model/profile.ts';
import { checkProfile, profileNamed } from './options.ts';

/**
 * The profiles of a policy; the path of a document is relative to the policy's folder.
 * @throws ToolError PROFILE_UNKNOWN, COMPONENT_UNKNOWN, DOCUMENT_INVALID for two of one name
 */
export function policyProfiles(
  { profiles: names }: PolicyDocument,
  path: string,
  catalog: Catalog,
): Profile[] {
  const profiles = names.map((name) =>
    profileNamed(name.endsWith('.json') ? resolve(dirname(path), name) : name),
  );
  checkProfiles(profiles, catalog);
  return profiles;
}

function checkProfiles(profiles: readonly Profile[], catalog: Catalog): void {
  const names = profiles.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined)
    throw new ToolError('DOCUMENT_INVALID', `the policy has two profiles named ${twice}`);
  if (profiles.every((profile) => PROFILES.includes(profile))) return;
  const known = catalog.componentIds();
  for (const profile of profiles) checkProfile(profile, known);
}
