import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { captureEvidence } from '../../src/capture/from-source.ts';
import { DeclarationReader } from '../../src/capture/reader.ts';
import { captureUapi } from '../../src/capture/uapi.ts';
import { initParser } from '../../src/cdecl/index.ts';
import { diffUapi } from '../../src/diff/uapi.ts';
import type { ShownUapi } from '../../src/model/uapi.ts';
import { ioctlText, uapiOf } from '../../src/model/uapi.ts';

before(initParser);

const HEADER_PATH = 'include/uapi/linux/liveupdate.h';
const WITNESS = 'include/uapi/linux/kexec.h';

/** The numbers are those of the asm-generic form: two bits of direction, 14 of size, 8 of type, 8 of number. */
const IOCTL_H = `#define _IOC(dir, type, nr, size) (((dir) << 30) | ((type) << 8) | ((nr) << 0) | ((size) << 16))
#define _IO(type, nr) _IOC(0U, (type), (nr), 0)
#define _IOR(type, nr, size) _IOC(2U, (type), (nr), sizeof(size))
#define _IOWR(type, nr, size) _IOC(2U | 1U, (type), (nr), sizeof(size))
`;

const HEADER = `#ifndef LIVE_H
#define LIVE_H
#include <linux/ioctl.h>
#include <linux/types.h>
#define LIVE_TYPE 0xBA
#define LIVE_NAME_LENGTH 64
#define LIVE_KEEP (1 << 3)
#define LIVE_TEXT "live"
enum { LIVE_BASE = 0x40, LIVE_NR_STOP = LIVE_BASE, LIVE_NR_ASK, LIVE_NR_OLD };
#define LIVE_CALL(nr, type) _IOWR(LIVE_TYPE, nr, type)
struct live_stop { __u32 size; __u32 reserved; };
struct live_question { __u32 size; __s32 fd; __aligned_u64 token; __u8 name[LIVE_NAME_LENGTH]; };
#define LIVE_STOP _IO(LIVE_TYPE, LIVE_NR_STOP)
#define LIVE_ASK LIVE_CALL(LIVE_NR_ASK, struct live_question)
#define LIVE_OLD _IOR(LIVE_TYPE, LIVE_NR_OLD, __u64)
#endif
`;

const FILES = {
  [HEADER_PATH]: HEADER,
  [WITNESS]: '',
  'include/uapi/linux/ioctl.h': '#include <asm-generic/ioctl.h>\n',
  'include/uapi/asm-generic/ioctl.h': IOCTL_H,
};

function read(files: Record<string, string>) {
  return captureUapi(new DeclarationReader({ read: (path) => files[path] }));
}

function shown(files: Record<string, string>): ShownUapi {
  const { uapi } = read(files);
  assert.ok(uapi);
  return { ...uapi, available: 'buildable' };
}

test('ioctls are what makes a request, through whatever macro; the rest are constants', () => {
  const { uapi, findings } = read(FILES);
  assert.deepEqual(findings, []);
  assert.deepEqual(uapi?.ioctls, {
    LIVE_ASK: { request: 0xc050ba41, argument: 'live_question', line: 14 },
    LIVE_OLD: { request: 0x8008ba42, line: 15 },
    LIVE_STOP: { request: 0xba40, argument: 'live_stop', line: 13 },
  });
  assert.deepEqual(uapi?.constants, {
    LIVE_BASE: 64,
    LIVE_KEEP: 8,
    LIVE_NAME_LENGTH: 64,
    LIVE_NR_ASK: 65,
    LIVE_NR_OLD: 66,
    LIVE_NR_STOP: 64,
    LIVE_TEXT: 'live',
    LIVE_TYPE: 0xba,
  });
  assert.deepEqual(
    Object.entries(uapi?.structs ?? {}).map(([name, { size }]) => [name, size]),
    [
      ['live_question', 80],
      ['live_stop', 8],
    ],
  );
});

test('a kernel without the header offers nothing; a source without its folder says nothing', () => {
  assert.deepEqual(read({ [WITNESS]: '' }).uapi, { ioctls: {}, structs: {}, constants: {} });
  assert.equal(read({}).uapi, undefined);
});

test('a number that cannot be had is left out, and the ioctl is told', () => {
  const { uapi } = read({
    ...FILES,
    [HEADER_PATH]: HEADER.replace('LIVE_STOP _IO(LIVE_TYPE', 'LIVE_STOP _IO(NOWHERE'),
  });
  assert.deepEqual(uapi?.ioctls.LIVE_STOP, { argument: 'live_stop', line: 13 });
  assert.equal(ioctlText({ line: 1 }, {}), 'of an unknown number');
});

test('a header that cannot be read is not captured, with a finding, and the rest of the kernel is', () => {
  const { uapi, findings } = read({
    ...FILES,
    [HEADER_PATH]: `${HEADER}struct live_bad { struct nowhere x; };\n`,
  });
  assert.equal(uapi, undefined);
  assert.match(findings[0]?.message ?? '', /^uAPI not captured: /);
  assert.equal(findings[0]?.component, undefined);
});

test('the difference of two kernels is told by name: what came, went, or is another thing', () => {
  const later = HEADER.replace('__u32 reserved', '__u32 flags')
    .replace(', LIVE_NR_OLD', '')
    .replace(/#define LIVE_OLD.*\n/, '#define LIVE_MORE _IO(LIVE_TYPE, 0x50)\n')
    .replace('LENGTH 64', 'LENGTH 32');
  const { changes } = diffUapi(shown(FILES), shown({ ...FILES, [HEADER_PATH]: later }));
  assert.deepEqual(
    changes.map(({ kind, name, change }) => `${change} ${kind} ${name}`),
    [
      'changed ioctl LIVE_ASK',
      'added ioctl LIVE_MORE',
      'removed ioctl LIVE_OLD',
      'changed struct live_question',
      'changed struct live_stop',
      'changed constant LIVE_NAME_LENGTH',
      'removed constant LIVE_NR_OLD',
    ],
  );
  assert.deepEqual(diffUapi(shown(FILES), shown(FILES)).changes, []);
});

test('what a build has switched off it does not offer', () => {
  const off: ShownUapi = { ...shown(FILES), available: 'no', reason: 'CONFIG_LIVEUPDATE is not set' };
  const { changes } = diffUapi(shown(FILES), off);
  assert.ok(changes.every(({ change }) => change === 'removed'));
  assert.equal(changes.filter(({ kind }) => kind === 'ioctl').length, 3);
});

test('a document holds it beside its components, and its file is none that kernels are told apart by', () => {
  const document = captureEvidence(
    {
      kind: 'tree',
      name: 'made',
      release: '7.3.4',
      read: (path) => FILES[path as keyof typeof FILES],
      digest: (path) => (path in FILES ? 'a'.repeat(64) : undefined),
      list: () => [],
    },
    {},
  );
  assert.equal(document.uapi?.file?.path, HEADER_PATH);
  assert.ok(document.provenance.files.every(({ path }) => !path.includes('uapi')));
  assert.equal(uapiOf(document)?.available, 'no');
});
