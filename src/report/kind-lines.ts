import type { PairVerdict } from '../model/finding.ts';
import { conditionLines } from './condition-lines.ts';
import type { RenderOptions } from './style.ts';
import { signOf, verdictText } from './style.ts';

/** What each kind of state comes to, a line each, and last what the outgoing kernel does not carry. */
export function kindLines({ kinds = [], outgoing }: PairVerdict, options: RenderOptions): string[] {
  const carried = kinds.filter(({ verdict }) => verdict !== 'unsupported');
  const rest = kinds.filter(({ verdict }) => verdict === 'unsupported').map(({ profile }) => profile);
  return [
    ...carried.flatMap(({ profile, verdict, effect, conditions }) => {
      const sign = signOf(verdict, effect);
      const mark = sign.paint(options.chalk, ` ${sign.mark} `);
      return [
        `  ${mark} ${profile.padEnd(16)} ${verdictText(verdict, effect)}`,
        ...conditionLines(conditions, '        ', options),
      ];
    }),
    ...(rest.length > 0 ? [`      ${rest.join(', ')}: not carried by ${outgoing}`] : []),
  ];
}
