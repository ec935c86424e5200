import type { DriftedComponent, DriftOutput } from '../model/outputs.ts';
import type { RenderOptions } from './style.ts';
import { wrap } from './wrap.ts';

const WORDS: Readonly<Record<DriftedComponent['drift'], string>> = {
  changed: 'changed',
  off: 'switched off or taken out',
  added: 'added by the build',
  unknown: 'could not be compared in full',
  same: 'as in the base',
  absent: 'in neither',
};

/** What a build makes of its base: what it switched off, what it changed, and what could not be compared. */
export function renderDrift(drift: DriftOutput, options: RenderOptions): string {
  const { chalk, width } = options;
  const lines = [`${chalk.bold(`${drift.base} => ${drift.build}`)}  on ${drift.target}`];
  for (const [kind, words] of Object.entries(WORDS)) {
    const components = drift.components.filter((component) => component.drift === kind);
    if (components.length === 0) continue;
    const isPartly = kind === 'same' && components.some(({ doubts }) => doubts.length > 0);
    const limit = isPartly ? ', as far as the build shows' : '';
    lines.push('', `${chalk.bold(words)}${limit}: ${components.length}`);
    const isListed = kind === 'same' || kind === 'absent';
    if (isListed) lines.push(...wrap(components.map(({ id }) => id).join(', '), width, '  '));
    else lines.push(...components.flatMap((component) => renderComponent(component, options)));
  }
  return `${lines.join('\n')}\n`;
}

function renderComponent(
  { id, reason, changes, doubts }: DriftedComponent,
  { chalk, width }: RenderOptions,
): string[] {
  const findings = Object.entries(changes).flatMap(([area, found]) =>
    found.map(({ message }) => `${area}: ${message}`),
  );
  const texts = [...(reason === null ? [] : [reason]), ...findings];
  return [
    `  ${chalk.bold(id)}`,
    ...texts.flatMap((text) => wrap(text, width, '    ')),
    ...doubts.flatMap((text) => wrap(chalk.dim(text), width, '    ')),
  ];
}
