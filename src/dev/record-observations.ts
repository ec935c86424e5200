// Writes versions/evidence/*.json from a file of observed live updates; a record that is settled stays settled.
// Usage: node --import tsx src/dev/record-observations.ts OBSERVED.json [VERSIONS]
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { evidenceDocument, evidenceFileName } from '../catalog/evidence-id.ts';
import { readEvidenceFile } from '../catalog/read-content.ts';
import { canonicalJson } from '../model/canonical.ts';
import type { EvidenceRecord } from '../model/evidence.ts';
import type { Effect, Verdict } from '../model/verdict-kind.ts';
import { packageRoot } from '../schema/package-root.ts';
import { validate } from '../schema/validate.ts';

interface Observation {
  outgoing: string;
  incoming: string;
  profile: string;
  verdict: Verdict;
  effect: Effect | null;
  seen: string;
}

const [observedPath, versions = join(packageRoot(), 'versions')] = process.argv.slice(2);
if (observedPath === undefined) throw new Error('usage: record-observations.ts OBSERVED.json [VERSIONS]');
const { pairs, variants } = JSON.parse(readFileSync(observedPath, 'utf8')) as Record<
  'pairs' | 'variants',
  Observation[]
>;
const folder = join(versions, 'evidence');
mkdirSync(folder, { recursive: true });
for (const observation of [...pairs, ...variants]) write(recordOf(observation));
console.log(`${pairs.length + variants.length} records in ${folder}`);

function write(record: EvidenceRecord): void {
  const made = evidenceDocument(record);
  const path = join(folder, evidenceFileName(made));
  const settled = existsSync(path) ? readEvidenceFile(path).settled : undefined;
  const document = settled === undefined ? made : { ...made, settled };
  writeFileSync(path, canonicalJson(validate('evidence', document, path)));
}

function recordOf({ outgoing, incoming, profile, effect, seen }: Observation): EvidenceRecord {
  const sides = { outgoing: split(outgoing), incoming: split(incoming) };
  const changed = {
    ...(sides.outgoing.change !== undefined && { outgoing: sides.outgoing.change }),
    ...(sides.incoming.change !== undefined && { incoming: sides.incoming.change }),
  };
  return {
    outgoing: sides.outgoing.release,
    incoming: sides.incoming.release,
    profile,
    target: 'x86_64-4k',
    outcome: effect ?? 'works',
    seen,
    conditions: [profile === 'memfd' ? 'one session with two memfds' : 'memory preserved by test_kho'],
    ...(Object.keys(changed).length > 0 && { changed }),
    who: 'luo-abi observation runs',
    date: '2026-11',
    how: 'QEMU; minimal kernels built from the release sources with KHO, LUO and memfd on',
  };
}

/** `7.3.4 whose LUO string is luo-v6` is 7.3.4, changed. */
function split(name: string): { release: string; change?: string } {
  const [, release = name, change] = /^(\S+) (.+)$/.exec(name) ?? [];
  return { release, ...(change !== undefined && { change }) };
}
