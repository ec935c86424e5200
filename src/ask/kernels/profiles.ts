import { ToolError } from '../../errors.ts';
import { nearest } from '../../model/nearest.ts';
import type { Profile } from '../../model/profile.ts';
import { componentsOf, DEFAULT_PROFILE, PROFILES } from '../../model/profile.ts';
import { parseDocument, readTextFile } from '../../schema/validate.ts';

/** A profile by its name, or as it is; all that is carried without one. @throws ToolError PROFILE_UNKNOWN */
export function profileFrom(profile: Profile | string = DEFAULT_PROFILE): Profile {
  if (typeof profile !== 'string') return profile;
  const found = PROFILES.find(({ name }) => name === profile);
  if (found) return found;
  const known = PROFILES.map(({ name }) => name).join(', ');
  throw new ToolError('PROFILE_UNKNOWN', `${profile}: no such profile; known: ${known}`);
}

/**
 * A profile by its name, or by the path of a document with one.
 * @throws ToolError PROFILE_UNKNOWN, FILE_UNREADABLE, DOCUMENT_INVALID
 */
export function readProfile(name: string): Profile {
  const isPath = name.endsWith('.json') && PROFILES.every((profile) => profile.name !== name);
  return isPath ? parseDocument<Profile>('profile', readTextFile(name), name) : profileFrom(name);
}

/** Every component that a profile of one's own names must exist. @throws ToolError COMPONENT_UNKNOWN */
export function checkProfile(profile: Profile, known: readonly string[]): void {
  const { name, ignored } = profile;
  const stranger = [...componentsOf(profile), ...ignored].find((id) => !known.includes(id));
  if (stranger === undefined || PROFILES.includes(profile)) return;
  const near = nearest(stranger, known).join(', ') || known.join(', ');
  throw new ToolError('COMPONENT_UNKNOWN', `profile ${name}: no component ${stranger}; nearest: ${near}`);
}
