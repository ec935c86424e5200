import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sharedTarget } from '../../src/ask/kernels/targets.ts';
import type { Target } from '../../src/model/target.ts';

function kernel(release: string, targets?: readonly Target[]) {
  return { release, components: new Map(), ...(targets && { targets }) };
}

test('kernels are compared on the target that --target names, else on the first that all were captured for', () => {
  const source = kernel('7.3.4');
  const build = kernel('7.3.4+mine', ['arm64-64k']);
  assert.equal(sharedTarget(undefined, [source]), 'x86_64-4k');
  assert.equal(sharedTarget(undefined, [source, build]), 'arm64-64k');
  assert.equal(sharedTarget('arm64-64k', [source, build]), 'arm64-64k');
  assert.throws(() => sharedTarget('x86_64-4k', [source, build]), {
    code: 'TARGET_UNKNOWN',
    message: /7\.3\.4\+mine was captured for arm64-64k only/,
  });
  assert.throws(() => sharedTarget(undefined, [kernel('7.3.4+other', ['x86_64-4k']), build]), {
    code: 'TARGET_UNKNOWN',
    message: /7\.3\.4\+other is built for x86_64-4k, and 7\.3\.4\+mine is built for arm64-64k/,
  });
});
