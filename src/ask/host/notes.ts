import type { PairVerdict } from '../../model/finding.ts';
import type { PreparedKernel } from './kernels.ts';

interface NotedPair {
  running: PreparedKernel;
  staged: PreparedKernel;
  pair: PairVerdict;
}

/** What an operator should know beside the verdict of a preflight, a sentence each. */
export function notesOf({ running, staged, pair }: NotedPair): string[] {
  const all = [
    ...findingNotes(pair),
    ...[running, staged].flatMap(fallbackNote),
    ...[running, staged].flatMap(missingNote),
    ...[running, staged].flatMap(unknownNote),
    ...handoverNote(running),
    ...bootNote({ running, staged, pair }),
  ];
  return [...new Set(all)];
}

/** What the line calls the notes: of each component what is said alike together, each once with all components that it is of. */
function findingNotes({ verdict, components }: PairVerdict): string[] {
  if (verdict !== 'compatible-with-notes') return [];
  const idsByText = new Map<string, string[]>();
  for (const { id, findings } of components) {
    const notes = findings.filter(({ impact }) => impact === 'note').map(({ message }) => message);
    for (const text of together(notes.map((note) => withoutPrefix(note, `${id}: `)))) {
      idsByText.set(text, [...(idsByText.get(text) ?? []), id]);
    }
  }
  return [...idsByText].map(([text, ids]) => `${ids.join(', ')}: ${text}`);
}

function withoutPrefix(text: string, prefix: string): string {
  return text.startsWith(prefix) ? text.slice(prefix.length) : text;
}

/** Texts of the form `OF WHOM: WHAT: IS WHAT`; those that differ in WHAT alone are one. */
function together(texts: readonly string[]): string[] {
  const groups = new Map<string, { before: string; whats: Set<string>; said: string }>();
  for (const text of texts) {
    const parts = text.split(': ');
    const [said = '', what = ''] = [parts.pop(), parts.pop()];
    const before = parts.map((part) => `${part}: `).join('');
    const key = `${before}\n${said}`;
    const group = groups.get(key) ?? { before, whats: new Set(), said };
    groups.set(key, group);
    group.whats.add(what);
  }
  return [...groups.values()].map(({ before, whats, said }) => {
    const named = [...whats].filter((what) => what !== '').join(', ');
    return named === '' ? `${before}${said}` : `${before}${named}: ${said}`;
  });
}

function fallbackNote({ told: { release, fallback } }: PreparedKernel): string[] {
  if (fallback === null) return [];
  return [`${release}: what its build does not carry is taken from ${fallback} of the catalog`];
}

function missingNote({ told, builds }: PreparedKernel): string[] {
  if (builds.length === 0) return [];
  const missing = [
    ...(builds.some(({ build }) => build?.config) ? [] : ['its configuration']),
    ...(builds.some(({ build }) => build?.btf) ? [] : ['its BTF']),
  ];
  return missing.length === 0 ? [] : [`${told.release}: ${missing.join(' and ')} could not be read`];
}

/** Why nothing is known of a KHO, and what to give. */
function unknownNote({ document, told, builds }: PreparedKernel): string[] {
  const { available, reason } = document.components.kho ?? {};
  return builds.length > 0 && available === 'unknown' ? [`${told.release}: kho is not known: ${reason}`] : [];
}

/** What the running kernel shows of its hand-over, and what of that could not be looked at. */
function handoverNote({ builds }: PreparedKernel): string[] {
  const unseen = builds.flatMap(({ build }) => build?.notes ?? []);
  const handedOver = builds.find(({ build }) => build?.handedOver)?.build?.handedOver;
  if (!handedOver) return unseen;
  return [
    ...unseen,
    `the running kernel is ready to hand over ${handedOver.compatible.join(', ')} (${handedOver.path})`,
  ];
}

/** What the staged kernel must be booted with to take the state over: each word once. */
function bootNote({ running, staged, pair }: NotedPair): string[] {
  const { document } = staged;
  const words = pair.components.flatMap(({ id, role }) => {
    const state = role === 'required' || role === 'dependency' ? document.components[id] : undefined;
    return state?.boot !== undefined && state.available !== 'no' ? state.boot.split(' ') : [];
  });
  const isNeeded = (word: string): boolean => word !== 'kho=on' || document.khoByDefault !== true;
  const needed = [...new Set(words)]
    .filter(isNeeded)
    .filter((word) => !word.endsWith('=…') || mayHave(running, word.slice(0, -1)));
  if (needed.length === 0) return [];
  return [`${document.release} must be booted with ${needed.join(' ')}`];
}

/** Whether a parameter that only some hosts have was given to the running kernel, or nothing tells. */
function mayHave({ builds }: PreparedKernel, parameter: string): boolean {
  const lines = builds.flatMap(({ build }) => build?.commandLine ?? []);
  return lines.length === 0 || lines.some((line) => ` ${line}`.includes(` ${parameter}`));
}
