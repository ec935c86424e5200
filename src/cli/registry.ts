import type { CommandDefinition } from './command.ts';

/** Every command, sorted by name; a command's module is loaded when it runs. */
export const COMMANDS: readonly {
  name: string;
  summary: string;
  load(): Promise<{ command: CommandDefinition }>;
}[] = [
  {
    name: 'capture',
    summary: "write a kernel's capture document",
    load: () => import('./commands/capture.ts'),
  },
  {
    name: 'catalog',
    summary: 'build, import, verify, describe or export the catalog',
    load: () => import('./commands/catalog.ts'),
  },
  { name: 'check', summary: 'the verdict of a pair, and why', load: () => import('./commands/check.ts') },
  {
    name: 'diff',
    summary: 'every difference of a pair, rule by rule',
    load: () => import('./commands/diff.ts'),
  },
  {
    name: 'explain',
    summary: 'what a rule, verdict, effect, component or error means',
    load: () => import('./commands/explain.ts'),
  },
  { name: 'list', summary: 'the kernels that are known', load: () => import('./commands/list.ts') },
  { name: 'matrix', summary: 'the verdicts of many pairs', load: () => import('./commands/matrix.ts') },
  {
    name: 'rules',
    summary: 'the rules by which kernels are compared',
    load: () => import('./commands/rules.ts'),
  },
  { name: 'show', summary: 'what one kernel writes and reads', load: () => import('./commands/show.ts') },
];
