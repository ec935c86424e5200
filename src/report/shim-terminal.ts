import type { ShimDirection, ShimOutput, ShimStruct } from '../model/shim.ts';
import { decisionWords, memberWords, overlayWords, shimTitle, treeName } from './shim-words.ts';
import type { RenderOptions } from './style.ts';
import { wrap } from './wrap.ts';

/** What a shim converts, what it asks, and what it leaves to people. */
export function renderShim(shim: ShimOutput, options: RenderOptions): string {
  const { chalk, width } = options;
  const title = chalk.bold(shimTitle(shim));
  if (!shim.isNeeded) return `${title}\n`;
  const lines = [
    title,
    `  the same code is right for ${shim.targets.join(', ')}`,
    ...shim.directions.flatMap((direction) => renderDirection(direction, options)),
    ...renderTree(shim),
    ...shim.notGenerated.flatMap((words) => wrap(`not generated: ${words}`, width, '  ')),
    ...wrap(overlayWords(shim), width, '  '),
    ...(shim.files.length > 0 ? wrap(`files: ${shim.files.join(', ')}`, width, '  ') : []),
  ];
  return `${lines.join('\n')}\n`;
}

function renderDirection(
  { outgoing, incoming, structs, questions }: ShimDirection,
  options: RenderOptions,
): string[] {
  const { chalk, width } = options;
  return [
    `  ${chalk.bold(`${outgoing} -> ${incoming}`)}`,
    ...structs.flatMap(renderStruct),
    ...questions.flatMap((question) => [
      ...wrap(`${question.subject}  ${decisionWords(question)}`, width, '    ? '),
      ...wrap(question.question, width, '        '),
    ]),
  ];
}

function renderStruct({ name, incoming, sizes, converter, members }: ShimStruct): string[] {
  return [
    `    ${name} (${sizes.outgoing} bytes) -> struct ${incoming} (${sizes.incoming} bytes)  ${converter}()`,
    ...members.map((member) => `      ${member.to ?? member.from}  ${memberWords(member)}`),
  ];
}

function renderTree({ tree, outgoing, incoming }: ShimOutput): string[] {
  if (tree.length === 0) return [];
  return [
    '  nodes and properties',
    ...tree.map(
      (row) =>
        `    ${treeName(row)}  ${outgoing}: ${row.outgoing ?? 'none'}; ${incoming}: ${row.incoming ?? 'none'}`,
    ),
  ];
}
