import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { captureComponent } from '../../src/capture/component.ts';
import { DeclarationReader } from '../../src/capture/reader.ts';
import { initParser } from '../../src/cdecl/index.ts';
import { withComponents } from '../../src/components/index.ts';
import type { ComponentState } from '../../src/model/component-state.ts';
import { readComponentFile } from '../../src/schema/component-file.ts';
import type { Kernel } from '../../src/verdict/kernel.ts';
import { edited, judge } from '../support/shipped.ts';

// A reader that takes every version from the least that it knows to its own, by macros or by the description that code holds.

before(initParser);

const HEADER = 'include/linux/kho/abi/stream.h';
const CODE = 'kernel/liveupdate/stream.c';
const file = (marker: string): string => `schemaVersion: 1
id: stream
title: Stream
summary: A stream of fields.
anchor: { files: [${HEADER}] }
eras:
  - id: first
    summary: the first
    recognizedBy: [{ files: [${HEADER}], struct: stream_ser }]
    files: [${HEADER}, ${CODE}]
    needs: [kho]
    marker: ${marker}
    structs: { stream_ser: { placement: blob } }
    reader: { onRefused: component-absent }
`;
const BY_MACROS = file(
  '{ kind: integer-range, macro: STREAM_VERSION_ID, minimumMacro: STREAM_MIN_VERSION_ID, carrier: "struct:stream_ser.version" }',
);
const BY_CODE = file(
  '{ kind: integer-range, object: { symbol: stream_fields, member: stream_description.version_id }, carrier: "struct:stream_ser.version" }',
);
const FILE = { name: 'stream.yaml', sha256: '0'.repeat(64) };

function captured(text: string, files: Readonly<Record<string, string>>): ComponentState {
  const definition = readComponentFile(text, 'stream.yaml');
  const all: Record<string, string> = { 'mm/memblock.c': 'int nothing;\n', ...files };
  return withComponents(
    [{ definition, file: FILE }],
    () => captureComponent(definition, new DeclarationReader({ read: (path) => all[path] })).state,
  );
}

const macros = (own: number, least: number): Record<string, string> => ({
  [HEADER]: `#define STREAM_VERSION_ID ${own}\n#define STREAM_MIN_VERSION_ID ${least}\nstruct stream_ser { unsigned int version; unsigned int count; };\n`,
});
const described = (members: string): Record<string, string> => ({
  [HEADER]: '#define STREAM_NEWEST 4\nstruct stream_ser { unsigned int version; unsigned int count; };\n',
  [CODE]: `struct stream_description stream_fields = { .name = "stream", ${members} };\nint f(void) { return stream_fields.id; }\n`,
});

const valuesOf = ({ marker }: ComponentState): unknown[] => [
  marker?.writes,
  ...(marker?.accepts ?? []).map(({ value }) => value),
];

test('macros hold the range', () => {
  assert.deepEqual(valuesOf(captured(BY_MACROS, macros(3, 1))), [3, 1, 2, 3]);
  assert.deepEqual(valuesOf(captured(BY_MACROS, macros(3, 3))), [3, 3]);
  // More than any reader has: the lower ones count as refused.
  assert.equal(captured(BY_MACROS, macros(100_000, 0)).marker?.accepts.length, 256);
});

test('a description in the code holds it; what is left out is 0', () => {
  assert.deepEqual(valuesOf(captured(BY_CODE, described('.version_id = 2, .min_version_id = 1'))), [2, 1, 2]);
  assert.deepEqual(
    valuesOf(captured(BY_CODE, described('.version_id = STREAM_NEWEST, .min_version_id = 3'))),
    [4, 3, 4],
  );
  assert.deepEqual(valuesOf(captured(BY_CODE, described('.version_id = 1'))), [1, 0, 1]);
  const lost = captured(BY_CODE, { [HEADER]: described('')[HEADER] as string });
  assert.deepEqual(valuesOf(lost), [undefined]);
  assert.deepEqual(
    lost.doubts?.map(({ code, subject }) => [code, subject]),
    [['check-not-confirmed', 'stream_fields']],
  );
});

describe('how a description may be written', () => {
  const SHOWN: readonly [members: string, own: number, least: number][] = [
    ['.version_id = 0x10, .min_version_id = 0xf', 16, 15],
    ['.version_id = 010, .min_version_id = 07', 8, 7],
    ['.version_id = 3UL, .min_version_id = 2u', 3, 2],
    ['.version_id = STREAM_NEWEST + 1, .min_version_id = (u32)STREAM_NEWEST', 5, 4],
    ['.version_id = (1 << 2), .min_version_id = (3)', 4, 3],
    ['.version_id = 1, .version_id = 2, .min_version_id = 2', 2, 2],
  ];
  for (const [members, own, least] of SHOWN)
    test(`${members}: from ${least} to ${own}`, () => {
      const [writes, ...accepts] = valuesOf(captured(BY_CODE, described(members)));
      assert.deepEqual([writes, accepts[0], accepts.at(-1)], [own, least, own]);
    });

  const HIDDEN: Readonly<Record<string, string>> = {
    'a value by its place': '.version_id = 2, 1',
    'a macro that sets several': 'VERSIONS(2, 1)',
    'a number below 0': '.version_id = 2, .min_version_id = -1',
    'what only the compiler knows': '.version_id = sizeof(struct stream_ser)',
  };
  for (const [title, members] of Object.entries(HIDDEN))
    test(`${title} is in doubt`, () => {
      const { marker, doubts } = captured(BY_CODE, described(members));
      assert.deepEqual(marker?.accepts, []);
      assert.deepEqual(
        doubts?.map(({ code }) => code),
        ['check-not-confirmed'],
      );
    });

  test('one that an option decides is in doubt with the option', () => {
    const { [CODE]: text = '', ...rest } = described('.version_id = 2');
    const other = text.replace('.version_id = 2', '.version_id = 3');
    const { doubts } = captured(BY_CODE, {
      ...rest,
      [CODE]: `#ifdef CONFIG_X\n${text}#else\n${other}#endif\n`,
    });
    assert.deepEqual(
      doubts?.map(({ code, subject }) => [code, subject]),
      [['config-dependent', 'stream_fields']],
    );
  });

  test('a least above the own version takes nothing, its own neither', () => {
    assert.deepEqual(valuesOf(captured(BY_CODE, described('.version_id = 1, .min_version_id = 3'))), [1]);
  });
});

describe('a pair', () => {
  const kernel = (own: number, least: number, more = ''): Kernel => {
    const files = macros(own, least);
    const state = captured(BY_MACROS, {
      [HEADER]: (files[HEADER] ?? '').replace('unsigned int count;', `unsigned int count; ${more}`),
    });
    return edited('7.3.4', (document) => {
      document.release = `7.3.4+v${own}-${least}`;
      document.components.stream = { ...state, available: 'buildable', definition: FILE };
    });
  };
  type Sides = readonly [outgoing: Kernel, incoming: Kernel, verdict: string];
  const ROWS: Readonly<Record<string, () => Sides>> = {
    'the own version': () => [kernel(3, 1), kernel(3, 1), 'compatible'],
    'an older one that is still read': () => [kernel(1, 1), kernel(3, 1), 'compatible-with-notes'],
    'an older one that is not': () => [kernel(1, 1), kernel(3, 2), 'refused'],
    'a newer one': () => [kernel(3, 1), kernel(2, 1), 'refused'],
    'ranges that touch, towards the newer': () => [kernel(3, 1), kernel(5, 3), 'compatible-with-notes'],
    'ranges that touch, towards the older': () => [kernel(5, 3), kernel(3, 1), 'refused'],
    'ranges apart, towards the newer': () => [kernel(2, 1), kernel(5, 3), 'refused'],
    'ranges apart, towards the older': () => [kernel(5, 3), kernel(2, 1), 'refused'],
    'a least above its own': () => [kernel(1, 3), kernel(1, 3), 'refused'],
    'an older one of another layout': () => [kernel(2, 1), kernel(3, 1, 'unsigned long more;'), 'misread'],
  };
  for (const [title, sides] of Object.entries(ROWS))
    test(title, () => {
      const [outgoing, incoming, verdict] = sides();
      assert.equal(judge({ outgoing, incoming, profile: 'memory' }).verdict, verdict);
    });
});
