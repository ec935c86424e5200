import { classMatrixOf } from '../matrix/class-matrix.ts';
import { expandTable } from '../matrix/expand-table.ts';
import { matrixJson } from '../matrix/table-json.ts';
import type { MatricesOutput, MatrixOutput } from '../model/outputs.ts';
import type { ClassMatrix } from '../model/page.ts';
import type { PairTable } from '../model/pair-table.ts';
import { pairsOf } from '../model/pair-table.ts';
import type { Profile } from '../model/profile.ts';
import type { FailingAnswer } from './fail-on.ts';
import { doubtOf } from './fail-on.ts';
import { profileFrom } from './kernels/profiles.ts';
import type { PairSelection } from './matrices/tables.ts';
import { tablesOf } from './matrices/tables.ts';

/** What is looked at where no profile is named. */
export const FIRST_LOOK = ['memory', 'memfd', 'pci'] as const;

export interface MatricesOptions extends PairSelection {
  /** Refuses, where no class is asked for, more kernels than this: a million pairs are two hundred megabytes. */
  mostKernels?: number;
}

export interface MatrixOptions extends MatricesOptions {
  /** The name of a shipped profile, or your own (default: `carried`). */
  profile?: Profile | string;
}

/**
 * The verdicts of every ordered pair of the kernels of a catalog: what `luo-abi matrix --profile … --format json` prints.
 * Without `vendors` upstream's releases, or those that carry the state where none of upstream's does.
 * @throws ToolError RELEASE_UNKNOWN where no release is in the range, PROFILE_UNKNOWN, COMPONENT_UNKNOWN, TARGET_UNKNOWN,
 *   TOO_MANY; USAGE for a bad range and for more than `mostKernels`
 */
export async function matrix(options: MatrixOptions): Promise<MatrixOutput> {
  const profiles = [profileFrom(options.profile)];
  const [table] = await tablesOf({ ...options, profiles, carriersOnly: false });
  return expandTable(table as PairTable);
}

/**
 * The first look: memory, memfd and pci, each over the kernels that carry it; what `luo-abi matrix --format json` prints.
 * @throws ToolError as `matrix`
 */
export async function matrices(options: MatricesOptions): Promise<MatricesOutput> {
  const tables = await tablesOf({ ...options, profiles: firstLook(), carriersOnly: true });
  return { matrices: tables.map(expandTable) };
}

/**
 * The same verdicts by class of kernels that answer alike: as long for ten thousand kernels as for ten.
 * @throws ToolError as `matrix`
 */
export async function classMatrix(options: Omit<MatrixOptions, 'only'>): Promise<ClassMatrix> {
  const profiles = [profileFrom(options.profile)];
  const [table] = await tablesOf({ ...options, profiles, carriersOnly: false });
  return classMatrixOf(table as PairTable);
}

/** Matrices that are not written out pair by pair. */
export interface CompactMatrices {
  tables: PairTable[];
  /** What is printed of them; its pairs are made as they are written. */
  json(): unknown;
  classes(): ClassMatrix[];
  /** All that counts where something is to fail: the verdicts, and tests that contradict. */
  answers(): FailingAnswer[];
}

/** What `matrix`, or without a profile `matrices`, gives, before it is written out. */
export async function compactMatrices({
  profile,
  ...selection
}: MatricesOptions & {
  profile: Profile | undefined;
  pairByPair?: string | undefined;
}): Promise<CompactMatrices> {
  const isFirstLook = profile === undefined;
  const profiles = isFirstLook ? firstLook() : [profile];
  const tables = await tablesOf({ ...selection, profiles, carriersOnly: isFirstLook });
  return {
    tables,
    json: () => (isFirstLook ? { matrices: tables.map(matrixJson) } : matrixJson(tables[0] as PairTable)),
    classes: () => tables.map(classMatrixOf),
    answers: () => [
      ...tables.flatMap((table) => pairsOf(table).map(({ answer }) => answer)),
      ...tables.flatMap(({ tested }) => tested.flatMap(doubtOf)),
    ],
  };
}

function firstLook(): Profile[] {
  return FIRST_LOOK.map((name) => profileFrom(name));
}
