import type { Finding, Impact } from '../model/finding.ts';
import type { DiffedComponent, DiffOutput } from '../model/outputs.ts';
import type { RenderOptions } from './style.ts';
import { wrap } from './wrap.ts';

/** Every finding of a pair, component by component and rule by rule; components that do not differ in one line. */
export function renderDiff(diff: DiffOutput, options: RenderOptions): string {
  const { chalk, width } = options;
  const { outgoing, incoming, target, components } = diff;
  const differing = components.filter(({ findings }) => findings.length > 0);
  const lines = [`${chalk.bold(`${outgoing} -> ${incoming}`)}  on ${target}`];
  for (const component of differing) lines.push('', ...renderComponent(component, options));
  const shared = components.filter(({ findings, accepted }) => findings.length === 0 && accepted !== null);
  const absent = components.filter(({ findings, accepted }) => findings.length === 0 && accepted === null);
  for (const [label, group] of [
    ['no difference', shared],
    ['not in both kernels', absent],
  ] as const) {
    if (group.length === 0) continue;
    lines.push('', ...wrap(`${label}: ${group.map(({ id }) => id).join(', ')}`, width, ''));
  }
  lines.push(...renderUapi(diff, options));
  return `${lines.join('\n')}\n`;
}

/** What came and went for programs. */
function renderUapi({ uapi }: DiffOutput, { chalk, width }: RenderOptions): string[] {
  if (uapi === undefined) return [];
  const head = (text: string): string[] => ['', `${chalk.bold('uAPI')}  ${text}`];
  if (uapi === null) return head('not captured for both kernels');
  const { changes } = uapi;
  if (changes.length === 0) return head('no difference');
  return [
    ...head('no verdict rests on it'),
    ...changes.flatMap(({ kind, name, change, outgoing, incoming }) => {
      const what = change === 'changed' ? `${outgoing} -> ${incoming}` : (incoming ?? outgoing);
      return wrap(`${change} ${kind} ${name}: ${what}`, width, '  ');
    }),
  ];
}

function renderComponent(component: DiffedComponent, options: RenderOptions): string[] {
  const { id, markers, findings } = component;
  const { outgoing, incoming } = markers;
  const marker = outgoing === incoming ? (outgoing ?? '') : `${outgoing ?? 'none'} -> ${incoming ?? 'none'}`;
  const rules = [...new Set(findings.map(({ rule }) => rule))];
  const head = `${options.chalk.bold(id)}  ${marker}${gateText(component)}`.trimEnd();
  return [head, ...rules.flatMap((rule) => renderRule(rule, component, options))];
}

function gateText({ accepted }: DiffedComponent): string {
  if (accepted === null) return '';
  return accepted ? '  (accepted)' : '  (refused: what follows is never read)';
}

function renderRule(rule: string, { findings }: DiffedComponent, options: RenderOptions): string[] {
  const { chalk } = options;
  const own = findings.filter((finding) => finding.rule === rule);
  const impacts = [...new Set(own.map(({ impact }) => impact))].map((impact) => painted(impact, options));
  return [`  ${rule} ${chalk.dim('(')}${impacts.join(', ')}${chalk.dim(')')}`, ...own.flatMap(renderFinding)];

  function renderFinding({ message, where, condition }: Finding): string[] {
    const places = where.map(({ file, line, side }) => `${side} ${file}:${line}`).join(', ');
    const rest = [places, condition === undefined ? '' : `condition: ${condition}`];
    return [
      ...wrap(message, options.width, '    '),
      ...rest.filter((text) => text !== '').map((text) => chalk.dim(`      ${text}`)),
    ];
  }
}

function painted(impact: Impact, { chalk }: RenderOptions): string {
  if (impact === 'misread') return chalk.redBright(impact);
  if (impact === 'refused' || impact === 'unknown') return chalk.yellow(impact);
  return impact === 'note' ? chalk.cyan(impact) : chalk.dim(impact);
}
