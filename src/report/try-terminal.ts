import type { Observation, TriedStep, TryMatrixOutput, TryOutput } from '../model/try.ts';
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
    ...lineRow(observed),
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

/** A kernel that was not tried ended nothing. */
function lineRow({ line, outcome }: Observation): [string, string][] {
  return line === null && outcome === 'not-started' ? [] : [['line', line ?? NO_LINE]];
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
    ? 'nothing was learned of the pair'
    : `nothing was predicted (${predicted.verdict})`;
}

/** A line for each pair, those that came out as predicted in short, and the counts. */
export function renderTryMatrix(
  { steps, skipped, profile, target }: TryMatrixOutput,
  options: RenderOptions,
): string {
  const { chalk } = options;
  const width = Math.max(0, ...steps.map((step) => wayOf(step).length));
  const rows = steps.map((step) => {
    const { predicted, observed, agreement } = step;
    const mark = { agrees: chalk.green('='), disagrees: chalk.redBright('≠'), untested: chalk.dim('?') }[
      agreement
    ];
    const outcome = paintOutcome(observed, options);
    const told =
      agreement === 'agrees' ? '' : `; predicted ${verdictText(predicted.verdict, predicted.effect)}`;
    const detail = observed.outcome === 'works' ? '' : `: ${observed.line ?? observed.seen}`;
    return `${mark} ${wayOf(step).padEnd(width)}  ${outcome}${told}${chalk.dim(detail)}`;
  });
  const count = (wanted: TriedStep['agreement']): number =>
    steps.filter(({ agreement }) => agreement === wanted).length;
  const foot = `${steps.length} pairs tried for ${profile} on ${target}: ${count('agrees')} as predicted, ${count('disagrees')} not, ${count('untested')} without an answer; ${skipped} recorded before`;
  return `${[...rows, foot].join('\n')}\n`;
}

function wayOf({ outgoing, incoming }: TriedStep): string {
  return `${nameOf(outgoing.name)} -> ${nameOf(incoming.name)}`;
}

function nameOf(locator: string): string {
  return locator.slice(locator.lastIndexOf('/') + 1).replace(/^(?:bzImage|Image|vmlinuz)-/, '');
}
