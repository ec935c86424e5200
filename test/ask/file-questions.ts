import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { spelled } from '../../src/cli/spelled.ts';
import * as library from '../../src/index.ts';
import { canonicalJson } from '../../src/model/canonical.ts';
import { swap } from '../accuracy/edit-declarations.ts';
import { vmlinuxBytes } from '../formats/kernel-image-fixture.ts';
import { fixtureTree } from '../history/generated-history.ts';
import { edited, git, makeRepository } from '../history/made-repository.ts';
import { documentOf } from '../support/shipped.ts';
import type { Question, Setting } from './doors.ts';
import { NO_FOLDERS, READ_ONLY } from './doors.ts';

const TEXT = { isText: true, isWithoutCatalog: true } as const;
const JSON_ALONE = { isWithoutCatalog: true } as const;
const RANGE = 'v7.3.4..v7.3.6';
const SEEN = {
  profile: 'memfd',
  target: 'x86_64-4k',
  outcome: 'works',
  who: 'lab',
  date: '2026-11-20',
  how: 'two servers',
};

/** Every file below a folder, with its bytes. */
function filesOf(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  const files = names.filter((name) => statSync(join(folder, name)).isFile());
  return Object.fromEntries(files.map((name) => [name, readFileSync(join(folder, name), 'latin1')]));
}

async function refusal(asked: Promise<unknown>): Promise<string> {
  try {
    await asked;
  } catch (error) {
    if (error instanceof library.ToolError)
      return `luo-abi: ${error.code}: ${spelled(error.message)} (${error.hint})\n`;
    throw error;
  }
  return 'no refusal';
}

/** Questions about files, trees and repositories, and those whose answers are written, named by the function of the library. */
export function fileQuestions({ catalog, small, path, folder }: Setting): Readonly<Record<string, Question>> {
  const at = (name: string): string => join(folder, name);
  const repository = at('made.git');
  const swapped = edited(fixtureTree(), swap('memfd_luo_ser', 'pos', 'size'));
  makeRepository(repository, [
    { title: 'Linux 7.3.4', tree: fixtureTree(), tag: 'v7.3.4' },
    { title: 'change', tree: swapped, tag: 'v7.3.5' },
    { title: 'change it back', tree: fixtureTree(), tag: 'v7.3.6' },
  ]);
  const tree = `${repository}#v7.3.4`;
  const series = at('series.mbox');
  writeFileSync(series, `${git(repository, 'format-patch', '--stdout', 'v7.3.4..v7.3.5')}\n`);
  const packed = at('linux-7.3.4.tar');
  git(repository, 'archive', '--prefix=linux-7.3.4/', '-o', packed, 'v7.3.4');
  const image = at('vmlinux');
  writeFileSync(image, vmlinuxBytes());
  const config = at('config');
  writeFileSync(config, 'CONFIG_X86_64=y\nCONFIG_KEXEC_HANDOVER=y\n');
  const component = at('foo.yaml');
  writeFileSync(component, FOO);
  const foo = at('foo');
  for (const [name, text] of Object.entries(FOO_TREE)) {
    mkdirSync(join(foo, name, '..'), { recursive: true });
    writeFileSync(join(foo, name), text);
  }
  const mine = at('mine.json');
  writeFileSync(mine, canonicalJson({ ...documentOf('7.3.4'), release: '7.3.4+mine', vendor: 'mine' }));
  const images = at('images.txt');
  writeFileSync(images, `${image}\n${image}\n`);
  const tests = at('tests.tap');
  writeFileSync(tests, 'TAP version 13\n1..1\nok 1 - 7.2.12 -> 7.3.4 memfd\n');
  const env = {};
  const revisions = { repo: repository, env, catalog: { path } } as const;
  const versions = (name: string): string => {
    mkdirSync(at(name));
    writeFileSync(join(at(name), '7.3.6.json'), canonicalJson({ ...documentOf('7.3.4'), release: '7.3.6' }));
    return at(name);
  };
  const mineOf = (name: string): string => {
    library.buildCatalogFile(at(name));
    return at(name);
  };
  const seen = Object.entries(SEEN).flatMap(([name, value]) => [`--${name}`, value]);
  return {
    capture: {
      ask: async () => canonicalJson(await library.capture(tree)),
      argv: ['capture', tree],
      options: TEXT,
      url: NO_FOLDERS,
    },
    captureKernels: {
      ask: async () => {
        const captured = await library.captureKernels([image, config], { env, lender: { path } });
        return captured.map(({ text }) => text).join('');
      },
      argv: ['capture', image, config, '--catalog', path],
      options: TEXT,
      url: NO_FOLDERS,
    },
    captureSeries: {
      ask: async () => (await library.captureSeries(series, packed, { env })).overlay,
      argv: ['capture', series, '--on', packed],
      options: TEXT,
      url: NO_FOLDERS,
    },
    captureTags: {
      ask: async () => (await library.captureTags(repository, 'v7.3.4', { env })).documents,
      argv: ['capture', repository, '--tags', 'v7.3.4'],
      options: TEXT,
      url: NO_FOLDERS,
    },
    captureRange: {
      ask: () => library.captureRange(repository, RANGE, { env }),
      argv: ['capture', repository, '--range', RANGE],
      options: TEXT,
      url: NO_FOLDERS,
    },
    updateVersions: {
      ask: async () => {
        const into = versions('versions-library');
        await library.updateVersions(into, { from: repository, tags: 'v7.3.[46]' });
        return filesOf(into);
      },
      argv: [
        'capture',
        '--update',
        versions('versions-command'),
        '--from',
        repository,
        '--tags',
        'v7.3.[46]',
      ],
      options: TEXT,
      url: READ_ONLY,
      written: () => filesOf(at('versions-command')),
    },
    audit: {
      ask: () => library.audit({ kind: 'range', text: RANGE }, revisions),
      argv: ['audit', RANGE, '--repo', repository],
      url: NO_FOLDERS,
    },
    blame: {
      ask: () => library.blame('memfd_luo_ser.pos', RANGE, revisions),
      argv: ['blame', 'memfd_luo_ser.pos', RANGE, '--repo', repository],
      options: JSON_ALONE,
      url: NO_FOLDERS,
    },
    firstBad: {
      ask: () => library.firstBad('v7.3.4', 'v7.3.5', revisions),
      argv: ['first-bad', 'v7.3.4', 'v7.3.5', '--repo', repository],
      options: JSON_ALONE,
      url: NO_FOLDERS,
    },
    proposeComponent: {
      ask: () => library.proposeComponent(foo),
      argv: ['component', 'propose', foo],
      options: TEXT,
      url: NO_FOLDERS,
    },
    checkComponent: {
      ask: () => library.checkComponent(component, foo),
      argv: ['component', 'check', component, foo],
      options: JSON_ALONE,
      url: NO_FOLDERS,
    },
    buildCatalogFile: {
      ask: () => filesOf(join(mineOf('built-library.sqlite'), '..'))['built-library.sqlite'],
      argv: ['catalog', 'build', '--catalog', at('built-command.sqlite')],
      options: TEXT,
      url: READ_ONLY,
      written: () => readFileSync(at('built-command.sqlite'), 'latin1'),
    },
    importKernels: {
      ask: async () => {
        const { kernels } = await library.importKernels(mineOf('import-library.sqlite'), [mine]);
        return `${at('import-command.sqlite')}: ${kernels} kernels, 1 imported\n`;
      },
      argv: ['catalog', 'import', mine, '--catalog', at('import-command.sqlite')],
      options: TEXT,
      url: READ_ONLY,
    },
    exportCatalog: {
      ask: () => {
        library.exportCatalog(at('export-library'), { catalog });
        return filesOf(at('export-library'));
      },
      argv: ['catalog', 'export', at('export-command')],
      options: { isText: true },
      url: READ_ONLY,
      written: () => filesOf(at('export-command')),
    },
    verifyCatalog: {
      ask: () => {
        library.verifyCatalog({ catalog });
        const { kernels, snapshots, layouts } = catalog.info();
        return `${path}: sound; ${kernels} kernels, ${snapshots} snapshots, ${layouts} layouts\n`;
      },
      argv: ['catalog', 'verify'],
      options: { isText: true },
      url: { not: 'what it opens was verified where it was written' },
    },
    addEvidence: {
      ask: () =>
        library.addEvidence(
          { outgoing: '7.2.12', incoming: '7.3.4', ...SEEN },
          { path: mineOf('add-library.sqlite'), into: at('add-library') },
        ),
      argv: [
        'evidence',
        'add',
        '7.2.12',
        '7.3.4',
        ...seen,
        '--into',
        at('add-command'),
        '--catalog',
        mineOf('add-command.sqlite'),
      ],
      options: JSON_ALONE,
      url: READ_ONLY,
    },
    importEvidenceFiles: {
      ask: () =>
        refusal(
          library.importEvidenceFiles([tests], {
            path: mineOf('tap-library.sqlite'),
            into: at('tap-library'),
          }),
        ),
      argv: [
        'evidence',
        'import',
        tests,
        '--into',
        at('tap-command'),
        '--catalog',
        mineOf('tap-command.sqlite'),
      ],
      options: JSON_ALONE,
      url: READ_ONLY,
    },
    settleEvidence: {
      ask: () =>
        refusal(library.settleEvidence('none', { by: 'lab', date: '2026-11', reason: 'x' }, { path })),
      argv: ['evidence', 'settle', 'none', '--who', 'lab', '--date', '2026-11', '--reason', 'x'],
      url: READ_ONLY,
    },
    writeReport: {
      ask: async () => {
        await library.writeReport(at('report-library'), { catalog: small });
        return filesOf(at('report-library'));
      },
      argv: ['report', '--out', at('report-command'), '--catalog', small.path],
      options: TEXT,
      url: READ_ONLY,
      written: () => filesOf(at('report-command')),
    },
    report: {
      ask: async () => {
        const files = await library.report({ catalog: small });
        return Object.fromEntries(
          files.map(([name, text]) => [name, Buffer.from(text()).toString('latin1')]),
        );
      },
      argv: { not: 'a command writes its files: those of `writeReport`' },
      url: { not: 'the page alone' },
      written: () => filesOf(at('report-command')),
    },
    staleReport: {
      ask: async () => {
        const stale = await library.staleReport(at('no-report'), { catalog: small });
        return stale.map((name) => `stale: ${join(at('no-report'), name)}\n`).join('');
      },
      argv: ['report', '--check', '--out', at('no-report'), '--catalog', small.path],
      options: TEXT,
      url: READ_ONLY,
    },
    buildKernel: {
      ask: () => refusal(library.buildKernel('9.9.9', { sources: folder, output: at('built') })),
      argv: ['build-kernel', '9.9.9', '--sources', folder, '-o', at('built')],
      options: TEXT,
      url: READ_ONLY,
    },
    tryUpdates: {
      ask: () => refusal(library.tryUpdates([image, image], { catalog })),
      argv: ['try', image, image],
      url: { not: 'a server starts no machine' },
    },
    tryMatrix: {
      ask: () => refusal(library.tryMatrix(images, { catalog })),
      argv: ['try', '--matrix', images],
      url: { not: 'a server starts no machine' },
    },
  };
}

const FOO_TREE = {
  Makefile: 'VERSION = 7\nPATCHLEVEL = 3\nSUBLEVEL = 4\nEXTRAVERSION =\n',
  'include/linux/kexec_handover.h':
    'int kho_add_subtree(const char *name, void *blob, unsigned long size);\n',
  'include/linux/types.h':
    'typedef unsigned int u32; typedef unsigned long long u64;\n#define __packed __attribute__((packed))\n',
  'mm/memblock.c': 'int nothing;\n',
  'include/linux/kho/abi/foo.h':
    '#include <linux/types.h>\n#define FOO_LUO_FH_COMPATIBLE "foo-v1"\nstruct foo_ser { u64 size; u32 flags; u32 count; } __packed;\n',
  'drivers/foo/foo_luo.c': `#include <linux/kho/abi/foo.h>
static int foo_preserve(void *file)
{
	struct foo_ser *ser = kho_alloc_preserve(sizeof(*ser));
	ser->size = 5;
	return 0;
}
static struct liveupdate_file_handler foo_handler = { .compatible = FOO_LUO_FH_COMPATIBLE };
static int foo_init(void) { return liveupdate_register_file_handler(&foo_handler); }
module_init(foo_init);
`,
} as const;

const FOO = `schemaVersion: 1
id: foo
title: Foo
summary: A file of foo.
anchor: { files: [include/linux/kho/abi/foo.h], macro: FOO_LUO_FH_COMPATIBLE }
eras:
  - id: first
    summary: the first
    recognizedBy: [{ files: [include/linux/kho/abi/foo.h], macro: FOO_LUO_FH_COMPATIBLE }]
    files: [include/linux/kho/abi/foo.h, drivers/foo/foo_luo.c]
    needs: [luo-session]
    marker: { kind: name, macro: FOO_LUO_FH_COMPATIBLE, carrier: file-handler, dispatcher: luo-session }
    structs: { foo_ser: { placement: blob } }
    reader: { onRefused: file-lost }
    code: [{ side: writer, functions: [foo_preserve] }]
`;
