import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { captureEvidence } from '../../src/capture/capture.ts';
import { initParser } from '../../src/cdecl/index.ts';
import type { PairVerdict } from '../../src/model/finding.ts';
import type { Profile } from '../../src/model/profile.ts';
import { PROFILES } from '../../src/model/profile.ts';
import type { TreeEvidence } from '../../src/sources/index.ts';
import type { Kernel } from '../../src/verdict/kernel.ts';
import { kernelOf } from '../../src/verdict/kernel.ts';
import { judgePair } from '../../src/verdict/pair.ts';
import type { Edit, Tree } from './edit-declarations.ts';
import type { Answer, Mutation, MutationProfile } from './mutation.ts';

/** The folder with declarations that give the layouts, constants and markers of 7.3.4. */
export const FIXTURE = fileURLToPath(new URL('./fixtures/tree', import.meta.url));

function readFixture(): Tree {
  const paths = readdirSync(FIXTURE, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return new Map(
    paths.map((path) => [path.slice(FIXTURE.length + 1), readFileSync(path, 'utf8')] as const).sort(),
  );
}

function evidenceOf(tree: Tree): TreeEvidence {
  return {
    kind: 'tree',
    name: 'tree',
    release: '7.3.4',
    read: (path) => tree.get(path),
    list: (folder) => [...tree.keys()].filter((path) => path.startsWith(`${folder}/`)).sort(),
    digest: (path) => {
      const text = tree.get(path);
      return text === undefined ? undefined : createHash('sha256').update(text).digest('hex');
    },
  };
}

const FIXTURE_TREE = readFixture();

/** The fixture after some edits, captured as any kernel is. */
export async function captureEdited(
  edits: readonly Edit[],
  config?: ReadonlyMap<string, string>,
): Promise<Kernel> {
  await initParser();
  const tree = new Map(FIXTURE_TREE);
  for (const edit of edits) edit(tree);
  return kernelOf(captureEvidence(evidenceOf(tree), config ? { config } : {}));
}

const OWN_PROFILES: readonly Profile[] = [
  { name: 'flb', summary: 'FLB data', required: ['luo-flb'], optional: [], ignored: [] },
  { name: 'metadata', summary: 'kexec metadata', required: ['kexec-metadata'], optional: [], ignored: [] },
];

function profileNamed(name: MutationProfile): Profile {
  return [...PROFILES, ...OWN_PROFILES].find((profile) => profile.name === name) as Profile;
}

export type Direction = 'backward' | 'forward';

export interface Judgment {
  mutation: Mutation;
  direction: Direction;
  right: readonly Answer[];
  answer: Answer;
  pair: PairVerdict;
}

/** Judges a mutation both ways. */
export async function judgeMutation(mutation: Mutation): Promise<Judgment[]> {
  const given = mutation.given ?? [];
  const [plain, changed] = await Promise.all([
    captureEdited(given),
    captureEdited([...given, ...mutation.edits], mutation.config),
  ]);
  const profile = profileNamed(mutation.profile);
  const target = mutation.target ?? 'x86_64-4k';
  return (['forward', 'backward'] as const).map((direction) => {
    const [outgoing, incoming] = direction === 'forward' ? [plain, changed] : [changed, plain];
    const pair = judgePair({ outgoing, incoming, profile, target });
    return { mutation, direction, right: mutation[direction], answer: answerOf(pair), pair };
  });
}

function answerOf({ verdict, effect }: PairVerdict): Answer {
  return effect === null ? verdict : `${verdict} ${effect}`;
}
