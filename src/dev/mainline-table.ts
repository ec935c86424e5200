import { join } from 'node:path';
import { readVersions } from '../catalog/read-content.ts';
import { computeMatrix, PairJudge } from '../matrix/matrix.ts';
import { isLoss } from '../model/condition.ts';
import type { MatrixPair } from '../model/outputs.ts';
import { PROFILES } from '../model/profile.ts';
import { packageRoot } from '../schema/package-root.ts';
import { appliesTo } from '../verdict/errata.ts';
import { kernelOf } from '../verdict/kernel.ts';

const NAMES = ['memory', 'memfd', 'pci'];

/** Each upstream series and the next one, as a Markdown table of verdicts by profile: what README shows. */
export function mainlineTable(): string {
  const { documents, errata, reviews = [] } = readVersions(join(packageRoot(), 'versions'));
  const kernels = documents.filter(({ vendor }) => vendor === null).map(kernelOf);
  const byRelease = new Map(kernels.map((kernel) => [kernel.release, kernel]));
  const profiles = PROFILES.filter(({ name }) => NAMES.includes(name));
  const matrices = profiles.map((profile) => {
    const input = {
      profile,
      target: 'x86_64-4k' as const,
      errata,
      reviews,
      erratumApplies: appliesTo,
      kernelNamed: (release: string) => byRelease.get(release),
      kernels,
      allReleases: false,
      backward: false,
      only: 'main+1' as const,
    };
    return computeMatrix(input, new PairJudge(kernels, input));
  });
  const pairs = matrices[0]?.pairs ?? [];
  const rows = pairs.map(({ outgoing, incoming }) => {
    const cells = matrices.map(({ pairs: others }) => {
      const pair = others.find((other) => other.outgoing === outgoing && other.incoming === incoming);
      return pair ? cellOf(pair) : '';
    });
    return `| ${outgoing} -> ${incoming} | ${cells.join(' | ')} |`;
  });
  return [`| update | ${NAMES.join(' | ')} |`, `|---|${NAMES.map(() => '---').join('|')}|`, ...rows, ''].join(
    '\n',
  );
}

/** The verdict, and what a pass is lost under. */
function cellOf({ verdict, effect, conditions = [] }: MatrixPair): string {
  if (effect !== null) return `${verdict} (${effect})`;
  return [verdict, ...conditions.filter(isLoss)].join('; ');
}
