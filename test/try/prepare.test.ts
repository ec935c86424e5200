import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { BootableKernel } from '../../src/ask/trials/bootable.ts';
import { TrialRecords } from '../../src/ask/trials/records.ts';
import { trialSettings } from '../../src/ask/trials/request.ts';
import type { PreparedTrial, TrialAnswer } from '../../src/ask/trials/trying.ts';
import { prepareTrial } from '../../src/ask/trials/trying.ts';
import type { Catalog } from '../../src/catalog/catalog.ts';
import type { ToolError } from '../../src/errors.ts';
import type { PayloadDocument } from '../../src/model/payload.ts';
import type { Target } from '../../src/model/target.ts';
import type { Observation } from '../../src/model/try.ts';
import { machineOf } from '../../src/try/machine.ts';
import { kernelOf } from '../../src/verdict/kernel.ts';
import { documentOf, profileNamed } from '../support/shipped.ts';

// What is decided before a kernel is booted, and what of a trial is written down after it.

const folder = mkdtempSync(join(tmpdir(), 'luo-abi-prepare-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function image(release: string, target: Target = 'x86_64-4k'): BootableKernel {
  const sha256 = createHash('sha256').update(release).digest('hex');
  const kernel = kernelOf(documentOf(release));
  return {
    name: release,
    image: Buffer.from(release),
    sha256,
    target,
    options: undefined,
    uname: release,
    kernel,
  };
}

const settings = { timeout: 30, memory: 1024, accelerator: 'tcg', parameters: '' } as const;

function prepared(kernels: readonly BootableKernel[], payload?: PayloadDocument): PreparedTrial {
  const judging = {
    errata: [],
    reviews: [],
    erratumApplies: () => false,
    kernelNamed: (release: string) => kernelOf(documentOf(release)),
  };
  return prepareTrial({ kernels, profile: profileNamed('memfd'), settings, payload, judging });
}

const withFile = (size: number, regions: PayloadDocument['regions'] = []): PayloadDocument => ({
  $schema: 'payload.schema.json',
  schemaVersion: 1,
  sessions: [{ name: 'vm', files: [{ token: '1', size }] }],
  regions,
});

const REFUSED: readonly [what: string, code: string, says: RegExp, make: () => unknown][] = [
  [
    'kernels of two targets',
    'TARGET_UNKNOWN',
    /7\.2\.12 is built for x86_64-4k, and 7\.3\.4 for arm64-4k/,
    () => prepared([image('7.2.12'), image('7.3.4', 'arm64-4k')]),
  ],
  [
    'a file larger than the machine',
    'USAGE',
    /1024 MiB in a machine of 1024 MiB.*`memory`/,
    () => prepared([image('7.2.12'), image('7.3.4')], withFile(1 << 30)),
  ],
  [
    'a region larger than the machine',
    'USAGE',
    /`memory`/,
    () => prepared([image('7.2.12'), image('7.3.4')], withFile(1, [{ name: 'r', size: 2 ** 31 }])),
  ],
  [
    'more regions than a kernel keeps',
    'DOCUMENT_INVALID',
    /9 regions, and kernels keep 8/,
    () => {
      const regions = Array.from({ length: 9 }, (_, at) => ({ name: `r${at}`, size: 4096 }));
      return prepared([image('7.2.12'), image('7.3.4')], withFile(1, regions));
    },
  ],
];

for (const [what, code, says, make] of REFUSED) {
  test(`${what}: ${code} before anything is booted`, () => {
    assert.throws(make, (error: ToolError) => error.code === code && says.test(error.message));
  });
}

test('a machine has room for the copies of a large image, unless its memory is named', () => {
  const machine = machineOf('x86_64-4k');
  const memory = (carried: number, named?: number): number => {
    const { memory: given } = trialSettings(
      { memory: named, accelerator: 'tcg' },
      machine,
      profileNamed('memory'),
      carried * 2 ** 20,
    );
    return given;
  };
  assert.deepEqual([memory(2.7), memory(12), memory(12, 256)], [384, 448, 256]);
});

test('two runs of one pair leave one record in a folder of ones own, though a crash names other addresses', () => {
  const trial = prepared([image('7.2.12'), image('7.3.4')], withFile(4096));
  const [outgoing, incoming] = trial.kernels;
  assert.ok(outgoing && incoming);
  const answer = (line: string): TrialAnswer => {
    const observed: Observation = {
      outcome: 'corruption',
      line,
      seen: 'it crashed',
      missing: [],
      notes: [],
      lastLines: [],
    };
    return {
      profile: 'memfd',
      target: trial.target,
      steps: [
        {
          outgoing,
          incoming,
          predicted: { verdict: 'compatible', effect: null },
          observed,
          agreement: 'disagrees',
        },
      ],
      payload: trial.payload,
      emulator: { version: 'qemu 7.2', accelerator: 'tcg', memory: '1024 MiB' },
      recorded: [],
      console: '',
    };
  };
  const catalog = { evidence: () => [], kernel: () => undefined } as unknown as Catalog;
  const records = (): TrialRecords => new TrialRecords({ into: folder }, catalog);
  assert.ok(!records().has(trial, 'memfd'));
  const names = ['0x10', '0x20'].flatMap((address) =>
    records().write(trial, answer(`BUG: at ${address}`), '2026-11-29'),
  );
  assert.equal(names.length, 1);
  assert.deepEqual(readdirSync(folder), names);
  assert.ok(records().has(trial, 'memfd'));
});
