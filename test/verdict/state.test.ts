import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CaptureDocument } from '../../src/model/capture.ts';
import type { Layout } from '../../src/model/layout.ts';
import type { DeviceAnswer, DeviceState } from '../../src/model/state.ts';
import { validate } from '../../src/schema/validate.ts';
import { kernelOf } from '../../src/verdict/kernel.ts';
import { judgeState } from '../../src/verdict/state.ts';
import type { SeriesPair } from '../components/series-kernels.ts';
import { judgeSeries, kernelDocument } from '../components/series-kernels.ts';

const DEVICE: DeviceState = { domain: 0, bdf: '00:1f.3' };
const RFC = '6.19.11+pci-luo-rfc-patch07';

/** The answers for some devices under a pair of shipped kernels, or of documents made by a test. */
function judgeDevices({ outgoing, incoming }: SeriesPair, devices: readonly DeviceState[]): DeviceAnswer[] {
  const pair = judgeSeries({ outgoing, incoming });
  const kernel = (side: CaptureDocument | string) =>
    kernelOf(typeof side === 'string' ? kernelDocument(side) : side);
  const state = judgeState({ pair, devices, outgoing: kernel(outgoing), incoming: kernel(incoming) });
  validate('check', { ...pair, state }, 'check');
  return state.devices;
}

function judgeOne(pair: SeriesPair, device: DeviceState): DeviceAnswer {
  const [answer] = judgeDevices(pair, [device]);
  assert.ok(answer);
  return answer;
}

function same(release: CaptureDocument | string): SeriesPair {
  return { outgoing: release, incoming: release };
}

for (const release of ['6.19.11+pci-liveupdate-v1', '6.19.11+pci-liveupdate-v2']) {
  test(`${release}: domain 65535 fits the u16 of pci-v1, domain 65536 does not`, () => {
    const [fits, lost] = judgeDevices(same(release), [
      { ...DEVICE, domain: 65_535 },
      { ...DEVICE, domain: 65_536 },
    ]);
    assert.equal(fits?.survives, true);
    assert.deepEqual([lost?.device, lost?.survives], ['10000:00:1f.3', false]);
    assert.deepEqual([lost?.verdict, lost?.effect], ['misread', 'corruption']);
    assert.match(lost?.reason ?? '', /domain 65536 does not fit pci_dev_ser\.domain .*u16: 0 to 65535/);
  });
}

test('domain 65536 fits from v3 on, where it has 32 bits', () => {
  const answer = judgeOne(same('7.1.13+pci-liveupdate-v3'), { ...DEVICE, domain: 65_536 });
  assert.equal(answer.survives, true);
});

test('v1 -> v2 is misread: no device is safe, and the one that does not fit is told so as well', () => {
  const pair = { outgoing: '6.19.11+pci-liveupdate-v1', incoming: '6.19.11+pci-liveupdate-v2' };
  const [small, large] = judgeDevices(pair, [DEVICE, { ...DEVICE, domain: 65_536 }]);
  assert.deepEqual([small?.survives, small?.verdict], [false, 'misread']);
  assert.doesNotMatch(small?.reason ?? '', /fit/);
  assert.match(large?.reason ?? '', /does not fit.*misread by pci/);
});

test('a driver name of 62 bytes fits char[63] with its NUL, one of 63 does not', () => {
  const [fits, lost] = judgeDevices(same(RFC), [
    { ...DEVICE, driver: 'd'.repeat(62) },
    { ...DEVICE, bdf: 1, driver: 'd'.repeat(63) },
  ]);
  assert.equal(fits?.survives, true);
  assert.match(fits?.reason ?? '', /by its serialized name/);
  assert.deepEqual([lost?.survives, lost?.verdict], [false, 'refused']);
  assert.match(lost?.reason ?? '', /\(63 bytes\) does not fit pci_dev_ser\.driver_name .*at most 62 bytes/);
});

test('a driver name is counted in bytes, not in characters', () => {
  const answer = judgeOne(same(RFC), { ...DEVICE, driver: 'é'.repeat(32) });
  assert.equal(answer.survives, false);
});

test('a driver name of 63 bytes is nothing to a kernel that stores none', () => {
  const answer = judgeOne(same('7.3.4+pci-liveupdate-v9'), { ...DEVICE, driver: 'd'.repeat(63) });
  assert.equal(answer.survives, true);
});

test('v8 -> v9 core: every device survives, and the answer says what binds it', () => {
  const pair = { outgoing: '7.3.4+pci-liveupdate-v8', incoming: '7.3.4+pci-liveupdate-v9-core' };
  const answer = judgeOne(pair, { domain: 65_536, bdf: 0xffff, driver: 'vfio-pci' });
  assert.deepEqual(answer, {
    device: '10000:ff:1f.7',
    driver: 'vfio-pci',
    survives: true,
    reason:
      'its values fit, and the incoming kernel reads them as they were written; a device finds its driver only if userspace binds it',
    verdict: 'compatible',
    effect: null,
  });
});

test('refused: none survives; unsupported: none survives; each with the effect of the pair', () => {
  const refused = judgeOne(
    { outgoing: '7.3.4+pci-liveupdate-v9-core', incoming: '7.3.4+pci-liveupdate-v9' },
    DEVICE,
  );
  assert.deepEqual([refused.survives, refused.effect], [false, 'boot-panic']);
  const upstream = judgeOne({ outgoing: '7.2.12', incoming: '7.3.4' }, DEVICE);
  assert.deepEqual([upstream.survives, upstream.verdict], [false, 'unsupported']);
});

test('unknown is never shown as survival', () => {
  const incoming = structuredClone(kernelDocument('7.3.4+pci-liveupdate-v9'));
  delete incoming.components.pci;
  const answer = judgeOne({ outgoing: '7.3.4+pci-liveupdate-v9', incoming }, DEVICE);
  assert.notEqual(answer.survives, true);
});

/** The kernel with the refcount of a device narrowed in place to a byte, the other byte left free. */
function withNarrowRefcount(release: string): CaptureDocument {
  const document = structuredClone(kernelDocument(release));
  const layout = document.components.pci?.structs.pci_dev_ser?.layout.all as Layout;
  const member = layout.members.find(({ name }) => name === 'refcount');
  assert.ok(member);
  Object.assign(member, { bitSize: 8, type: 'u8', encoding: 'u8' });
  return document;
}

test('a member narrowed in place is decided by its value: it fits, it does not, it is not told', () => {
  const outgoing = '7.1.13+pci-liveupdate-v5';
  const pair = { outgoing, incoming: withNarrowRefcount(outgoing) };
  assert.equal(judgeSeries(pair).verdict, 'compatible-with-notes');
  assert.equal(judgeOne(pair, { ...DEVICE, refcount: 255 }).survives, true);
  const lost = judgeOne(pair, { ...DEVICE, refcount: 256 });
  assert.equal(lost.survives, false);
  assert.match(
    lost.reason,
    /refcount 256 does not fit pci_dev_ser\.refcount of the incoming kernel \(u8: 0 to 255\)/,
  );
  const untold = judgeOne(pair, DEVICE);
  assert.deepEqual([untold.survives, untold.verdict], ['unknown', 'unknown']);
  assert.match(untold.reason, /does not tell pci_dev_ser\.refcount: values up to 255 fit/);
});

test('a VFIO record without a domain cannot tell two devices of one address apart', () => {
  const release = '6.19.11+vfio-rfc-patch07';
  const document = structuredClone(kernelDocument('6.19.11+vfio-pci-v1'));
  const vfio = kernelDocument(release).components['vfio-pci'];
  const own = document.components['vfio-pci'];
  assert.ok(vfio && own);
  own.structs = vfio.structs;
  const [first, second, other] = judgeDevices(same(document), [
    DEVICE,
    { ...DEVICE, domain: 1 },
    { domain: 0, bdf: 9 },
  ]);
  assert.deepEqual([first?.survives, second?.survives, other?.survives], ['unknown', 'unknown', true]);
  assert.match(second?.reason ?? '', /holds no domain, so that 0000:00:1f\.3 bears the same name/);
});

test('no devices, no answers', () => {
  assert.deepEqual(judgeDevices(same('7.3.4+pci-liveupdate-v9'), []), []);
});
