import type { ComponentVerdict, PairVerdict } from '../model/finding.ts';
import type { Effect } from '../model/verdict-kind.ts';

/** What each effect means for the machine, in words. */
export const EFFECT_WORDS: Record<Effect, string> = {
  'all-sessions-lost': 'no session can be opened after the update',
  'boot-panic': 'the incoming kernel panics in early boot',
  'component-absent': 'this state is lost, the rest works',
  corruption: 'the incoming kernel takes wrong values for right ones',
  'file-lost': 'that file cannot be retrieved',
  ignored: 'a warning, nothing else',
  'state-dropped': 'the incoming kernel boots as after a plain kexec; all preserved state is gone',
};

/**
 * The pair's answer in one line. `offIn` tells why the outgoing kernel does not do what it has the code for; undefined
 * where it has no such code.
 */
export function summarize(
  pair: Omit<PairVerdict, 'summary'>,
  offIn: (component: string) => string | undefined,
): string {
  const { outgoing, incoming, profile, verdict, effect, components } = pair;
  const way = `${outgoing} -> ${incoming}`;
  const decisive = components.find(({ id }) => id === pair.decidedBy?.component);
  const marker = decisive ? markerWords(decisive) : '';
  const state = profile === 'carried' ? 'all that it carries' : `everything under ${profile}`;
  const cause = decisive ? `${decisive.id}${marker}` : profile;
  switch (verdict) {
    case 'compatible':
      return `${way}: ${state} is accepted and reads the same`;
    case 'compatible-with-notes':
      return `${way}: ${state} is accepted and reads the same; see the notes`;
    case 'misread':
      return `${way}: ${cause} is accepted and read wrongly`;
    case 'refused':
      return `${way}: ${cause} is refused: ${effect ? EFFECT_WORDS[effect] : 'state is lost'}`;
    case 'unsupported':
      return `${way}: ${outgoing} cannot preserve ${profile === 'carried' ? 'any' : profile} state${unsupportedWords(components, offIn)}`;
    case 'unknown':
      return `${way}: a needed fact is missing${decisive ? ` (${decisive.id})` : ''}`;
  }
}

function markerWords({ markers: { outgoing, incoming } }: ComponentVerdict): string {
  if (outgoing === null && incoming === null) return '';
  return outgoing === incoming ? ` (${outgoing})` : ` (${outgoing ?? 'none'} -> ${incoming ?? 'none'})`;
}

function unsupportedWords(
  components: readonly ComponentVerdict[],
  offIn: (component: string) => string | undefined,
): string {
  const option = components
    .flatMap(({ findings }) => findings)
    .find(({ rule }) => rule === 'config-disabled');
  if (option) return `: ${option.subject} is not set`;
  const unsupported = components.filter(({ verdict }) => verdict === 'unsupported');
  const reason = unsupported.map(({ id }) => offIn(id)).find((text) => text !== undefined);
  if (reason !== undefined) return `: ${reason}`;
  const missing = unsupported.filter(({ role }) => role === 'required');
  return missing.length > 0 ? `: it has no ${missing.map(({ id }) => id).join(', ')}` : '';
}
