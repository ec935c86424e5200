import type { Mutation } from '../mutation.ts';
import { AROUND_MUTATIONS } from './around.ts';
import { BUILD_MUTATIONS } from './builds.ts';
import { CALLER_MUTATIONS } from './callers.ts';
import { BESIDE_MUTATIONS } from './code-beside.ts';
import { ENCODING_MUTATIONS } from './code-both.ts';
import { READER_MUTATIONS } from './code-read.ts';
import { WRITER_MUTATIONS } from './code-write.ts';
import { DRIVER_MUTATIONS } from './drivers.ts';
import { EMBEDDED_MUTATIONS } from './embedded.ts';
import { HOOK_MUTATIONS } from './hooks.ts';
import { KEPT_MUTATIONS } from './kept.ts';
import { KHO_MUTATIONS } from './kho.ts';
import { LUO_MUTATIONS } from './luo.ts';
import { MEMBER_MUTATIONS } from './members.ts';
import { MEMFD_MUTATIONS } from './memfd.ts';
import { MOVED_MUTATIONS } from './moved.ts';
import { OPTION_MUTATIONS } from './options.ts';
import { OTHER_MUTATIONS } from './other.ts';
import { REFACTOR_MUTATIONS } from './refactors.ts';
import { SPELLING_MUTATIONS } from './spelling.ts';
import { STRUCT_MUTATIONS } from './structs.ts';
import { TYPE_MUTATIONS } from './types.ts';
import { UNSETTLED_MUTATIONS } from './unsettled.ts';
import { VALUE_MUTATIONS } from './values.ts';

/** Every mutation, in the order of the table. */
export const MUTATIONS: readonly Mutation[] = [
  ...KHO_MUTATIONS,
  ...LUO_MUTATIONS,
  ...MEMFD_MUTATIONS,
  ...OTHER_MUTATIONS,
  ...SPELLING_MUTATIONS,
  ...EMBEDDED_MUTATIONS,
  ...TYPE_MUTATIONS,
  ...UNSETTLED_MUTATIONS,
  ...VALUE_MUTATIONS,
  ...OPTION_MUTATIONS,
  ...MEMBER_MUTATIONS,
  ...STRUCT_MUTATIONS,
  ...MOVED_MUTATIONS,
  ...BUILD_MUTATIONS,
  ...WRITER_MUTATIONS,
  ...READER_MUTATIONS,
  ...ENCODING_MUTATIONS,
  ...KEPT_MUTATIONS,
  ...BESIDE_MUTATIONS,
  ...CALLER_MUTATIONS,
  ...DRIVER_MUTATIONS,
  ...HOOK_MUTATIONS,
  ...AROUND_MUTATIONS,
  ...REFACTOR_MUTATIONS,
];
