import { fidelityText } from '../model/fidelity.ts';
import type { ComponentVerdict, Finding, FindingSide, PairVerdict } from '../model/finding.ts';
import type { CheckOutput } from '../model/outputs.ts';
import type { FindDetour } from './check-advice.ts';
import { adviceOf } from './check-advice.ts';
import { renderByteMap } from './check-byte-map.ts';
import { renderPairEvidence } from './evidence-terminal.ts';
import { kindLines } from './kind-lines.ts';
import type { RenderOptions } from './style.ts';
import { signOf, verdictText } from './style.ts';
import { wrap } from './wrap.ts';

/** A pair as a good compiler would put it: the answer, the chain, then each finding with both places. */
export function renderCheck(pair: CheckOutput, options: RenderOptions, findDetour?: FindDetour): string {
  const { chalk } = options;
  const sign = signOf(pair.verdict, pair.effect);
  const head = sign.paint(chalk, ` ${verdictText(pair.verdict, pair.effect)} `);
  const lines = [
    `${head} ${chalk.bold(`${pair.outgoing} -> ${pair.incoming}`)}  ${pair.profile} on ${pair.target}`,
    ...wrap(pair.summary, options.width, '  '),
    ...(pair.evidence ? renderPairEvidence(pair.evidence, options) : []),
    ...kindLines(pair, options),
    '',
    ...pair.components.map((component) => renderChainLink(component, options)),
    ...renderFidelity(pair, options),
    ...pair.components.flatMap((component) => renderFindings(component, options)),
    ...renderAdvice(pair, options, findDetour),
  ];
  const rollback = pair.rollback
    ? `\n${chalk.bold('Rollback')}\n${renderCheck(pair.rollback, options, findDetour)}`
    : '';
  return `${lines.join('\n')}\n${rollback}`;
}

function renderChainLink(component: ComponentVerdict, { chalk }: RenderOptions): string {
  const { id, verdict, effect, role, markers } = component;
  const sign = signOf(verdict, effect);
  const note = role === 'required' ? '' : chalk.dim(` [${role}]`);
  return `  ${sign.paint(chalk, ` ${sign.mark} `)} ${id.padEnd(16)} ${verdictText(verdict, effect).padEnd(28)} ${markerText(markers)}${note}`;
}

function markerText({ outgoing, incoming }: ComponentVerdict['markers']): string {
  if (outgoing === null && incoming === null) return '';
  if (outgoing === incoming) return `${outgoing} on both sides`;
  return `${outgoing ?? 'none'} -> ${incoming ?? 'none'}`;
}

/**
 * What fails, then the maps of the structs that it names, then the notes. Differences that read the same are counted, not
 * listed: `diff` lists them.
 */
function renderFindings(component: ComponentVerdict, options: RenderOptions): string[] {
  const { id, findings } = component;
  const isFailing = ({ impact }: Finding): boolean => impact === 'misread' || impact === 'refused';
  const isSilent = ({ impact, level }: Finding): boolean => impact === 'none' && level === 'note';
  const notes = findings.filter((finding) => !isFailing(finding) && !isSilent(finding));
  const silent = findings.filter(isSilent).length;
  const rest = silent > 0 ? ['', options.chalk.dim(`${id}: ${silent} more that read the same`)] : [];
  return [
    ...findings.filter(isFailing).flatMap((finding) => renderFinding(id, finding, options)),
    ...renderMaps(component, options),
    ...notes.flatMap((finding) => renderFinding(id, finding, options)),
    ...rest,
  ];
}

/** Where facts were not read from source alone: of which components, by side. */
function renderFidelity(
  { outgoing, incoming, components }: PairVerdict,
  { chalk, width }: RenderOptions,
): string[] {
  const sides = [
    ['outgoing', outgoing],
    ['incoming', incoming],
  ] as const;
  return sides.flatMap(([side, release]) => {
    const idsByText = new Map<string, string[]>();
    for (const { id, fidelity } of components) {
      const text = fidelity ? fidelityText(fidelity[side]) : 'source';
      if (text !== 'source') idsByText.set(text, [...(idsByText.get(text) ?? []), id]);
    }
    return [...idsByText].flatMap(([text, ids]) =>
      wrap(chalk.dim(`facts of ${release}: ${text} (${ids.join(', ')})`), width, '  '),
    );
  });
}

const MAPS = 2;

/** The first structs that failing findings name, the outgoing layout over the incoming one. */
function renderMaps({ layouts = [] }: ComponentVerdict, options: RenderOptions): string[] {
  const maps = layouts
    .map((compared) => renderByteMap(compared, options))
    .filter((lines) => lines.length > 0);
  const rest = maps.length - MAPS;
  return [
    ...maps.slice(0, MAPS).flatMap((lines) => ['', ...lines]),
    ...(rest > 0 ? ['', options.chalk.dim(`  and ${rest} more structs`)] : []),
  ];
}

function renderAdvice(pair: PairVerdict, { chalk, width }: RenderOptions, findDetour?: FindDetour): string[] {
  const advice = adviceOf(pair, findDetour);
  if (!advice) return [];
  const paragraph = (title: string, sentences: readonly string[]): string[] =>
    sentences.length === 0
      ? []
      : ['', chalk.bold(title), ...sentences.flatMap((text) => wrap(text, width, '  '))];
  return [...paragraph('What an operator will see', advice.sees), ...paragraph('What to do', advice.todo)];
}

function renderFinding(id: string, finding: Finding, { chalk, width }: RenderOptions): string[] {
  const paint = { error: chalk.redBright, warning: chalk.yellow, note: chalk.cyan }[finding.level];
  const values = [sideText('outgoing', finding.outgoing), sideText('incoming', finding.incoming)];
  const places = finding.where.map(({ file, line, side }) => `${side} ${file}:${line}`);
  const sees = finding.sees === undefined ? [] : [`console: ${finding.sees}`];
  const condition = finding.condition === undefined ? [] : [`condition: ${finding.condition}`];
  const rest = [...values.filter((text) => text !== ''), ...places, ...sees, ...condition];
  return [
    '',
    ...wrap(`${paint(`${finding.level}[${finding.rule}]`)} ${id}: ${finding.subject}`, width, ''),
    ...wrap(finding.message, width, '  '),
    ...rest.map((text) => chalk.dim(`    ${text}`)),
  ];
}

function sideText(side: string, facts: FindingSide): string {
  const entries = Object.entries(facts).map(([name, value]) => `${name} ${String(value)}`);
  return entries.length > 0 ? `${side}: ${entries.join(', ')}` : '';
}
