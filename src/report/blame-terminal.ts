import type { BlameOutput, BlameStep } from '../model/history.ts';
import type { RenderOptions } from './style.ts';
import { wrap } from './wrap.ts';

/** The commits that changed a subject, oldest first, each with the state that it left. */
export function renderBlame(output: BlameOutput, options: RenderOptions): string {
  const { subject, kind, component, range, steps } = output;
  const head = `${options.chalk.bold(subject)}  ${kind} of ${component}, ${range}`;
  const body =
    steps.length === 0 ? ['', 'no commit changed it'] : steps.flatMap((step) => renderStep(step, options));
  return `${[head, ...body].join('\n')}\n`;
}

function renderStep(step: BlameStep, { chalk, width }: RenderOptions): string[] {
  const { commit, title, author, date, firstIn, after, where } = step;
  const since = firstIn === null ? 'in no tagged release' : `first in ${firstIn}`;
  return [
    '',
    `${chalk.yellow(commit.slice(0, 12))} ${chalk.bold(title)}`,
    chalk.dim(`  ${[author, date, since].filter(Boolean).join(', ')}`),
    ...wrap(after ?? 'taken out', width, '  '),
    ...wrap(markerWords(step), width, '  '),
    ...(where === null ? [] : [chalk.dim(`  ${where}`)]),
  ];
}

function markerWords({ marker }: BlameStep): string {
  if (!marker) return 'no marker guards it';
  const { macro, before, after, raised } = marker;
  const name = macro === null ? 'its marker' : macro;
  if (before === null) return `${name} is new with it: ${after}`;
  if (after === null) return `${name} is gone with it`;
  return raised ? `${name} was raised with it: ${before} -> ${after}` : `${name} was not raised: ${after}`;
}
