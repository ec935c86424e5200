import type { Observation, TriedStep, TryOutput } from '../model/try.ts';
import type { RenderOptions } from './style.ts';
import { verdictText } from './style.ts';
import { wrap } from './wrap.ts';

/** For each update: what was predicted, what was observed, the line that decided, and whether they agree. */
export function renderTry(output: TryOutput, options: RenderOptions): string {
  const { chalk, width } = options;
  const { sessions, files, bytes, regions } = output.payload;
  const parts = [
    ...(sessions > 0 ? [`${sessions} sessions, ${files} files, ${Math.ceil(bytes / 2 ** 20)} MiB`] : []),
    ...(regions > 0 ? [`${regions} reserved regions`] : []),
  ];
  const { version, accelerator, memory } = output.emulator;
  const lines = output.steps.flatMap((step) => renderStep(step, output, options));
  const foot = `payload: ${parts.join('; ')}; ${version} (${accelerator}), ${memory}`;
  const recorded = output.recorded.map((name) => `recorded: ${name}`);
  return `${[...lines, ...[foot, ...recorded].flatMap((text) => wrap(text, width, '').map((line) => chalk.dim(line)))].join('\n')}\n`;
}

const NO_LINE = 'the console ended without a word';

function renderStep(step: TriedStep, { profile, target }: TryOutput, options: RenderOptions): string[] {
  const { chalk, width } = options;
  const { predicted, observed, agreement, outgoing, incoming } = step;
  const way = chalk.bold(`${outgoing.release} -> ${incoming.release}`);
  const rows: [string, string][] = [
    ['predicted', verdictText(predicted.verdict, predicted.effect)],
    ['observed', `${paintOutcome(observed, options)}: ${observed.seen}`],
    ['line', observed.line ?? NO_LINE],
    ['', agreementText(step, options)],
    ...observed.notes.map((note): [string, string] => ['note', note]),
  ];
  const text = rows.flatMap(([name, value]) =>
    wrap(value, width, ' '.repeat(13)).map((line, index) => {
      return index === 0 ? `  ${name.padEnd(11)}${line.trimStart()}` : line;
    }),
  );
  const last = observed.lastLines.map((line) => chalk.dim(`    | ${line}`.slice(0, width)));
  const mark = agreement === 'disagrees' ? chalk.redBright('≠ ') : '';
  return [
    `${mark}${way}  (${profile}, ${target})`,
    ...text,
    ...(last.length > 0 ? ['  the last lines of the console:', ...last] : []),
    '',
  ];
}

function paintOutcome({ outcome }: Observation, { chalk }: RenderOptions): string {
  if (outcome === 'works') return chalk.green(outcome);
  return outcome === 'corruption' || outcome === 'boot-panic'
    ? chalk.redBright(outcome)
    : chalk.yellow(outcome);
}

function agreementText({ agreement, observed, predicted }: TriedStep, { chalk }: RenderOptions): string {
  if (agreement === 'agrees') return chalk.green('as predicted');
  if (agreement === 'disagrees') return chalk.redBright('not as predicted');
  return observed.outcome === 'not-started'
    ? 'nothing was handed over, so nothing was learned of the pair'
    : `nothing was predicted (${predicted.verdict})`;
}
