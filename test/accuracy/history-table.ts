import type { Truth } from '../history/generated-history.ts';
import { COMMIT_KINDS } from '../history/generated-history.ts';

const BEGIN = '## Commits of a generated history';

/** The page with the section about the history of test/history/generated.test.ts in its place, the last one. */
export function withHistorySection(page: string, truths: readonly Truth[], wrong: number): string {
  return `${withoutHistorySection(page).trimEnd()}\n\n${sectionOf(truths, wrong).join('\n')}\n`;
}

/** The page without that section: what the mutations alone give. */
export function withoutHistorySection(page: string): string {
  const at = page.indexOf(`\n${BEGIN}`);
  return at < 0 ? page : page.slice(0, at);
}

/** The section, with its blank line in front; empty where the page has none. */
export function historySectionOf(page: string): string {
  const at = page.indexOf(`\n${BEGIN}`);
  return at < 0 ? '' : page.slice(at);
}

function sectionOf(truths: readonly Truth[], wrong: number): string[] {
  const rows = COMMIT_KINDS.map((kind) => {
    const count = truths.filter((truth) => truth.kind === kind).length;
    return `| ${kind} | ${count} | ${EXPECTED[kind]} |`;
  });
  return [
    BEGIN,
    '',
    'How often is `audit` right about a commit? `test/history/` writes a git history from the declarations of',
    '`test/accuracy/`: each commit changes data with or without a raise of the marker, or nothing of account, or mends what',
    'an earlier one broke before the next release. What is right follows from how the commit was made. A commit counts as',
    'right when all findings, their levels, their components and the raised marker are.',
    '',
    '| kind | commits | what must be said |',
    '| --- | --: | --- |',
    ...rows,
    `| **all** | ${truths.length} | right: ${truths.length - wrong}, wrong: ${wrong} |`,
    '',
    'Generated: `UPDATE_GOLDEN=1 node --import tsx --test test/history/generated.test.ts`.',
  ];
}

const EXPECTED = {
  cosmetic: 'nothing',
  'mended later': '`marker-not-bumped`, a warning that names the commit that mends it',
  mends: 'a note that names the commit that it mends',
  'not raised': '`marker-not-bumped`, an error',
  raised: 'what changed, and no finding',
} as const;
