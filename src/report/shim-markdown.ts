import type { ShimDirection, ShimOutput } from '../model/shim.ts';
import { escapeText, markdownTable } from './markdown-text.ts';
import { decisionWords, memberWords, overlayWords, shimTitle, treeName } from './shim-words.ts';

/** The page that lies beside the generated files. */
export function renderShimMarkdown(shim: ShimOutput): string {
  const { tree, outgoing, incoming, targets, notGenerated } = shim;
  const blocks = [
    `# ${escapeText(shimTitle(shim))}`,
    ...(shim.isNeeded ? [`The same code is right for ${targets.join(', ')}.`] : []),
    ...(shim.isNeeded ? shim.directions.flatMap(directionBlocks) : []),
    ...(tree.length > 0
      ? [
          '## Nodes and properties',
          markdownTable(
            ['place', outgoing, incoming].map(escapeText),
            tree.map((row) =>
              [treeName(row), row.outgoing ?? 'none', row.incoming ?? 'none'].map(escapeText),
            ),
          ),
        ]
      : []),
    ...(notGenerated.length > 0
      ? ['## Not generated', notGenerated.map((words) => `- ${escapeText(words)}`).join('\n')]
      : []),
    ...(shim.isNeeded ? ['## The overlay', escapeText(`${overlayWords(shim)}.`)] : []),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function directionBlocks({ outgoing, incoming, structs, questions }: ShimDirection): string[] {
  const members = structs.flatMap(({ outgoing: struct, members: own, converter }) =>
    own.map((member) =>
      [
        `${struct}.${member.from ?? member.to}`,
        member.to ?? 'none',
        memberWords(member),
        `${converter}()`,
      ].map(escapeText),
    ),
  );
  const asked = questions.map((question) =>
    [question.subject, decisionWords(question), question.question].map(escapeText),
  );
  return [
    `## ${escapeText(`${outgoing} to ${incoming}`)}`,
    ...(members.length > 0 ? [markdownTable(['written', 'read', 'how', 'function'], members)] : []),
    ...(asked.length > 0 ? [markdownTable(['subject', 'decision', 'question'], asked)] : []),
  ];
}
