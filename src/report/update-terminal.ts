import type { CaptureDocument } from '../model/capture.ts';
import type { MatrixPair } from '../model/outputs.ts';
import { verdictText } from './style.ts';

/** Pairs that are told one by one. */
const SHOWN = 40;

/** What an update of a folder of documents brought. */
export interface TellableUpdate {
  tags: number;
  added: readonly Pick<CaptureDocument, 'release'>[];
  changed: readonly { profile: string; pair: MatrixPair }[];
}

/** The new tags, and the pairs that came with them. */
export function renderUpdate({ tags, added, changed }: TellableUpdate): string {
  const names = added.map(({ release }) => release).join(', ');
  const head = `${added.length} of ${tags} tags are new${added.length > 0 ? `: ${names}` : ''}`;
  const lines = added.length === 0 ? [head] : [head, ...changeLines(changed)];
  return lines.map((line) => `${line}\n`).join('');
}

function changeLines(changed: TellableUpdate['changed']): string[] {
  if (changed.length === 0) return ['the matrix is as it was'];
  const lines = changed.slice(0, SHOWN).map(({ profile, pair }) => {
    const { outgoing, incoming, verdict, effect, decidedBy } = pair;
    const why = decidedBy ? `: ${decidedBy.component} ${decidedBy.rule} ${decidedBy.subject}` : '';
    return `${verdictText(verdict, effect)}  ${outgoing} -> ${incoming}  ${profile} (new)${why}`;
  });
  const rest = changed.length - SHOWN;
  return rest > 0 ? [...lines, `and ${rest} more pairs; luo-abi matrix shows them`] : lines;
}
