import type { Catalog } from '../catalog/catalog.ts';
import { dateLookup } from '../catalog/dates.ts';
import { judgingFrom } from '../catalog/judging.ts';
import { ownEvidence } from '../catalog/own-kernel.ts';
import { isOfShipped, versionsFolder } from '../catalog/shipped.ts';
import { isStampOf } from '../catalog/stamp.ts';
import { gateSteps } from '../matrix/gate.ts';
import { evidenceLookup } from '../matrix/gate-evidence.ts';
import type { GateProblem, GateReport } from '../model/gate.ts';
import type { PolicyDocument } from '../model/policy.ts';
import type { Profile } from '../model/profile.ts';
import { windowProblems } from '../window/policy.ts';
import { inSteps, working } from '../work.ts';
import type { Asking } from './asking.ts';
import { checkPolicy } from './files/checked-policy.ts';
import type { NamedPolicy } from './kernels/of-policy.ts';
import { filesBeside, policyKernels } from './kernels/of-policy.ts';
import { policyProfiles, profilesBeside } from './kernels/policy-profiles.ts';
import { profileFrom } from './kernels/profiles.ts';
import type { KernelInput } from './kernels/resolve.ts';

/** The documents that ship with luo-abi, with the records of tests of a folder. */
export interface ShippedVersions {
  evidence: string | undefined;
}

export interface GateFileOptions extends Asking {
  catalog: Catalog;
  /** YYYY-MM-DD: the day against which waivers are held. */
  today: string;
  /** The documents that the catalog must have been built from; a catalog of others fails the gate. */
  versions?: ShippedVersions | string;
  /** How the catalog is made again, for the words about one of other documents. */
  rebuild?: string;
}

export interface GateOptions extends GateFileOptions {
  /** What the names in `kernels.files` and in pairs stand for; a release of the catalog needs no entry. */
  files?: Readonly<Record<string, KernelInput>>;
  /** Profiles of your own, by the name that the policy uses. */
  profiles?: Readonly<Record<string, Profile>>;
}

/**
 * Checks every pair of a policy, as `luo-abi gate` does. `outcome` is `passed` only where all that the policy asks for was
 * found, judged and allowed; records of tests in the catalog that contradict a verdict fail it.
 * @throws ToolError DOCUMENT_INVALID for a policy that breaks its schema, PROFILE_UNKNOWN, COMPONENT_UNKNOWN, RELEASE_TAKEN, TOO_MANY
 *   for a file that differs from the catalog's kernel of its name, USAGE for a bad range or day
 */
export function gate(policy: PolicyDocument, options: GateOptions): Promise<GateReport> {
  return working(options, async () => {
    const { today, files = {}, profiles = {} } = options;
    checkPolicy(policy, today);
    const documentOf: NamedPolicy['documentOf'] = (name) =>
      files[name] === undefined ? undefined : { file: name, input: files[name] };
    const profileOf = (name: string): Profile => profiles[name] ?? profileFrom(name);
    return judged({ policy, path: 'policy', documentOf, profileOf }, options);
  });
}

/**
 * The same for the policy of a file: documents that it names lie beside it, and its own components are in force.
 * @throws ToolError as `gate` with the line, FILE_UNREADABLE
 */
export function gateFile(path: string, options: GateFileOptions): Promise<GateReport> {
  return working(options, async () => {
    const { readPolicy } = await import('./files/policy.ts');
    const { policy, lineOfWaiver, withItsComponents } = readPolicy(path);
    const documentOf = filesBeside(policy, path);
    const named = { policy, path, documentOf, profileOf: profilesBeside(path), lineOfWaiver };
    return withItsComponents(() => judged(named, options));
  });
}

interface Policy extends NamedPolicy {
  profileOf(name: string): Profile;
  /** From 1; null where it is not known. */
  lineOfWaiver?(position: number): number | null;
}

async function judged(
  { profileOf, lineOfWaiver, ...named }: Policy,
  options: GateFileOptions,
): Promise<GateReport> {
  const { catalog, today } = options;
  const { policy, path } = named;
  const known = await policyKernels(named, options);
  const shared = {
    policy,
    kernelOf: known.kernelOf,
    profiles: policyProfiles(policy, profileOf, catalog),
    judging: await judgingFrom(catalog, known.strangers),
  };
  const steps = gateSteps({
    ...known,
    ...shared,
    path,
    today,
    ...(lineOfWaiver && { lineOfWaiver }),
    evidenceFor: evidenceLookup(ownEvidence(catalog.evidence(), catalog)),
    problems: [...staleness(options), ...windowProblems({ ...shared, known, dateOf: dateLookup(catalog) })],
  });
  return inSteps('gate', 0, steps);
}

/** A catalog of other documents than those at hand may not know what they know. */
function staleness({ catalog, versions, rebuild }: GateFileOptions): GateProblem[] {
  if (versions === undefined) return [];
  const isNamed = typeof versions === 'string';
  const folder = isNamed ? versions : versionsFolder();
  if (isStampOf(catalog.madeFrom(), folder) || (!isNamed && isOfShipped(catalog, versions))) return [];
  const mend = rebuild === undefined ? '' : `; run: ${rebuild}`;
  const message = `${catalog.path}: not built from the documents in ${folder}${mend}`;
  return [{ rule: 'catalog-stale', level: 'error', message, line: null }];
}
