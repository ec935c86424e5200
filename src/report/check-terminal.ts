import type { ComponentVerdict, Finding, FindingSide, PairVerdict } from '../model/finding.ts';
import type { RenderOptions } from './style.ts';
import { signOf, verdictText } from './style.ts';
import { wrap } from './wrap.ts';

/** A pair as a good compiler would put it: the answer, the chain, then each finding with both places. */
export function renderCheck(pair: PairVerdict, options: RenderOptions): string {
  const { chalk } = options;
  const sign = signOf(pair.verdict, pair.effect);
  const head = sign.paint(chalk, ` ${verdictText(pair.verdict, pair.effect)} `);
  const lines = [
    `${head} ${chalk.bold(`${pair.outgoing} -> ${pair.incoming}`)}  ${pair.profile} on ${pair.target}`,
    ...wrap(pair.summary, options.width, '  '),
    '',
    ...pair.components.map((component) => renderChainLink(component, options)),
    ...pair.components.flatMap((component) => renderFindings(component, options)),
  ];
  const rollback = pair.rollback ? `\n${chalk.bold('Rollback')}\n${renderCheck(pair.rollback, options)}` : '';
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

/** Differences that read the same are counted, not listed: `diff` lists them. */
function renderFindings({ id, findings }: ComponentVerdict, options: RenderOptions): string[] {
  const telling = findings.filter(({ impact }) => impact !== 'none');
  const silent = findings.length - telling.length;
  const rest = silent > 0 ? ['', options.chalk.dim(`${id}: ${silent} more that read the same`)] : [];
  return [...telling.flatMap((finding) => renderFinding(id, finding, options)), ...rest];
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
