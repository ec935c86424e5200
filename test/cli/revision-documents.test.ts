import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { DocumentTexts, writeDocuments } from '../../src/ask/capture/revision-documents.ts';
import { captureRange, captureTags } from '../../src/history/capture-revisions.ts';
import { RevisionSnapshots, Snapshots } from '../../src/history/snapshots.ts';
import { canonicalJson } from '../../src/model/canonical.ts';
import { GitRepository } from '../../src/sources/git-repository.ts';
import { swap } from '../accuracy/edit-declarations.ts';
import { fixtureTree } from '../history/generated-history.ts';
import { edited, makeRepository, scratchFolder } from '../history/made-repository.ts';

const scratch = scratchFolder();
const folder = join(scratch, 'made.git');
const base = fixtureTree();
const swapped = edited(base, swap('memfd_luo_ser', 'pos', 'size'));
const header = 'include/linux/kho/abi/memfd.h';
const remarked = edited(swapped, (tree) => tree.set(header, `${tree.get(header)}/* remark */\n`));
makeRepository(folder, [
  { title: 'Linux 7.3.4', tree: base, tag: 'v7.3.4' },
  { title: 'Linux 7.3.5', tree: edited(base, (tree) => tree.set('x.c', '')), tag: 'v7.3.5' },
  { title: 'Linux 7.3.6', tree: swapped, tag: 'v7.3.6' },
  { title: 'Linux 7.3.7', tree: remarked, tag: 'v7.3.7' },
  { title: 'Linux 7.3.8', tree: base, tag: 'v7.3.8' },
]);
const revisions = new RevisionSnapshots(GitRepository.open(folder), await Snapshots.open());
const { documents: captured } = await captureTags(revisions.repository.tags('v*'), revisions);
const documents = captured.map((document, index) => ({ ...document, release: `7.3.${index + 4}` }));

test('the text in parts is the text as a whole', () => {
  const texts = new DocumentTexts();
  for (const document of documents) {
    assert.equal(Buffer.concat(texts.partsOf(document)).toString(), canonicalJson(document));
  }
});

test('a commit that changes nothing of what is captured is no state of its own', async () => {
  const states = await captureRange('v7.3.4..main', revisions, { firstParent: false });
  assert.equal(states.length, 3);
  assert.equal(documents[3]?.components, documents[2]?.components);
  assert.notDeepEqual(documents[3]?.provenance.files, documents[2]?.provenance.files);
});

test('a new folder and one that is there get every file, and nothing beside them', () => {
  for (const name of ['new', 'there']) {
    const output = join(scratch, name);
    if (name === 'there') {
      mkdirSync(output);
      writeFileSync(join(output, 'own.txt'), 'own');
    }
    writeDocuments(documents, output);
    const names = readdirSync(output).filter((file) => file !== 'own.txt');
    assert.deepEqual(names, ['7.3.4.json', '7.3.5.json', '7.3.6.json', '7.3.7.json', '7.3.8.json']);
    assert.equal(readFileSync(join(output, '7.3.6.json'), 'utf8'), canonicalJson(documents[2]));
  }
});

test('a folder that cannot be written is refused, and leaves nothing behind', () => {
  const file = join(scratch, 'file');
  writeFileSync(file, '');
  assert.throws(() => writeDocuments(documents, file), { code: 'FILE_UNWRITABLE' });
  assert.equal(readdirSync(scratch).filter((name) => name.endsWith('.partial')).length, 0);
});
