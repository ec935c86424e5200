import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { diffComponent, diffTargets } from '../../src/diff/engine.ts';
import type { ComponentFacts, KnownMarker, RawFinding, SideFacts } from '../../src/diff/rule.ts';
import type { Erratum } from '../../src/model/erratum.ts';
import type { ReviewedFunction } from '../../src/model/review.ts';
import type { Target } from '../../src/model/target.ts';
import { forTarget } from '../../src/model/target.ts';
import { packageRoot } from '../../src/schema/package-root.ts';

/** One kernel of a fixture: what differs from an empty component under the marker `demo-v1`. */
export interface FixtureKernel {
  release: string;
  facts: Partial<ComponentFacts>;
  errata?: Erratum[];
  reviews?: ReviewedFunction[];
  knownMarkers?: KnownMarker[];
}

export const RULES_FOLDER = join(packageRoot(), 'test/rules');

export function readKernel(rule: string, side: 'incoming' | 'outgoing'): FixtureKernel {
  return JSON.parse(readFileSync(join(RULES_FOLDER, rule, `${side}.json`), 'utf8')) as FixtureKernel;
}

const EMPTY: ComponentFacts = {
  available: 'buildable',
  options: [],
  needs: [],
  marker: {
    kind: 'fdt-string',
    writes: 'demo-v1',
    accepts: [{ value: 'demo-v1' }],
    macro: 'DEMO_COMPATIBLE',
    carrier: 'fdt:DEMO:/',
  },
  structs: {},
  constants: {},
  fdt: [],
  checks: [],
  code: [],
  unchecked: [],
};

function sideOf({ release, facts }: FixtureKernel, target: Target): SideFacts {
  const whole = { ...EMPTY, ...facts };
  return {
    release,
    facts: whole,
    layoutOf: (tag) => {
      const state = whole.structs[tag.replace(/^\w+ /, '')];
      return state && forTarget(state.layout, target);
    },
  };
}

const TARGET: Target = 'x86_64-4k';
const OTHER_TARGET: Target = 'arm64-16k';

/** Every finding of a pair of fixture kernels, as the engine gives them, on one target and beside another. */
export function findingsOf(outgoing: FixtureKernel, incoming: FixtureKernel): RawFinding[] {
  const on = (target: Target): RawFinding[] =>
    diffComponent({
      component: 'demo',
      target,
      outgoing: sideOf(outgoing, target),
      incoming: sideOf(incoming, target),
      errata: outgoing.errata ?? [],
      reviews: outgoing.reviews ?? [],
      knownMarkers: outgoing.knownMarkers ?? [],
    }).findings;
  const findings = on(TARGET);
  const elsewhere = new Map([[OTHER_TARGET, on(OTHER_TARGET)]]);
  return [...findings, ...diffTargets({ component: 'demo', target: TARGET, findings, elsewhere })];
}
