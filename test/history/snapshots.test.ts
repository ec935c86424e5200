import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { before, test } from 'node:test';
import { captureEvidence } from '../../src/capture/from-source.ts';
import { isWanted } from '../../src/capture/wanted.ts';
import { initParser } from '../../src/cdecl/index.ts';
import { Snapshots, type TreeState } from '../../src/history/snapshots.ts';
import { canonicalJson } from '../../src/model/canonical.ts';
import { casesOf } from '../support/extent.ts';
import { fixtureTree, generateHistory, randomFrom } from './generated-history.ts';

const STATES = casesOf(180);
const SEED = Number(process.env.LUO_ABI_SEED ?? Date.now() % 1_000_000);

before(() => initParser());

type Files = ReadonlyMap<string, string>;

function stateOf(files: Files): TreeState {
  const textAt = (path: string) => (isWanted(path) ? files.get(path) : undefined);
  const digest = (path: string) => {
    const text = textAt(path);
    return text === undefined ? undefined : createHash('sha256').update(text).digest('hex');
  };
  const list = (folder: string) => [...files.keys()].filter((path) => path.startsWith(`${folder}/`)).sort();
  const evidence = { kind: 'tree' as const, name: 'made', release: '7.3.4', read: textAt, digest, list };
  return { evidence, mark: digest };
}

const HEADER = 'include/linux/kho/abi/kexec_metadata.h';
const LENGTHS = ['include/linux/length.h', 'include/asm-generic/length.h', 'arch/x86/include/asm/length.h'];

/** A tree in which a length comes from a header that is reached in one way or another, or from an option. */
function withDetour(files: Files, random: (below: number) => number): Map<string, string> {
  const changed = new Map(files);
  const text = files.get(HEADER) ?? '';
  const include = random(4) === 0 ? '<linux/length.h>' : '<asm/length.h>';
  const guard = ['', '', '', '#ifdef CONFIG_MADE\n#undef MADE_LENGTH\n#define MADE_LENGTH 3\n#endif\n'][
    random(4)
  ];
  changed.set(HEADER, `#include ${include}\n${guard}${text.replace(/\[[^\]]*\]/, '[MADE_LENGTH]')}`);
  for (const path of LENGTHS) {
    if (random(3) > 0) changed.set(path, `#define MADE_LENGTH ${8 + random(3)}\n`);
  }
  if (random(3) === 0) changed.set('include/linux/length.h', '#include <asm/length.h>\n');
  return changed;
}

test(`states captured one after the other say what each says alone (seed ${SEED})`, async () => {
  const random = randomFrom(SEED);
  const trees = [fixtureTree(), ...generateHistory(SEED, 40).commits.map(({ tree }) => tree)];
  const snapshots = await Snapshots.open();
  for (let run = 0; run < STATES; run += 1) {
    // Neighbours share most of their files; only where a header is the same can what it includes make the difference.
    const tree = trees[Math.floor((run * trees.length) / STATES)] as Files;
    const files = random(8) === 0 ? tree : withDetour(tree, random);
    const alone = captureEvidence(stateOf(files).evidence, {});
    assert.equal(canonicalJson(snapshots.capture(stateOf(files))), canonicalJson(alone), `run ${run}`);
  }
  assert.ok(snapshots.distinct > 20);
});
