import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Chalk } from 'chalk';
import type { MatrixPair, ProfileMatrix } from '../../src/model/outputs.ts';
import { renderFailures, renderOff } from '../../src/report/matrix-failures.ts';
import { renderMatrix } from '../../src/report/matrix-terminal.ts';
import { tableOver, unitsOf } from '../support/pair-table.ts';

const options = { chalk: new Chalk({ level: 0 }), width: 80 };

type PairFacts = Partial<MatrixPair> & Pick<MatrixPair, 'incoming' | 'outgoing'>;

function misread({ outgoing, incoming, ...rest }: PairFacts): MatrixPair {
  return {
    outgoing,
    incoming,
    class: [],
    verdict: 'misread',
    effect: 'corruption',
    decidedBy: { component: 'pci', rule: 'marker-not-bumped', subject: 'pci_ser' },
    marker: 'pci-v1',
    ...rest,
  };
}

function failures(list: readonly MatrixPair[]): string[] {
  const { pairs, releases } = unitsOf(list);
  return renderFailures(pairs, releases, options);
}

test('kernels that fail alike stand in one line, misreads before panics, those with a marker first', () => {
  const panic = { verdict: 'refused', effect: 'boot-panic', marker: 'pci 1' } as const;
  const pairs = [
    misread({ outgoing: '6.1+p', incoming: '6.1+a', ...panic }),
    misread({ outgoing: '6.1+x', incoming: '6.1+y', marker: 'no marker' }),
    misread({ outgoing: '6.1+a', incoming: '6.1+c' }),
    misread({ outgoing: '6.1+a', incoming: '6.1+d' }),
    misread({ outgoing: '6.1+b', incoming: '6.1+c' }),
    misread({ outgoing: '6.1+b', incoming: '6.1+d' }),
    misread({ outgoing: '6.1+q', incoming: '6.1+a', verdict: 'refused', effect: 'state-dropped' }),
  ];
  assert.deepEqual(failures(pairs), [
    '  5 misread: accepted and read wrongly',
    '     X  6.1+a, 6.1+b -> 6.1+c, 6.1+d',
    '          pci (pci-v1): pci_ser',
    '     X  6.1+x -> 6.1+y',
    '          pci (no marker): pci_ser',
    '  1 refused with a panic of the incoming kernel',
    '     P  6.1+p -> 6.1+a',
    '          pci (pci 1): pci_ser',
  ]);
});

test('twenty lines are shown, the pairs behind them are counted', () => {
  const pairs = Array.from({ length: 25 }, (_, index) =>
    misread({ outgoing: `6.1+a${index}`, incoming: `6.1+b${index}` }),
  );
  const lines = failures(pairs);
  assert.equal(lines[0], '  25 misread: accepted and read wrongly');
  assert.equal(lines.at(-1), '    and 5 more');
  assert.equal(lines.length, 1 + 20 * 2 + 1);
});

test('nothing fails, nothing is listed', () => {
  assert.deepEqual(failures([]), []);
});

test('a grouped grid has a line before each group and a bar after the columns of one', () => {
  const same = { verdict: 'compatible', effect: null, decidedBy: null } as const;
  const releases = ['6.19.11+one', '6.19.11+two', '7.1.13+three'];
  const pairs = releases.flatMap((outgoing) =>
    releases.map((incoming) => misread({ outgoing, incoming, ...(outgoing === incoming && same) })),
  );
  const matrix: ProfileMatrix = {
    profile: 'pci',
    target: 'x86_64-4k',
    releases,
    groups: [
      { series: '6.19', component: 'pci', marker: 'pci-v1', releases: releases.slice(0, 2) },
      { series: '7.1', component: 'pci', marker: 'pci-v1', releases: releases.slice(2) },
    ],
    pairs,
    classes: {},
  };
  assert.deepEqual(renderMatrix(tableOver(matrix), options).split('\n').slice(0, 8), [
    'pci on x86_64-4k',
    '                    1  2  3',
    '  6.19, pci: pci-v1',
    '    1 6.19.11+one   =  X| X',
    '    2 6.19.11+two   X  =| X',
    '  7.1, pci: pci-v1',
    '    3 7.1.13+three  X  X| =',
    '  6 misread: accepted and read wrongly',
  ]);
});

test('kernels that have an option off are told with the option', () => {
  const off = { component: 'kho', rule: 'config-disabled', subject: 'CONFIG_KEXEC_HANDOVER' };
  const pair = (outgoing: string, decidedBy: MatrixPair['decidedBy']): MatrixPair => ({
    outgoing,
    incoming: '7.3.4',
    class: [],
    verdict: 'unsupported',
    effect: null,
    decidedBy,
  });
  const pairs = [pair('7.2.12+deb13', off), pair('7.3.4+deb13', off), pair('6.18.5', null)];
  const units = unitsOf(pairs);
  assert.deepEqual(renderOff(units.pairs, units.releases, { ...options, width: 100 }), [
    '  unsupported, since CONFIG_KEXEC_HANDOVER is not set: 7.2.12+deb13, 7.3.4+deb13',
  ]);
});
