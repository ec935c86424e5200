import type { Catalog } from '../catalog/catalog.ts';
import { dateLookup } from '../catalog/dates.ts';
import { judgingFrom } from '../catalog/judging.ts';
import { checkNameFree, ownEvidence } from '../catalog/own-kernel.ts';
import { releaseNamed } from '../catalog/release-named.ts';
import { stampOf } from '../catalog/stamp.ts';
import { ToolError } from '../errors.ts';
import { runGate } from '../matrix/gate.ts';
import { evidenceLookup } from '../matrix/gate-evidence.ts';
import { namesIn } from '../matrix/gate-selection.ts';
import { isDay } from '../model/calendar.ts';
import type { GateProblem, GateReport } from '../model/gate.ts';
import type { PolicyDocument, PolicyWaiver } from '../model/policy.ts';
import type { Profile } from '../model/profile.ts';
import { validate } from '../schema/validate.ts';
import type { Kernel } from '../verdict/kernel.ts';
import { windowProblems } from '../window/policy.ts';
import type { KernelInput } from './kernels.ts';
import { kernelFrom, profileFrom, strangersAmong } from './kernels.ts';

export interface GateOptions {
  catalog: Catalog;
  /** YYYY-MM-DD: the day against which waivers are held. */
  today: string;
  /** What the names in `kernels.files` and in pairs stand for; a release of the catalog needs no entry. */
  files?: Readonly<Record<string, KernelInput>>;
  /** Profiles of your own, by the name that the policy uses. */
  profiles?: Readonly<Record<string, Profile>>;
  /** The documents that the catalog must have been built from; a catalog of others fails the gate. */
  versions?: string;
}

/**
 * Checks every pair of a policy, as `luo-abi gate` does. `outcome` is `passed` only where all that the policy asks for was
 * found, judged and allowed; records of tests in the catalog that contradict a verdict fail it.
 * @throws ToolError DOCUMENT_INVALID for a policy that breaks its schema, PROFILE_UNKNOWN, RELEASE_TAKEN for a
 *   file that differs from the catalog's kernel of its name, USAGE for a bad range or day
 */
export async function gate(policy: PolicyDocument, options: GateOptions): Promise<GateReport> {
  const { catalog, today, profiles = {} } = options;
  checkPolicy(policy, today);
  const named = namedKernels(policy, options);
  const own = [...named.values()].flatMap((kernel) => kernel ?? []);
  const byRelease = new Map(own.map((kernel) => [kernel.release, kernel]));
  const releases = new Map([...named].map(([name, kernel]) => [name, kernel?.release]));
  const known = { releases: catalog.kernels().map(({ release }) => release), named: releases };
  const shared = {
    policy,
    kernelOf: (release: string) => byRelease.get(release) ?? catalog.kernel(release),
    profiles: policy.profiles.map((name) => profiles[name] ?? profileFrom(name)),
    judging: await judgingFrom(catalog, strangersAmong(own, catalog)),
  };
  return runGate({
    ...known,
    ...shared,
    path: 'policy',
    today,
    evidenceFor: evidenceLookup(ownEvidence(catalog.evidence(), catalog)),
    problems: [...staleness(options), ...windowProblems({ ...shared, known, dateOf: dateLookup(catalog) })],
  });
}

function namedKernels(
  policy: PolicyDocument,
  { catalog, files = {} }: GateOptions,
): Map<string, Kernel | undefined> {
  const rows = catalog.kernels();
  const entries = namesIn(policy).map((name): [string, Kernel | undefined] => {
    const file = files[name];
    if (file !== undefined) {
      const kernel = kernelFrom(file, catalog);
      checkNameFree(kernel, name, catalog);
      return [name, kernel];
    }
    const release = releaseNamed(name, rows);
    return [name, release === undefined ? undefined : catalog.kernel(release)];
  });
  return new Map(entries);
}

/** What the schema cannot say: a waiver must name one finding, and end on a day that comes. */
function checkPolicy(policy: PolicyDocument, today: string): void {
  validate<PolicyDocument>('policy', policy, 'policy');
  if (!isDay(today)) throw new ToolError('USAGE', `today ${today}: not a day; write YYYY-MM-DD`);
  for (const [position, waiver] of (policy.waivers ?? []).entries()) {
    const fault = faultOf(waiver);
    if (fault !== undefined) throw new ToolError('DOCUMENT_INVALID', `policy: waivers.${position}: ${fault}`);
  }
}

function faultOf({
  fingerprint,
  rule,
  subject,
  outgoing,
  incoming,
  expires,
}: PolicyWaiver): string | undefined {
  if ((fingerprint === undefined) === (rule === undefined)) return 'give either a fingerprint or a rule';
  const lacks = [subject, outgoing, incoming].includes(undefined);
  if (rule !== undefined && lacks) return 'a waiver by rule needs subject, outgoing and incoming';
  if (expires !== undefined && !isDay(expires)) return `expires ${expires}: not a day; write YYYY-MM-DD`;
  return undefined;
}

function staleness({ catalog, versions }: GateOptions): GateProblem[] {
  if (versions === undefined || catalog.madeFrom() === stampOf(versions)) return [];
  const message = `${catalog.path}: not built from the documents in ${versions}`;
  return [{ rule: 'catalog-stale', level: 'error', message, line: null }];
}
