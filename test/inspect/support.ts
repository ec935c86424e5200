import { readFileSync } from 'node:fs';
import type { ComponentJudge } from '../../src/inspect/acceptance.ts';
import type { Blob } from '../../src/inspect/blob.ts';
import { openBlob } from '../../src/inspect/blob.ts';
import { componentAnswer } from '../../src/inspect/component-answer.ts';
import { inspect } from '../../src/inspect/inspect.ts';
import type { Known } from '../../src/inspect/known.ts';
import { gatherKnown } from '../../src/inspect/known.ts';
import type { InspectedBlob, InspectedValue, InspectOutput } from '../../src/model/inspect.ts';
import { compareReleases } from '../../src/model/release-name.ts';
import type { Kernel } from '../../src/verdict/kernel.ts';
import { kernelOf } from '../../src/verdict/kernel.ts';
import { judgeAlone } from '../../src/verdict/pair.ts';
import { profileNamed, shipped } from '../support/shipped.ts';

const TARGET = 'x86_64-4k';

const byName = new Map(
  [...shipped().documents]
    .sort((a, b) => compareReleases(a.release, b.release))
    .map((document) => [document.release, kernelOf(document)]),
);

const upstream = new Set(
  shipped()
    .documents.filter(({ vendor }) => vendor === null)
    .map(({ release }) => release),
);

/** All shipped kernels of upstream. */
export const KNOWN: Known = gatherKnown(
  [...byName.values()].filter(({ release }) => upstream.has(release)),
  { upstream, target: TARGET },
);

export function kernel(release: string): Kernel {
  const found = byName.get(release);
  if (!found) throw new Error(`versions/ has no ${release}`);
  return found;
}

/** A blob of test/fixtures/fdt. */
export function fixture(name: string, path = name): Blob {
  return openBlob(path, readFileSync(new URL(`../fixtures/fdt/${name}.dtb`, import.meta.url)));
}

/** Where, how wide, what. */
export type Field = readonly [
  offset: number,
  bits: 8 | 16 | 32 | 64 | 'text',
  value: bigint | number | string,
];

/** Bytes with integers, little endian, and texts at offsets that the caller states. */
export function blobOf(path: string, size: number, fields: readonly Field[]): Blob {
  const bytes = Buffer.alloc(size);
  for (const [offset, bits, value] of fields) {
    if (bits === 'text') bytes.write(String(value), offset, 'latin1');
    else if (bits === 64) bytes.writeBigUInt64LE(BigInt(value), offset);
    else bytes.writeUIntLE(Number(value), offset, bits / 8);
  }
  return openBlob(path, bytes);
}

function judgeFor(incoming: Kernel): ComponentJudge {
  return (outgoing, id) => {
    const input = { outgoing, incoming, target: TARGET, profile: profileNamed('memory') } as const;
    return componentAnswer(judgeAlone({ input, id }));
  };
}

export interface LookRequest {
  component?: string;
  release?: Kernel | string;
  for?: Kernel | string;
  known?: Known;
}

export function look(
  blobs: Blob | readonly Blob[],
  { component, release, known = KNOWN, ...rest }: LookRequest = {},
): InspectOutput {
  const kernelOrNamed = (named: Kernel | string): Kernel =>
    typeof named === 'string' ? kernel(named) : named;
  const incoming = rest.for === undefined ? undefined : kernelOrNamed(rest.for);
  return inspect({
    blobs: 'bytes' in blobs ? [blobs] : blobs,
    known,
    component,
    writer: release === undefined ? undefined : kernelOrNamed(release),
    reader: incoming && { kernel: incoming, judge: judgeFor(incoming) },
  });
}

/** The only blob of an answer. */
export function only({ blobs }: InspectOutput): InspectedBlob {
  const [blob, other] = blobs;
  if (!blob || other) throw new Error(`${blobs.length} blobs`);
  return blob;
}

/** Values by dotted path: `[0].folios.phys`. */
export function flat(values: readonly InspectedValue[] = [], prefix = ''): Map<string, InspectedValue> {
  const found = new Map<string, InspectedValue>();
  for (const value of values) {
    found.set(prefix + value.name, value);
    for (const [path, inner] of flat(value.members, `${prefix}${value.name}.`)) found.set(path, inner);
  }
  return found;
}
