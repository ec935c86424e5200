import type { CommandDefinition } from './command.ts';

/** Every command, sorted by name; a command's module is loaded when it runs. */
export const COMMANDS: readonly {
  name: string;
  summary: string;
  load(): Promise<{ command: CommandDefinition }>;
}[] = [
  {
    name: 'audit',
    summary: 'commit by commit or patch by patch: was the marker raised',
    load: () => import('./commands/audit.ts'),
  },
  {
    name: 'blame',
    summary: 'the commits that changed a struct, constant or marker',
    load: () => import('./commands/blame.ts'),
  },
  {
    name: 'build-kernel',
    summary: 'a small kernel with KHO and LUO, for trials',
    load: () => import('./commands/build-kernel.ts'),
  },
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
    name: 'completion',
    summary: 'a script that completes commands, options and releases in a shell',
    load: () => import('./commands/completion.ts'),
  },
  {
    name: 'component',
    summary: 'components of your own: propose one from a tree, check one against it',
    load: () => import('./commands/component.ts'),
  },
  {
    name: 'diff',
    summary: 'every difference of a pair, rule by rule',
    load: () => import('./commands/diff.ts'),
  },
  {
    name: 'evidence',
    summary: 'what was tested: add, import, list, settle',
    load: () => import('./commands/evidence.ts'),
  },
  {
    name: 'explain',
    summary: 'what a rule, verdict, effect, component or error means',
    load: () => import('./commands/explain.ts'),
  },
  {
    name: 'first-bad',
    summary: 'the commit that made a pair unsafe',
    load: () => import('./commands/first-bad.ts'),
  },
  {
    name: 'gate',
    summary: 'the check that fails a build',
    load: () => import('./commands/gate.ts'),
  },
  {
    name: 'inspect',
    summary: 'decode what a kernel hands over, and say who would accept it',
    load: () => import('./commands/inspect.ts'),
  },
  { name: 'list', summary: 'the kernels that are known', load: () => import('./commands/list.ts') },
  {
    name: 'man',
    summary: 'the manual page of all commands, in roff',
    load: () => import('./commands/man.ts'),
  },
  { name: 'matrix', summary: 'the verdicts of many pairs', load: () => import('./commands/matrix.ts') },
  {
    name: 'overview',
    summary: 'the first look: each upstream series to the next, and how to go on',
    load: () => import('./commands/overview.ts'),
  },
  {
    name: 'pairs',
    summary: 'the safe, refused and misread pairs, with their counts',
    load: () => import('./commands/pairs.ts'),
  },
  {
    name: 'plan',
    summary: 'how the machines of a fleet come to a kernel, and which must be rebooted',
    load: () => import('./commands/plan.ts'),
  },
  {
    name: 'preflight',
    summary: 'on a host: the running kernel against the staged one',
    load: () => import('./commands/preflight.ts'),
  },
  {
    name: 'reach',
    summary: 'what can be reached from a kernel, and from where one can go back',
    load: () => import('./commands/reach.ts'),
  },
  {
    name: 'report',
    summary: 'the page with the matrix, and the same as files',
    load: () => import('./commands/report.ts'),
  },
  {
    name: 'route',
    summary: 'the live updates that lead from one kernel to another',
    load: () => import('./commands/route.ts'),
  },
  {
    name: 'rules',
    summary: 'the rules by which kernels are compared',
    load: () => import('./commands/rules.ts'),
  },
  {
    name: 'serve',
    summary: 'the page and a read-only HTTP API on this machine',
    load: () => import('./commands/serve.ts'),
  },
  {
    name: 'shim',
    summary: 'the C code by which one kernel reads what another wrote',
    load: () => import('./commands/shim.ts'),
  },
  { name: 'show', summary: 'what one kernel writes and reads', load: () => import('./commands/show.ts') },
  {
    name: 'try',
    summary: 'really make the live update in an emulated machine, and hold it against the prediction',
    load: () => import('./commands/try.ts'),
  },
  {
    name: 'window',
    summary: 'what each kernel must still read, and what it may drop',
    load: () => import('./commands/window.ts'),
  },
];
