import type { PlanGroup, PlanObstacle, PlanOutput, UnknownRelease } from '../model/fleet.ts';
import { conditionLines } from './condition-lines.ts';
import { decisionText } from './pair-blocks.ts';
import { releaseRanges } from './release-ranges.ts';
import { renderStep } from './route-terminal.ts';
import type { RenderOptions } from './style.ts';
import { signOf } from './style.ts';
import { wrap } from './wrap.ts';

const HOSTS_SHOWN = 4;
const UNKNOWN_SHOWN = 20;

/** The machines in groups, those that must be rebooted first, each with its hops or with what forbids them. */
export function renderPlan(plan: PlanOutput, options: RenderOptions): string {
  const { to, hosts, groups, unknown, rollback, maxHops } = plan;
  const limits = [
    ...(rollback ? ['every hop can be undone'] : []),
    ...(maxHops === null ? [] : [`at most ${countText(maxHops, 'hop')}`]),
  ];
  const { total, done, liveUpdate, reboot } = hosts;
  const head = `${options.chalk.bold(`${countText(total, 'machine')} -> ${to}`)}${limits.map((text) => `, ${text}`).join('')}`;
  const lines = [
    head,
    `  ${liveUpdate} by live update, ${reboot} to be rebooted, ${done} done, ${hosts.unknown} not known`,
    ...groups.flatMap((group) => renderGroup(group, plan, options)),
    ...renderUnknown(unknown, options),
  ];
  return `${lines.join('\n')}\n`;
}

const WAYS: Record<PlanGroup['way'], string> = {
  unknown: 'whether live updates work is not known',
  reboot: 'reboot: no way by live updates',
  'live-update': 'live update',
  done: 'done',
};

function renderGroup(group: PlanGroup, { releases, to }: PlanOutput, options: RenderOptions): string[] {
  const { chalk, width } = options;
  const { way, profiles, target, hosts, hops, why } = group;
  const from = releaseRanges(group.releases, releases);
  const title = `${countText(hosts.length, 'machine')}, ${profiles.join(' and ')} on ${target}: ${WAYS[way]}`;
  const steps = hops.flatMap((step, at) => {
    const before = hops[at - 1]?.incoming ?? from;
    return renderStep(`${before} -> ${step.incoming}`, step, { releases, options });
  });
  return [
    '',
    `  ${chalk.bold(title)}`,
    ...wrap(`run ${from}`, width, '    '),
    ...wrap(`machines: ${nameHosts(hosts)}`, width, '    '),
    ...steps,
    ...(why ? renderObstacle(why, to, options) : []),
  ];
}

function renderObstacle(
  { direct, goalTargets = [], idle, farthest, shortest }: PlanObstacle,
  to: string,
  options: RenderOptions,
): string[] {
  if (idle !== undefined) return wrap(`each ${idle}`, options.width, '    ');
  if (!direct) {
    const words = `${to} was captured for ${goalTargets.join(', ')} only: nothing is carried to another target`;
    return wrap(words, options.width, '    ');
  }
  const sign = signOf(direct.verdict, direct.effect);
  const back = direct.isRollback ? 'back from' : 'straight to';
  const end =
    shortest === null
      ? `live updates lead ${farthest === null ? 'nowhere' : `as far as ${farthest}`}`
      : `the shortest way has ${countText(shortest, 'hop')}`;
  return [
    `    ${sign.paint(options.chalk, ` ${sign.mark} `)} ${back} ${to}: ${decisionText(direct, options.chalk)}`,
    ...conditionLines(direct.conditions, '        ', options),
    `        ${end}`,
  ];
}

function renderUnknown(unknown: readonly UnknownRelease[], { chalk, width }: RenderOptions): string[] {
  if (unknown.length === 0) return [];
  const rest = unknown.slice(UNKNOWN_SHOWN);
  const left = rest.reduce((sum, { hosts }) => sum + hosts.length, 0);
  return [
    '',
    `  ${chalk.bold('not planned, for their release is not known')}`,
    ...unknown.slice(0, UNKNOWN_SHOWN).flatMap(({ release, hosts, nearest }) => {
      const near = nearest.length > 0 ? `; nearest: ${nearest.join(', ')}` : '';
      const name = release === '' ? 'no release given' : release;
      return wrap(
        `${name}: ${countText(hosts.length, 'machine')} (${nameHosts(hosts)})${near}`,
        width,
        '    ',
      );
    }),
    ...(rest.length > 0
      ? [`    and ${countText(rest.length, 'release')} more on ${countText(left, 'machine')}`]
      : []),
  ];
}

function nameHosts(hosts: readonly string[]): string {
  const rest = hosts.length - HOSTS_SHOWN;
  return `${hosts.slice(0, HOSTS_SHOWN).join(', ')}${rest > 0 ? `, and ${rest} more` : ''}`;
}

function countText(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
