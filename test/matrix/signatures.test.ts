import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Signatures } from '../../src/matrix/signatures.ts';
import type { ComponentState } from '../../src/model/component-state.ts';
import { kernelOf } from '../../src/verdict/kernel.ts';
import { documentOf } from '../support/shipped.ts';

// memfd embeds a struct of KHO, so that what a kernel writes of memfd depends on KHO's layouts.

const original = documentOf('7.3.4');

/** A kernel with a KHO of its own, edited; everything else is the original's, object for object. */
const withKho = (edit: (kho: ComponentState) => void) => {
  const kho = structuredClone(original.components.kho) as ComponentState;
  edit(kho);
  return kernelOf({ ...original, components: { ...original.components, kho } });
};

const widened = (kho: ComponentState): void => {
  for (const { layout } of Object.values(kho.structs)) if (layout.all) layout.all.size += 8;
};

const CASES: [string, (kho: ComponentState) => void, boolean][] = [
  ['another object that says the same', () => {}, true],
  ['a constant that memfd does not look at', (kho) => Object.assign(kho.constants, { OTHER: {} }), true],
  ['layouts of another size', widened, false],
];

for (const [what, edit, isEqual] of CASES) {
  test(`memfd beside a KHO with ${what} is ${isEqual ? 'the same' : 'another one'}`, () => {
    const memfd = original.components.memfd as ComponentState;
    const { places: _, ...facts } = memfd;
    const shared = (kernel: ReturnType<typeof kernelOf>) => ({
      ...kernel,
      components: new Map([...kernel.components, ['memfd', { facts, places: {} }]]),
    });
    const kernels = [shared(kernelOf(original)), shared(withKho(edit))] as const;
    const signatures = new Signatures(kernels, { targets: ['x86_64-4k'] });
    for (const side of ['outgoing', 'incoming'] as const) {
      const [one, other] = kernels.map((kernel) => signatures.of(kernel, 'memfd', side));
      assert.equal(one === other, isEqual, side);
    }
  });
}
