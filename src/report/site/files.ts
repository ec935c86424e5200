import { byCodeUnit } from '../../model/canonical.ts';
import { renderPairClasses } from './classes.ts';
import { renderFindings } from './findings.ts';
import { matrixCsv, matrixName, renderMatrixJson, renderMatrixMarkdown } from './matrix-files.ts';
import { renderPage } from './page-html.ts';
import { renderRulesPage } from './rules.ts';
import type { SiteData } from './site-data.ts';
import { renderMatrixSvg, renderTimeline } from './svg.ts';

/** A file of a report: its name, and its text, which is made when it is asked for. */
export type SiteFile = readonly [name: string, text: () => string];

/** Every file of a report, sorted by name. Pure: the same data and template give the same bytes. */
export function siteFiles(data: SiteData, template: string): SiteFile[] {
  const matrices = data.matrices.flatMap((matrix): SiteFile[] => [
    matrixCsv(matrix),
    [`${matrixName(matrix)}.json`, () => renderMatrixJson(matrix)],
    [`${matrixName(matrix)}.md`, () => renderMatrixMarkdown(matrix)],
    [`${matrixName(matrix)}.svg`, () => renderMatrixSvg(matrix)],
  ]);
  const files: SiteFile[] = [
    ...matrices,
    ['classes.md', () => renderPairClasses(data)],
    ['findings.md', () => renderFindings(data)],
    ['index.html', () => renderPage(data.page, template)],
    ['rules.md', () => renderRulesPage(data.page.rules)],
    ['timeline.svg', () => renderTimeline(data.timeline)],
  ];
  return files.sort(([a], [b]) => byCodeUnit(a, b));
}
