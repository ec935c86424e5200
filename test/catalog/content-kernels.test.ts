import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalogInMemory } from '../../src/catalog/build.ts';
import { judgingOf, kernelsOf } from '../../src/catalog/content-kernels.ts';
import { documentsOf } from '../../src/catalog/documents.ts';
import { judgingFrom } from '../../src/catalog/judging.ts';
import { canonicalJson } from '../../src/model/canonical.ts';
import type { Kernel } from '../../src/verdict/kernel.ts';
import { shipped } from '../support/shipped.ts';

/** All that verdicts take from a kernel. */
function text({ release, targets, origin, fidelity, khoByDefault, files, components }: Kernel): string {
  const own = [...components].map(([id, { facts, places }]) => [id, { facts, places }]);
  return canonicalJson({ release, targets, origin, fidelity, khoByDefault, files, components: own });
}

test('kernels of documents are those of a catalog of the documents, in its order, and share what theirs share', async () => {
  const content = shipped();
  const catalog = catalogInMemory(content);
  const [stored, plain] = [catalog.allKernels(), kernelsOf(documentsOf(content))];
  assert.deepEqual(
    plain.map(({ release }) => release),
    stored.map(({ release }) => release),
  );
  for (const [at, kernel] of stored.entries()) {
    if (at % 5 === 0) assert.equal(text(plain[at] as Kernel), text(kernel), kernel.release);
  }
  const factsOf = (kernels: readonly Kernel[]): number =>
    new Set(kernels.flatMap(({ components }) => [...components.values()].map(({ facts }) => facts))).size;
  assert.equal(factsOf(plain), factsOf(stored));
  const [of, from] = [judgingOf(content, documentsOf(content)), await judgingFrom(catalog)];
  assert.deepEqual(of.reviews, from.reviews);
  assert.deepEqual(of.errata.map(({ id }) => id).sort(), from.errata.map(({ id }) => id).sort());
  for (const erratum of of.errata)
    for (const { release } of plain)
      assert.equal(of.erratumApplies(erratum, release), from.erratumApplies(erratum, release), release);
  catalog.close();
});
