import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KHO_BY_DEFAULT, khoAvailability, khoByDefaultIn } from '../../src/model/availability.ts';
import { bareState } from '../../src/model/bare-state.ts';
import type { CaptureDocument } from '../../src/model/capture.ts';
import type { ComponentState } from '../../src/model/component-state.ts';
import { applyOverlay } from '../../src/model/overlay.ts';
import { documentOf, shipped } from '../support/shipped.ts';

function built(option: string, value: string | undefined): ComponentState {
  const isOff = value !== undefined && value !== 'y';
  const available = value === undefined ? 'buildable' : isOff ? 'no' : 'yes';
  const state = bareState({ available: 'no', reason: `${option} is not set`, needs: [] });
  const { reason: _reason, ...facts } = state;
  return {
    ...(isOff ? state : facts),
    available,
    options: [{ name: option, ...(value !== undefined && { value }) }],
  };
}

function kernel(kho: string | undefined, luo: string | undefined, khoByDefault?: boolean) {
  const components = {
    kho: built('CONFIG_KEXEC_HANDOVER', kho),
    luo: built('CONFIG_LIVEUPDATE', luo),
  };
  return khoAvailability({ components, ...(khoByDefault !== undefined && { khoByDefault }) });
}

test('built, on by default, and what a configuration has off', () => {
  assert.deepEqual(kernel('y', 'y', true), { built: 'yes', byDefault: true, off: [] });
  assert.deepEqual(kernel('y', 'n', false), { built: 'yes', byDefault: false, off: ['CONFIG_LIVEUPDATE'] });
  const off = kernel('n', 'n');
  assert.deepEqual(off, {
    built: 'no',
    reason: 'CONFIG_KEXEC_HANDOVER is not set',
    byDefault: null,
    off: ['CONFIG_KEXEC_HANDOVER', 'CONFIG_LIVEUPDATE'],
  });
});

test('what nothing says is not known, never on', () => {
  assert.deepEqual(kernel(undefined, undefined), { built: 'buildable', byDefault: null, off: [] });
  assert.deepEqual(khoAvailability({ components: {} }), { built: 'unknown', byDefault: null, off: [] });
  assert.deepEqual(khoAvailability(documentOf('7.3.4')), { built: 'buildable', byDefault: null, off: [] });
});

test('a configuration says the default of a KHO that is built, and of no other', () => {
  const on = new Map([[KHO_BY_DEFAULT, 'y']]);
  const kho = built('CONFIG_KEXEC_HANDOVER', 'y');
  assert.deepEqual(khoByDefaultIn(on, { kho }), { khoByDefault: true });
  assert.deepEqual(khoByDefaultIn(new Map(), { kho }), { khoByDefault: false });
  assert.deepEqual(khoByDefaultIn(undefined, { kho }), {});
  assert.deepEqual(khoByDefaultIn(on, { kho: built('CONFIG_KEXEC_HANDOVER', 'n') }), {});
});

test('an overlay has the default of its base, or its own', () => {
  const [overlay] = shipped().overlays ?? [];
  assert.ok(overlay);
  const base: CaptureDocument = { ...documentOf('7.3.4'), khoByDefault: false };
  assert.equal(applyOverlay(base, { ...overlay, base: '7.3.4' }).khoByDefault, false);
  const own = { ...overlay, base: '7.3.4', config: { [KHO_BY_DEFAULT]: 'y' } };
  assert.equal(applyOverlay(base, own).khoByDefault, true);
});
