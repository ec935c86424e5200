// Writes the documents of releases that no package delivers, from recorded facts about them (the file that is named) and
// the captured document of the nearest release: each struct is taken over from there only where every recorded size and
// offset agrees. Usage: node --import tsx src/dev/transcribe-mainline.ts FACTS.json
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bareState } from '../model/bare-state.ts';
import { canonicalJson } from '../model/canonical.ts';
import type { CaptureDocument } from '../model/capture.ts';
import type { ComponentState } from '../model/component-state.ts';
import type { Layout, Member } from '../model/layout.ts';
import type { PerTarget, Target } from '../model/target.ts';
import { forTarget, TARGETS } from '../model/target.ts';
import { packageRoot } from '../schema/package-root.ts';

interface RecordedField {
  name: string;
  bitOffset: number;
  bits: number;
}

interface RecordedRelease {
  release: string;
  certainty: string;
  note: string;
  markers: Record<string, string | number>;
  constants: Record<string, number | PerTarget<number>>;
  layouts: Record<string, Record<string, { size?: number; fields?: RecordedField[] }>>;
}

/** For each release: which captured release each component is taken over from; components left out are not there. */
const NEIGHBOURS: Record<string, { from: Record<string, string> }> = {
  '6.16': { from: { kho: '6.17.8', memblock: '6.17.8', 'reserve-mem': '6.17.8' } },
  '7.0': {
    from: {
      kho: '6.19.11',
      luo: '6.19.11',
      'luo-flb': '7.1.3',
      'luo-session': '6.19.11',
      memblock: '7.1.3',
      memfd: '6.19.11',
      'reserve-mem': '7.1.3',
    },
  },
  '7.1-rc1': {
    from: {
      'kexec-metadata': '7.1.3',
      kho: '7.1.3',
      luo: '7.1.3',
      'luo-flb': '7.1.3',
      'luo-session': '7.1.3',
      memblock: '7.1.3',
      memfd: '7.1.3',
      'reserve-mem': '7.1.3',
    },
  },
};

const root = packageRoot();
const [, , factsPath = ''] = process.argv;
const { releases } = JSON.parse(readFileSync(factsPath, 'utf8')) as { releases: RecordedRelease[] };
for (const recorded of releases) {
  const path = join(root, 'versions', `${recorded.release}.json`);
  writeFileSync(path, canonicalJson(transcribe(recorded)));
  console.log(path);
}

function captured(release: string): CaptureDocument {
  return JSON.parse(readFileSync(join(root, 'versions', `${release}.json`), 'utf8'));
}

function transcribe(recorded: RecordedRelease): CaptureDocument {
  const plan = NEIGHBOURS[recorded.release];
  if (!plan) throw new Error(`no plan for ${recorded.release}`);
  const neighbours = [...new Set(Object.values(plan.from))];
  const [first = ''] = neighbours;
  const { components: known } = captured(first);
  const components: CaptureDocument['components'] = {};
  for (const id of Object.keys(known)) {
    const from = plan.from[id];
    components[id] = from === undefined ? absent(known[id]) : takeOver(id, from, recorded);
  }
  checkMarkers(components, recorded);
  return {
    $schema: 'capture.schema.json',
    schemaVersion: 1,
    release: recorded.release,
    base: recorded.release,
    vendor: null,
    origin: 'transcribed',
    provenance: {
      kind: 'transcribed',
      name: `recorded facts of Linux ${recorded.release}: ${recorded.certainty}`,
      files: [],
      note: `${recorded.note}; taken over from ${neighbours.join(', ')} where every recorded size and offset agrees; the code that writes and reads was not at hand`,
    },
    targets: [...TARGETS],
    components,
    findings: [],
  };
}

function absent(state: ComponentState | undefined): ComponentState {
  const reason = 'the recorded facts of this kernel do not have it';
  return bareState({ available: 'no', reason, boot: state?.boot, needs: state?.needs ?? [] });
}

function takeOver(id: string, from: string, recorded: RecordedRelease): ComponentState {
  const state = structuredClone(captured(from).components[id]);
  if (!state) throw new Error(`${from} has no ${id}`);
  for (const [name, struct] of Object.entries(state.structs)) {
    const isRecorded = TARGETS.map((target) =>
      agrees(name, forTarget(struct.layout, target), target, recorded),
    );
    if (!isRecorded.includes(true)) struct.inferred = true;
  }
  for (const [name, value] of Object.entries(recorded.constants)) {
    const constant = state.constants[name];
    if (constant) constant.value = typeof value === 'number' ? { all: value } : value;
  }
  return { ...state, code: [], places: {} };
}

/** Whether the layout is recorded; a recorded layout that differs is an error. */
function agrees(
  name: string,
  layout: Layout | undefined,
  target: Target,
  { release, layouts }: RecordedRelease,
): boolean {
  const fact = layouts[target === 'arm64-4k' ? 'x86_64-4k' : target]?.[name];
  if (!fact?.fields || !layout) return false;
  const members = flat(layout.members);
  const differs =
    fact.size !== layout.size ||
    fact.fields.length !== members.size ||
    fact.fields.some((field) => members.get(field.name) !== `${field.bitOffset}+${field.bits}`);
  if (differs) throw new Error(`${release}: ${name} on ${target} differs from what is recorded`);
  return true;
}

function flat(members: readonly Member[], prefix = '', base = 0): Map<string, string> {
  const found = new Map<string, string>();
  for (const member of members) {
    const offset = base + member.bitOffset;
    found.set(prefix + member.name, `${offset}+${member.bitSize}`);
    for (const entry of flat(member.members ?? [], `${prefix}${member.name}.`, offset)) found.set(...entry);
  }
  return found;
}

function checkMarkers(
  components: CaptureDocument['components'],
  { release, markers }: RecordedRelease,
): void {
  for (const [id, value] of Object.entries(markers)) {
    const writes = components[id]?.marker?.writes;
    if (writes !== value) throw new Error(`${release}: ${id} writes ${String(writes)}, recorded is ${value}`);
  }
}
