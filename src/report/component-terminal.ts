import type { ComponentCheckOutput } from '../model/component-check.ts';
import type { RenderOptions } from './style.ts';

/** What of a component's file is found in a kernel, a line for each thing. */
export function renderComponentCheck(output: ComponentCheckOutput, { chalk }: RenderOptions): string {
  const { component, file, source, release, isFound, era, reason, found, missing, doubts } = output;
  const kernel = release ?? source;
  const head = isFound
    ? `${chalk.green('found')}  ${component} of ${kernel}, in the form ${era}`
    : `${chalk.yellow('not found')}  ${component} of ${kernel}${reason === undefined ? '' : `: ${reason}`}`;
  const width = Math.max(0, ...found.map(({ name }) => name.length));
  const values = Math.max(0, ...found.map(({ value }) => value?.length ?? 0));
  const rows = found.map(({ kind, name, value, where }) =>
    `  ${kind.padEnd(8)} ${name.padEnd(width)}  ${(value ?? '').padEnd(values)}  ${chalk.dim(where ?? '')}`.trimEnd(),
  );
  const lacking = missing.map((name) => `  ${chalk.dim('without')}  ${name}`);
  const doubted = doubts.map(({ code, message }) => `  ${chalk.yellow(code)}: ${message}`);
  return `${[`${head}  (${file})`, ...rows, ...lacking, ...doubted].join('\n')}\n`;
}
