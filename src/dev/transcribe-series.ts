// Writes versions/series/*.json from a record of posted and merged series, and the recorded sizes and offsets beside
// the test that computes them again: node --import tsx src/dev/transcribe-series.ts RECORD.json [RECORD.json ...]
// [VERSIONS]. The entries of a record count on from those of the one before.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { resolveOverlays } from '../catalog/overlay.ts';
import { readVersions } from '../catalog/read-content.ts';
import { initParser } from '../cdecl/index.ts';
import { canonicalJson } from '../model/canonical.ts';
import type { OverlayDocument } from '../model/overlay.ts';
import { packageRoot } from '../schema/package-root.ts';
import { validate } from '../schema/validate.ts';
import { buildOverlay, entryAt } from './series/build.ts';
import { GROUND_PLANS } from './series/ground-plan.ts';
import { PLANS as POSTED } from './series/plan.ts';
import type { RecordedEntry } from './series/record.ts';
import { sourceOf } from './series/record.ts';

const given = process.argv.slice(2);
const records = given.filter((path) => path.endsWith('.json'));
const [versions = join(packageRoot(), 'versions')] = given.filter((path) => !path.endsWith('.json'));
if (records.length === 0)
  throw new Error('usage: transcribe-series.ts RECORD.json [RECORD.json ...] [VERSIONS]');
const entries = records.flatMap((path) => JSON.parse(readFileSync(path, 'utf8')) as RecordedEntry[]);

const PLANS = [...POSTED, ...GROUND_PLANS];

await initParser();
const overlays = transcribe();
checkAllCited();
writeOverlays();
writeRecorded();
console.log(`${overlays.length} overlays of ${entries.length} entries`);

function transcribe(): OverlayDocument[] {
  const { documents } = readVersions(versions);
  const byRelease = new Map(documents.map((document) => [document.release, document]));
  const made: OverlayDocument[] = [];
  for (const plan of PLANS) {
    const base = byRelease.get(plan.base);
    if (!base) throw new Error(`${plan.release}: its base ${plan.base} is not there`);
    const overlay = buildOverlay({ plan, entries, base });
    validate('overlay', overlay, plan.release);
    const [document] = resolveOverlays([overlay], (release) => byRelease.get(release));
    if (document) byRelease.set(plan.release, document);
    made.push(overlay);
  }
  return made;
}

/** Every entry, and every struct of it, stands in some overlay. */
function checkAllCited(): void {
  for (const [index, entry] of entries.entries()) {
    const parts = PLANS.flatMap((plan) =>
      plan.parts.filter((part) => part.entry === index).map((part) => ({ plan, part })),
    );
    const held = new Set(
      parts.flatMap(({ plan, part }) => {
        const overlay = overlays.find(({ release }) => release === plan.release);
        const state = overlay?.components?.[part.component];
        return [...Object.keys(state?.structs ?? {}), ...(state?.unchecked ?? [])];
      }),
    );
    const missing = entry.structs.filter(({ name }) => !held.has(name)).map(({ name }) => name);
    if (parts.length > 0 && missing.length === 0) continue;
    throw new Error(`entry ${index} (${entry.version}): ${missing.join(', ') || 'no overlay cites it'}`);
  }
}

function writeOverlays(): void {
  const folder = join(versions, 'series');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const overlay of overlays) {
    writeFileSync(join(folder, `${overlay.release}.json`), canonicalJson(overlay));
  }
}

function writeRecorded(): void {
  const recorded = PLANS.flatMap(({ release, parts }) =>
    [...new Set(parts.map(({ entry }) => entry))].map((index) => {
      const entry = entryAt(entries, index);
      const { version, structs } = entry;
      const held = overlays.find((overlay) => overlay.release === release)?.components ?? {};
      const isHeld = (name: string): boolean =>
        !parts.some(({ inferred = {} }) => name in inferred) &&
        Object.values(held).some(({ structs: own }) => own[name]?.layout.all !== undefined);
      const sizes = structs.flatMap(({ name, derived_x86_64: layout }) =>
        layout && isHeld(name) ? [[name, { sizeof: layout.sizeof, offsets: layout.offsets ?? {} }]] : [],
      );
      return { entry: index, release, source: sourceOf(entry), version, structs: Object.fromEntries(sizes) };
    }),
  );
  const path = join(packageRoot(), 'test/components/recorded-layouts.json');
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, canonicalJson(recorded));
}
