import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Chalk } from 'chalk';
import fc from 'fast-check';
import { openBlob } from '../../src/inspect/blob.ts';
import { renderInspect } from '../../src/report/inspect-terminal.ts';
import { validate } from '../../src/schema/validate.ts';
import { damaged, endsWell, propertyRuns } from '../formats/property.ts';
import { blobOf, look } from './support.ts';

// Whatever the bytes are: a value or an error of the input's, output that holds to its schema, nothing but printable ASCII on
// the terminal.

const RENDER = { chalk: new Chalk({ level: 0 }), width: 100 };

const LUO = blobOf('LUO', 32, [
  [0, 'text', 'luo-v5'],
  [8, 64, 1],
]).bytes;
const METADATA = blobOf('kexec-metadata', 73, [
  [0, 32, 1],
  [4, 'text', '7.2.12'],
]).bytes;
const TREES = ['kho-v1', 'kho-v4', 'luo-6.19', 'luo-7.1', 'memblock'].map((name) =>
  readFileSync(new URL(`../fixtures/fdt/${name}.dtb`, import.meta.url)),
);

function inspectAll(bytes: Uint8Array, name: string, component?: string): void {
  const blob = openBlob(name, bytes);
  const output = look(blob, { for: '7.3.4', ...(component !== undefined && { component }) });
  validate('inspect', output, 'inspect');
  const text = renderInspect(output, RENDER);
  assert.match(text, /^[\n\x20-\x7e…]*$/);
  assert.ok(['accepted', 'misread', 'refused', 'unknown'].includes(output.acceptance?.verdict ?? ''));
}

test('cut and flipped blobs end well', async () => {
  const names = fc.constantFrom('fdt', 'LUO', 'memblock', 'kexec-metadata', 'x');
  const bytes = fc.oneof(...[LUO, METADATA, ...TREES].map((blob) => damaged(blob)));
  await fc.assert(
    fc.asyncProperty(bytes, names, (blob, name) => endsWell(async () => inspectAll(blob, name))),
    propertyRuns('damaged blobs', 1000),
  );
});

test('any bytes end well, as whatever they are named', async () => {
  const components = fc.constantFrom(
    undefined,
    'luo',
    'kho',
    'memfd',
    'kho.kho_radix_node',
    'kho.khoser_mem_chunk',
    'luo-flb.luo_flb_header_ser',
    'luo-session.luo_session_ser',
    'kho-block.kho_block_header_ser+luo-session.luo_file_ser',
  );
  const bytes = fc.uint8Array({ maxLength: 400, size: 'max' });
  await fc.assert(
    fc.asyncProperty(bytes, components, fc.constantFrom('LUO', 'x'), (blob, component, name) =>
      endsWell(async () => inspectAll(blob, name, component)),
    ),
    propertyRuns('any bytes', 1000),
  );
});

test('names and strings out of a file cannot steer the terminal', () => {
  const bytes = blobOf('LUO', 32, [
    [0, 'text', 'luo-v5\u001b'],
    [7, 8, 0x9b],
  ]).bytes;
  inspectAll(bytes, 'LUO\u001b[2J');
  inspectAll(Buffer.from(bytes), 'x\u202e');
});
