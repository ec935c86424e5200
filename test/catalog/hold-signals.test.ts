import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { holdSignals } from '../../src/catalog/hold-signals.ts';

test('very many files that are written one after the other listen for signals once, and then nothing does', async () => {
  const before = process.listenerCount('SIGINT');
  for (let count = 0; count < 20; count += 1) holdSignals()();
  const outer = holdSignals();
  holdSignals(() => {})();
  assert.equal(process.listenerCount('SIGINT'), before + 1);
  outer();
  await setImmediate();
  assert.equal(process.listenerCount('SIGINT'), before);
});

test('what is being written is undone where it can be, and the signal waits for what cannot', async () => {
  let isHeard = false;
  const heard = (): void => {
    isHeard = true;
  };
  const done: string[] = [];
  const whole = holdSignals();
  const undone = holdSignals(() => done.push('undone'));
  process.emit('SIGHUP', 'SIGHUP');
  assert.deepEqual(done, ['undone']);
  undone();
  await setImmediate();
  assert.equal(isHeard, false);
  // Whoever listens hears the signal that the program sends itself.
  process.once('SIGHUP', heard);
  whole();
  for (let turn = 0; turn < 1000 && !isHeard; turn += 1) await setImmediate();
  assert.equal(isHeard, true);
});
