import type { DeviceAnswer, StateAnswer } from '../model/state.ts';
import type { RenderOptions } from './style.ts';
import { signOf } from './style.ts';
import { wrap } from './wrap.ts';

/** Which devices of a state survive a pair; those that agree in everything but their name stand together. */
export function renderState(pair: string, { devices }: StateAnswer, options: RenderOptions): string {
  const { chalk, width } = options;
  const lost = devices.filter(({ survives }) => survives === false).length;
  const unknown = devices.filter(({ survives }) => survives === 'unknown').length;
  const count = `${devices.length - lost - unknown} of ${devices.length} devices survive`;
  const rest = unknown > 0 ? `, ${unknown} unknown` : '';
  const lines = [...groupAnswers(devices).values()].flatMap(([first, ...others]) => {
    if (!first) return [];
    const sign = signOf(first.verdict, first.effect);
    const names = [first, ...others].map(({ device, driver }) => (driver ? `${device} (${driver})` : device));
    const [head = '', ...tail] = wrap(names.join(', '), width, '      ');
    const marked = `  ${sign.paint(chalk, ` ${sign.mark} `)} ${head.trimStart()}`;
    return [marked, ...tail, ...wrap(`${wordOf(first)}: ${first.reason}`, width, '        ')];
  });
  return `\n${[`${chalk.bold('These devices')} under ${pair}: ${count}${rest}`, ...lines].join('\n')}\n`;
}

function groupAnswers(devices: readonly DeviceAnswer[]): Map<string, DeviceAnswer[]> {
  const groups = new Map<string, DeviceAnswer[]>();
  for (const answer of devices) {
    const { device: _device, driver: _driver, ...rest } = answer;
    const key = JSON.stringify(rest);
    const group = groups.get(key);
    if (group) group.push(answer);
    else groups.set(key, [answer]);
  }
  return groups;
}

function wordOf({ survives }: DeviceAnswer): string {
  if (survives === 'unknown') return 'unknown';
  return survives ? 'survives' : 'does not survive';
}
