import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { captureEvidence } from '../../src/capture/from-source.ts';
import { SOUGHT } from '../../src/capture/sought.ts';
import { UnitPool } from '../../src/capture/unit-pool.ts';
import { isWanted } from '../../src/capture/wanted.ts';
import { initParser } from '../../src/cdecl/index.ts';
import type { PairVerdict } from '../../src/model/finding.ts';
import type { Profile } from '../../src/model/profile.ts';
import { PROFILES } from '../../src/model/profile.ts';
import type { Target } from '../../src/model/target.ts';
import { TARGETS } from '../../src/model/target.ts';
import type { TreeEvidence } from '../../src/sources/index.ts';
import type { Kernel } from '../../src/verdict/kernel.ts';
import { kernelOf } from '../../src/verdict/kernel.ts';
import { judgePair } from '../../src/verdict/pair.ts';
import type { Edit, Tree } from './edit-declarations.ts';
import type { Answer, Answers, Mutation, MutationProfile, Options } from './mutation.ts';
import { causesOf, REASONS } from './reasons.ts';

/** The folder with declarations that give the layouts, constants and markers of 7.3.4. */
export const FIXTURE = fileURLToPath(new URL('./fixtures/tree', import.meta.url));

/** What mutations are made to: the files that edits see, and those below them. */
export interface Base {
  tree: ReadonlyMap<string, string>;
  /** A file that no edit can see; undefined where there is none. */
  below(path: string): string | undefined;
  /** What captures of one base and another share. */
  units: UnitPool;
}

function filesIn(folder: string, path: string): string[] {
  const whole = join(folder, path);
  if (!existsSync(whole)) return [];
  return readdirSync(whole, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => join(path, name));
}

function readFixture(): Tree {
  const paths = readdirSync(FIXTURE, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return new Map(
    paths.map((path) => [path.slice(FIXTURE.length + 1), readFileSync(path, 'utf8')] as const).sort(),
  );
}

const NO_FILE = (): undefined => undefined;

export const FIXTURE_BASE: Base = { tree: readFixture(), below: NO_FILE, units: new UnitPool() };

/** Folders of a kernel whose files edits see, beside those that the fixture has. */
const EDITED_FOLDERS = ['include/linux/kho/abi', 'kernel/liveupdate'];

/** A kernel's own tree; edits see what the fixture has too, and the live update's folders. */
export function kernelBase(folder: string): Base {
  const paths = new Set([
    ...FIXTURE_BASE.tree.keys(),
    ...EDITED_FOLDERS.flatMap((path) => filesIn(folder, path)),
  ]);
  const readable = [...paths].filter((path) => existsSync(join(folder, path))).sort();
  const texts = new Map<string, string | undefined>();
  const below = (path: string): string | undefined => {
    if (!texts.has(path)) {
      const isThere = isWanted(path) && existsSync(join(folder, path));
      texts.set(path, isThere ? readFileSync(join(folder, path), 'utf8') : undefined);
    }
    return texts.get(path);
  };
  const tree = new Map(readable.map((path) => [path, readFileSync(join(folder, path), 'utf8')]));
  return { tree, below: (path) => (tree.has(path) ? undefined : below(path)), units: new UnitPool() };
}

const digests = new Map<string, string>();

function digestOf(text: string): string {
  const known = digests.get(text) ?? createHash('sha256').update(text).digest('hex');
  digests.set(text, known);
  return known;
}

/** Whether a file would be searched for whoever hands something over. */
function speaks(path: string, text: string): boolean {
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  return SOUGHT.mayBe(path) && SOUGHT.mayHold(folder) && SOUGHT.words.some((word) => text.includes(word));
}

function evidenceOf(tree: Tree, { below }: Base): TreeEvidence {
  const read = (path: string): string | undefined => tree.get(path) ?? below(path);
  return {
    kind: 'tree',
    name: 'tree',
    release: '7.3.4',
    read,
    list: (folder) => [...tree.keys()].filter((path) => path.startsWith(`${folder}/`)).sort(),
    sought: () => [...tree].flatMap(([path, text]) => (speaks(path, text) ? path : [])).sort(),
    digest: (path) => {
      const text = read(path);
      return text === undefined ? undefined : digestOf(text);
    },
  };
}

/** A base after some edits, captured as any kernel is. */
export async function captureEdited(
  edits: readonly Edit[],
  { config, base = FIXTURE_BASE }: { config?: ReadonlyMap<string, string> | undefined; base?: Base } = {},
): Promise<Kernel> {
  await initParser();
  const tree = new Map(base.tree);
  for (const edit of edits) edit(tree);
  const { units } = base;
  return kernelOf(captureEvidence(evidenceOf(tree, base), config ? { config, units } : { units }));
}

const OWN_PROFILES: readonly Profile[] = [
  { name: 'flb', summary: 'FLB data', required: ['luo-flb'], optional: [], ignored: [] },
  { name: 'metadata', summary: 'kexec metadata', required: ['kexec-metadata'], optional: [], ignored: [] },
];

function profileNamed(name: MutationProfile): Profile {
  return [...PROFILES, ...OWN_PROFILES].find((profile) => profile.name === name) as Profile;
}

/** What a build for each target has set; the page size of x86 is no choice. */
const TARGET_OPTIONS: Readonly<Record<Target, readonly string[]>> = {
  'x86_64-4k': ['X86_64', 'X86', '64BIT', 'PAGE_SIZE_4KB'],
  'arm64-4k': ['ARM64', '64BIT', 'ARM64_4K_PAGES', 'PAGE_SIZE_4KB'],
  'arm64-16k': ['ARM64', '64BIT', 'ARM64_16K_PAGES', 'PAGE_SIZE_16KB'],
  'arm64-64k': ['ARM64', '64BIT', 'ARM64_64K_PAGES', 'PAGE_SIZE_64KB'],
};

const BUILT = ['KEXEC_HANDOVER', 'LIVEUPDATE', 'LIVEUPDATE_MEMFD', 'MEMFD_CREATE', 'KEXEC_FILE', 'SHMEM'];

function configOf(target: Target, options: Options): ReadonlyMap<string, string> {
  const set = [...TARGET_OPTIONS[target], ...BUILT].map((name) => [`CONFIG_${name}`, 'y'] as const);
  const config = new Map<string, string>(set);
  for (const [name, value] of Object.entries(options)) {
    if (value === 'n') config.delete(`CONFIG_${name}`);
    else config.set(`CONFIG_${name}`, value);
  }
  return config;
}

export type Direction = 'backward' | 'forward';

export interface Judgment {
  mutation: Mutation;
  target: Target;
  direction: Direction;
  right: readonly Answer[];
  answer: Answer;
  pair: PairVerdict;
}

export function targetsOf({ target }: Mutation): readonly Target[] {
  return target === undefined ? TARGETS : [target];
}

/** What is right on a target. */
export function answersOn(mutation: Mutation, target: Target): Answers {
  return mutation.perTarget?.[target] ?? mutation;
}

/** Captures of unchanged kernels, by what tells one from another: many mutations have the same. */
const unchanged = new WeakMap<Base, Map<string, Promise<Kernel>>>();

function captureUnchanged(
  given: readonly Edit[],
  config: ReadonlyMap<string, string> | undefined,
  base: Base,
): Promise<Kernel> {
  const tree = new Map(base.tree);
  for (const edit of given) edit(tree);
  const files = [...tree].filter(([path, text]) => text !== base.tree.get(path));
  const dropped = [...base.tree.keys()].filter((path) => !tree.has(path));
  const key = JSON.stringify([
    files.map(([path, text]) => [path, digestOf(text)]),
    dropped,
    [...(config ?? [])],
  ]);
  const known = unchanged.get(base) ?? new Map<string, Promise<Kernel>>();
  unchanged.set(base, known);
  const kernel = known.get(key) ?? captureEdited(given, { config, base });
  known.set(key, kernel);
  return kernel;
}

async function kernelsOf(mutation: Mutation, target: Target, base: Base): Promise<[Kernel, Kernel]> {
  const given = mutation.given ?? [];
  const { plain, changed } = mutation.configs ?? {};
  return Promise.all([
    captureUnchanged(given, plain && configOf(target, plain), base),
    captureEdited([...given, ...mutation.edits], { config: changed && configOf(target, changed), base }),
  ]);
}

/** Judges a mutation both ways on every target that it is meant for. */
export async function judgeMutation(mutation: Mutation, base: Base = FIXTURE_BASE): Promise<Judgment[]> {
  const targets = targetsOf(mutation);
  const profile = profileNamed(mutation.profile);
  const judgments: Judgment[] = [];
  let kernels: [Kernel, Kernel] | undefined;
  for (const target of targets) {
    // A configuration is one target's; what can be built is captured for all of them at once.
    if (!kernels || mutation.configs) kernels = await kernelsOf(mutation, target, base);
    const [plain, changed] = kernels;
    for (const direction of ['forward', 'backward'] as const) {
      const [outgoing, incoming] = direction === 'forward' ? [plain, changed] : [changed, plain];
      const pair = judgePair({ outgoing, incoming, profile, target });
      const right = answersOn(mutation, target)[direction];
      judgments.push({ mutation, target, direction, right, answer: answerOf(pair), pair });
    }
  }
  return judgments;
}

function answerOf({ verdict, effect }: PairVerdict): Answer {
  return effect === null ? verdict : `${verdict} ${effect}`;
}

/** Fails where a verdict is wrong, or right for another reason than the mutation names. */
export function assertRight({ mutation, target, direction, right, answer, pair }: Judgment): void {
  const where = `${target} ${direction}`;
  assert.ok(
    right.includes(answer),
    `${where}: ${answer}, not ${right.join(' or ')}: ${pair.summary}${reasons(pair)}`,
  );
  if (answer.startsWith('compatible') || !pair.decidedBy) return;
  const causes = causesOf(pair);
  const allowed: readonly string[] = mutation.decidedBy ?? REASONS[mutation.kind];
  const isNamed = causes.some((rule) => allowed.includes(rule));
  assert.ok(isNamed, `${where}: ${answer}, decided by ${causes.join(', ')}${reasons(pair)}`);
}

function reasons({ components }: PairVerdict): string {
  const findings = components.flatMap(({ id, findings }) => findings.map((finding) => ({ id, ...finding })));
  return findings
    .map(({ id, rule, impact, message }) => `\n  ${id} ${rule} (${impact}): ${message}`)
    .join('');
}
