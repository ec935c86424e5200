import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configured } from '../../src/model/overlay.ts';
import { shipped } from '../support/shipped.ts';

const luo = shipped().documents.find(({ release }) => release === '7.3.4')?.components.luo ?? assert.fail();
const ON = new Map(luo.options.map(({ name }) => [name, 'y']));
const OFF = new Map([['CONFIG_LIVEUPDATE', 'n']]);

test('options switch on what can be built and off what is built', () => {
  assert.equal(configured(luo, ON).available, 'yes');
  const off = configured(luo, OFF);
  assert.deepEqual([off.available, off.reason], ['no', 'CONFIG_LIVEUPDATE is not set']);
  assert.equal(configured(off, ON).available, 'yes');
});

test('no option makes known what could not be read, or brings back what was taken out', () => {
  const unread = configured({ ...luo, available: 'unknown', reason: 'could not be read' }, ON);
  assert.deepEqual([unread.available, unread.reason], ['unknown', 'could not be read']);
  const removed = configured({ ...luo, available: 'no', reason: '7.3.4+mine does not have it' }, ON);
  assert.deepEqual([removed.available, removed.reason], ['no', '7.3.4+mine does not have it']);
});
