import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CALLERS } from '../../components/callers.ts';
import { components } from '../../components/index.ts';
import type { Rule } from '../../diff/rule.ts';
import { RULES } from '../../diff/rules/index.ts';
import { ERROR_CODES, type ErrorCode } from '../../errors.ts';
import { AUDIT_RULES, auditRulePage } from '../../history/audit-rules.ts';
import { GATE_RULES } from '../../matrix/gate-rules.ts';
import type { Era } from '../../model/component-definition.ts';
import type { Topic } from '../../model/outputs.ts';
import type { ComponentVerdictKind, Effect } from '../../model/verdict-kind.ts';
import { packageRoot } from '../../schema/package-root.ts';
import { EFFECT_WORDS } from '../../verdict/summary.ts';

// What `explain` knows, by kind: rules have pages in docs/rules, all else is put together from its definition.

/** What an id stands for; empty for an unknown one. Error codes in any case. */
export function topicsOf(id: string): Topic[] {
  return FINDERS.flatMap((find) => find(id) ?? []);
}

/** Every id that `topicsOf` knows. */
export function topicIds(): string[] {
  const lists = [RULES, GATE_RULES, AUDIT_RULES, components(), [CALLERS]].flatMap((entries) =>
    entries.map((entry) => entry.id),
  );
  return [...lists, ...[VERDICT_PAGES, EFFECT_PAGES, ERROR_CODES].flatMap((pages) => Object.keys(pages))];
}

const FINDERS: readonly ((id: string) => Topic | undefined)[] = [
  rule,
  gateRule,
  auditRule,
  verdict,
  effect,
  component,
  errorCode,
];

function rule(id: string): Topic | undefined {
  const found = (RULES as readonly Rule[]).find((candidate) => candidate.id === id);
  if (!found) return undefined;
  const page = readFileSync(join(packageRoot(), 'docs/rules', `${id}.md`), 'utf8');
  return { kind: 'rule', id, summary: found.summary, page };
}

/** The gate's own rules judge a run and its policy; they have a folder of their own. */
function gateRule(id: string): Topic | undefined {
  const found = GATE_RULES.find((candidate) => candidate.id === id);
  if (!found) return undefined;
  const page = readFileSync(join(packageRoot(), 'docs/gate-rules', `${id}.md`), 'utf8');
  return { kind: 'rule', id, summary: found.summary, page };
}

/** Rules that judge a change, not a pair. */
function auditRule(id: string): Topic | undefined {
  const found = AUDIT_RULES.find((candidate) => candidate.id === id);
  return found && { kind: 'rule', id, summary: found.summary, page: auditRulePage(found) };
}

const VERDICT_PAGES: Record<ComponentVerdictKind, readonly [summary: string, more: string]> = {
  compatible: [
    'Everything that the profile needs is written, reaches its reader, is accepted and reads the same.',
    'Nothing that was compared differs. That is a prediction; a test of the pair on real machines is recorded beside it.',
  ],
  'compatible-with-notes': [
    'As compatible, with something to know.',
    'A recorded fault that touches one of the kernels, a member that the incoming kernel ignores, an inference, or a condition on the values in use. Read the notes: each has its condition.',
  ],
  misread: [
    'The incoming kernel accepts the data and reads it wrongly: the one failure that no kernel reports.',
    'Both kernels agree on the marker and disagree on what it names. The update runs; what follows is wrong values, an oops or a hang. Do not use the pair. The finding marker-not-bumped names the macro.',
  ],
  refused: [
    'The incoming kernel does not accept some of the data; the effect says what that does.',
    'Nothing is read wrongly. Depending on the layer the kernel boots without the state, cannot open its sessions, or panics on purpose.',
  ],
  unknown: [
    'A fact that the verdict needs is missing.',
    'It is never shown as a pass and fails a gate. The finding says which fact of which kernel; capture it from a source that has it.',
  ],
  unreached: [
    'Something below this component failed first, so its data never reaches its reader.',
    'A verdict of a component alone, not of a pair. Mend what failed below it; then it is judged.',
  ],
  unsupported: [
    'The outgoing kernel cannot preserve this state at all.',
    'The code is not there yet, or an option is off; the finding names the option. The incoming kernel plays no part in it.',
  ],
};

function verdict(id: string): Topic | undefined {
  if (!Object.hasOwn(VERDICT_PAGES, id)) return undefined;
  const [summary, more] = VERDICT_PAGES[id as ComponentVerdictKind];
  return { kind: 'verdict', id, summary, page: `# ${id}\n\n${summary}\n\n${more}\n` };
}

const EFFECT_PAGES: Record<Effect, string> = {
  'all-sessions-lost':
    'A file of a session has a handler that the incoming kernel does not know. Opening /dev/liveupdate fails from then on, for all sessions, because of one file in one of them.',
  'boot-panic':
    'A check of LUO, of its sessions or of its FLB data failed at early init, and the kernel panics on purpose: also when nothing was preserved, and also with live update switched off on its command line. Only kho=off there avoids it. It needs a KHO that accepted.',
  'component-absent':
    'The incoming kernel does not look for this state, or has no code for it. Whatever rests on it is lost.',
  corruption:
    'The gate passed and the layouts differ. Seen: exchanged values, an oops, a hang or a page fault in early boot, lost pages.',
  'file-lost': 'The handler of one file is not known; the other files of the session come back.',
  ignored: 'The incoming kernel warns and goes on without the data.',
  'state-dropped':
    "KHO's own marker is refused. Nothing warns beforehand: loading the kernel and the reboot succeed, sessions answer that there is no such entry, and preserved pages become free memory.",
};

function effect(id: string): Topic | undefined {
  if (!Object.hasOwn(EFFECT_PAGES, id)) return undefined;
  const words = EFFECT_WORDS[id as Effect];
  const summary = `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
  return { kind: 'effect', id, summary, page: `# ${id}\n\n${summary}\n\n${EFFECT_PAGES[id as Effect]}\n` };
}

const CALLERS_PAGE = [
  'A full source is searched for calls of the hand-over: kho_add_subtree, kho_retrieve_subtree, kho_preserve_*, kho_restore_*,',
  'liveupdate_register_*, and their names in older kernels. What a component speaks of by its name, or lies in its own files,',
  'is covered; so are the code of KHO and LUO itself, and code that only tests the kernel.',
  '',
  'What is left counts for memory: a note where the file is the same in both kernels, unknown where it is not or only one',
  'kernel has it. A gate fails on the note where its policy has `uncovered: fail`. Headers alone do not show it.',
].join('\n');

function component(id: string): Topic | undefined {
  if (id === CALLERS.id) {
    const { title, summary } = CALLERS;
    return { kind: 'component', id, summary, page: `# ${id}\n\n${title}. ${summary}\n\n${CALLERS_PAGE}\n` };
  }
  const found = components().find((candidate) => candidate.id === id);
  if (!found) return undefined;
  const { title, summary, boot, eras } = found;
  const head = [`# ${id}`, `${title}. ${summary}`];
  const options = boot === undefined ? [] : [`Boot parameter: ${boot}.`];
  return {
    kind: 'component',
    id,
    summary,
    page: `${[...head, ...options, ...eras.map(eraText)].join('\n\n')}\n`,
  };
}

function eraText({ id, summary, marker, needs, options, structs, reader, files }: Era): string {
  const guard =
    marker.guardedBy === undefined ? (marker.macro ?? marker.kind) : `the marker of ${marker.guardedBy}`;
  const facts = [
    `Guarded by ${guard} (${marker.kind}, in ${marker.carrier}).`,
    listed('Structs', Object.keys(structs)),
    listed('Needs', needs),
    listed('Options', options),
    listed('Declared in', files),
    `If refused: ${reader.onRefused}.`,
  ];
  const items = facts.filter((fact) => fact !== '').map((fact) => `- ${fact}`);
  return [`## ${id}`, `${summary}.`, ...items].join('\n');
}

function listed(label: string, names: readonly string[]): string {
  return names.length > 0 ? `${label}: ${names.join(', ')}.` : '';
}

function errorCode(typed: string): Topic | undefined {
  const id = typed.toUpperCase();
  if (!Object.hasOwn(ERROR_CODES, id)) return undefined;
  const { exit, hint } = ERROR_CODES[id as ErrorCode];
  const summary = `An error that ends the program with exit code ${exit}.`;
  return { kind: 'error', id, summary, page: `# ${id}\n\n${summary}\n\nWhat to do: ${hint}.\n` };
}
