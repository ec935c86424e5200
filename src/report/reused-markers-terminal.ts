import type { ReusedMarkersOutput } from '../model/outputs.ts';
import type { RenderOptions } from './style.ts';
import { wrap } from './wrap.ts';

/** Markers that stand for several layouts, each layout with the kernels that write it. */
export function renderReusedMarkers(
  { target, markers }: ReusedMarkersOutput,
  options: RenderOptions,
): string {
  const { chalk, width } = options;
  if (markers.length === 0) return `on ${target}: every marker stands for one layout\n`;
  const lines = markers.flatMap(({ component, marker, guardedBy, layouts }) => [
    `${chalk.bold(marker)}  ${component}${guardedBy ? `, under the marker of ${guardedBy}` : ''}: ${layouts.length} layouts`,
    ...layouts.flatMap(({ releases, sizes }) => {
      const bytes = Object.entries(sizes).map(([name, size]) => `${name} ${size}`);
      return [
        ...wrap(releases.join(', '), width, '  '),
        ...wrap(chalk.dim(bytes.join(', ')), width, '      '),
      ];
    }),
  ]);
  return `${lines.join('\n')}\n`;
}
