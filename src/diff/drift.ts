import type { Finding } from '../model/finding.ts';
import type { DiffedComponent, DiffOutput, DriftedComponent, DriftOutput } from '../model/outputs.ts';
import type { Rule } from './rule.ts';
import { RULES } from './rules/index.ts';

/** What a rule of a scope tells of a build that differs from its base. */
const AREA_BY_SCOPE: Readonly<Record<string, keyof DriftedComponent['changes']>> = {
  marker: 'markers',
  check: 'layouts',
  struct: 'layouts',
  member: 'layouts',
  constant: 'constants',
  node: 'tree',
  property: 'tree',
  code: 'code',
  kept: 'code',
  roundTrip: 'code',
  presence: 'tree',
  net: 'layouts',
  summary: 'markers',
};

const DOUBTS = ['fact-doubted', 'fact-inferred', 'facts-missing', 'source-disagrees', 'source-incomplete'];

/** A build told by its difference from the release that it derives from: what `diff` finds, sorted by what became of it. */
export function driftOf({ outgoing, incoming, target, components }: DiffOutput): DriftOutput {
  return { base: outgoing, build: incoming, target, components: components.map(driftOfComponent) };
}

function driftOfComponent(component: DiffedComponent): DriftedComponent {
  const { id, available, findings } = component;
  const has = (side: 'incoming' | 'outgoing'): boolean => /^(yes|buildable)$/.test(available[side]);
  const changes: DriftedComponent['changes'] = {};
  if (has('outgoing') && has('incoming')) {
    for (const finding of findings) {
      const area = areaOf(finding);
      if (area) changes[area] = [...(changes[area] ?? []), finding];
    }
  }
  const doubtful = findings.filter(({ rule }) => DOUBTS.includes(rule));
  const isOpen = doubtful.some(({ impact }) => impact === 'unknown');
  const doubts = doubtful.map(({ message }) => message);
  const off = findings.find(({ rule }) => rule === 'config-disabled' || rule === 'component-absent');
  return { id, drift: kindOf(component, changes, isOpen), reason: off?.message ?? null, changes, doubts };
}

function areaOf({ rule, impact }: Finding): keyof DriftedComponent['changes'] | undefined {
  const found = (RULES as readonly Rule[]).find(({ id }) => id === rule);
  if (!found || DOUBTS.includes(rule) || impact === 'unsupported') return undefined;
  return AREA_BY_SCOPE[found.scope];
}

function kindOf(
  { available }: DiffedComponent,
  changes: DriftedComponent['changes'],
  isOpen: boolean,
): DriftedComponent['drift'] {
  const { outgoing, incoming } = available;
  if (outgoing === 'unknown' || incoming === 'unknown') return 'unknown';
  if (outgoing === 'no') return incoming === 'no' ? 'absent' : 'added';
  if (incoming === 'no') return 'off';
  if (Object.keys(changes).length > 0) return 'changed';
  return isOpen ? 'unknown' : 'same';
}
