import { PAIR_CLASSES } from '../ask/matrices/classes.ts';
import type { PairClass } from '../model/outputs.ts';
import { DEFAULT_PROFILE, PROFILES } from '../model/profile.ts';
import type { Target } from '../model/target.ts';
import { TARGETS } from '../model/target.ts';

/** What /api/matrix is asked. */
export interface MatrixQuery {
  profile?: string;
  target: Target;
  releases?: string;
  class?: PairClass;
  vendors: boolean;
  allReleases: boolean;
  backward: boolean;
}

/** What /api/route is asked. */
export interface RouteQuery {
  /** Releases of the catalog. */
  from: string;
  to: string;
  profile: string;
  target: Target;
  rollback: boolean;
  releases?: string;
  series: boolean;
  maxHops?: number;
}

// What each address takes, as JSON Schemas: requests are checked against them, and the OpenAPI document is made of them.

/** Longest name of a kernel, a struct or a range that is looked at. */
const NAME_LENGTH = 128;

const name = (description: string, example: string) =>
  ({ type: 'string', minLength: 1, maxLength: NAME_LENGTH, description, examples: [example] }) as const;
const flag = (description: string) => ({ type: 'boolean', default: false, description }) as const;

const PROFILE = {
  type: 'string',
  enum: PROFILES.map((profile) => profile.name),
  description: 'the state that matters',
} as const;
const WITH_DEFAULT_PROFILE = { ...PROFILE, default: DEFAULT_PROFILE } as const;
const TARGET = {
  type: 'string',
  enum: TARGETS,
  default: TARGETS[0],
  description: 'the data model and page size of both kernels',
} as const;
const FROM = name('the outgoing kernel: a release of the catalog, or a series for its newest', '7.2.12');
const TO = name('the incoming kernel', '7.3.4');
const RELEASES = name('a range of releases in the language of semver', '>=6.18 <7.2');

/** An object with these properties and no others. */
function strict<P>(properties: P, required: readonly string[] = []) {
  return { type: 'object', additionalProperties: false, properties, required } as const;
}

export const NO_QUERY = strict({});

export const CHECK_QUERY = strict(
  {
    from: FROM,
    to: TO,
    profile: WITH_DEFAULT_PROFILE,
    target: TARGET,
    both: flag('add the rollback'),
  },
  ['from', 'to'],
);

export const BADGE_QUERY = strict({ from: FROM, to: TO, profile: WITH_DEFAULT_PROFILE, target: TARGET }, [
  'from',
  'to',
]);

export const BADGE_PATH = strict({ from: FROM, to: TO }, ['from', 'to']);

export const BADGE_OPTIONS = strict({ profile: WITH_DEFAULT_PROFILE, target: TARGET });

export const MATRIX_QUERY = strict({
  profile: {
    ...PROFILE,
    description:
      'the state that matters; without it memory, memfd and pci, each over the kernels that carry it',
  },
  target: TARGET,
  releases: RELEASES,
  class: { type: 'string', enum: PAIR_CLASSES, description: 'only pairs of this class' },
  vendors: flag('kernels of vendors and of posted series as well'),
  allReleases: flag('every release of a series stands for it, not its newest alone'),
  backward: flag('count the way back as well'),
});

export const ROUTE_QUERY = strict(
  {
    from: FROM,
    to: TO,
    profile: WITH_DEFAULT_PROFILE,
    target: TARGET,
    rollback: flag('every hop must be safe backwards as well'),
    releases: { ...RELEASES, description: 'only kernels of this range on the way' },
    series: flag('the posted series that ship with luo-abi on the way as well'),
    maxHops: {
      type: 'integer',
      minimum: 1,
      maximum: 1000,
      description: 'at most so many live updates one after the other',
    },
  },
  ['from', 'to'],
);

export const STRUCT_PATH = strict({ name: name('the name of a struct or union', 'luo_ser') }, ['name']);

export const STRUCT_QUERY = strict({ target: TARGET });
