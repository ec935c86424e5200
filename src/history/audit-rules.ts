import type { Level } from '../model/finding.ts';

/** A rule that only an audit has: a pair of kernels alone does not show what it looks for. */
export interface AuditRule {
  id: string;
  level: Level;
  /** One sentence. */
  summary: string;
  /** Why it matters. */
  why: string;
  example: string;
  /** What to do. */
  advice: string;
}

/** All of them, sorted by id. */
export const AUDIT_RULES: readonly AuditRule[] = [
  {
    id: 'condition-unguarded',
    level: 'warning',
    summary: 'The data reads the same only under a condition, and the marker was not raised.',
    why: 'Nothing in the kernel asks whether the condition holds: where it does not, a value is cut, or bytes that nobody wrote are taken for one.',
    example:
      'A patch makes `u32 count` of `u64 count` in front of padding: counts up to 4294967295 read the same, larger ones are cut.',
    advice:
      'Make sure that the condition holds in every kernel that is out there, and say so in the commit, or raise the marker.',
  },
  {
    id: 'config-dependent',
    level: 'error',
    summary: 'A declaration of handed-over data came to depend on an option of the configuration.',
    why: 'Two builds of one kernel, or of two that agree on the marker, then lay the data out differently and accept each other. It is an error where the marker was not raised; a marker that was raised still says the same in both builds, so it stays a warning.',
    example: 'A patch puts `u32 node` of `struct demo_ser` between `#ifdef CONFIG_NUMA` and `#endif`.',
    advice:
      'Declare the member without the option and leave it zero where the option is off, or give each of the two layouts a marker of its own.',
  },
  {
    id: 'marker-value-taken',
    level: 'warning',
    summary: 'The marker was raised to a value that already names another layout in some known kernel.',
    why: 'Two kernels that agree on the marker and disagree on what it names accept each other and read wrong values. It happens where two branches raise one marker, each for a change of its own.',
    example:
      'A branch makes `demo-v2` of `demo-v1` for a new member, while a release out there has `demo-v2` with another one.',
    advice:
      'Raise it to the next free value, which the finding names, before either of them is released. Looked at are the known kernels, the newest tags and the newest branches of the repository: what stands in none of these is not seen.',
  },
  {
    id: 'uncovered-caller',
    level: 'error',
    summary:
      'Code that hands something over or takes it, and that no component covers, is new, changed, or gone.',
    why: 'What it hands over is not judged: across this change a pair of kernels is unknown for memory. A note where what is inferred of the code reads the same before and after; a warning where a clone lacks files that changed, so that nobody could look. Of a commit only the files that it changes are searched.',
    example:
      'A patch adds `kho_add_subtree("demo_pages", tree, size)` to drivers/demo/demo.c, or changes another line of that file.',
    advice: 'Describe it as a component: docs/adding-a-component.md.',
  },
  {
    id: 'uncovered-declaration',
    level: 'warning',
    summary:
      'A struct or marker was declared among the handed-over data, and luo-abi does not know what guards it.',
    why: 'Its changes go unseen until a component covers it: neither an audit nor a check of two kernels compares it.',
    example: 'A patch adds a header with `struct demo_ser` to `include/linux/kho/abi/`.',
    advice: 'Say which marker guards it: docs/adding-a-component.md.',
  },
];

/** The page of a rule, in the form of those in `docs/rules`. */
export function auditRulePage({ id, level, summary, why, example, advice }: AuditRule): string {
  const head = [`# ${id}`, `A rule of the audit itself. Level: \`${level}\`.`, summary];
  const rest = ['## Why it matters', why, '## Example', example, '## What to do', advice];
  return `${[...head, ...rest].join('\n\n')}\n`;
}
