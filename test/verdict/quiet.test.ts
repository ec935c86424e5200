import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseReleaseName } from '../../src/model/release-name.ts';
import { TARGETS } from '../../src/model/target.ts';
import { kernelOf } from '../../src/verdict/kernel.ts';
import { judge, shipped } from '../support/shipped.ts';

const PROFILES = ['memory', 'memfd', 'pci', 'vm'];
const upstream = shipped().documents.filter(({ vendor }) => vendor === null);

test('a kernel against itself: no finding but errata that apply to it, on every target and profile', () => {
  let pairs = 0;
  for (const document of shipped().documents) {
    const kernel = kernelOf(document);
    for (const profile of PROFILES) {
      for (const target of TARGETS) {
        const pair = judge({ outgoing: kernel, incoming: kernel, profile, target });
        const findings = pair.components.flatMap((component) => component.findings);
        const loud = findings.filter(({ rule }) => !['config-disabled', 'erratum-applies'].includes(rule));
        const unexplained = loud.filter(
          ({ rule }) => !['facts-missing', 'source-incomplete'].includes(rule) || document.vendor === null,
        );
        assert.deepEqual(unexplained, [], `${document.release} ${profile} ${target}`);
        pairs += 1;
      }
    }
  }
  assert.ok(pairs > 300);
});

test('inside a series, every pair of releases differs at most by errata and reviewed code', () => {
  let pairs = 0;
  for (const { release: outgoing } of upstream) {
    for (const { release: incoming } of upstream) {
      const [from, to] = [parseReleaseName(outgoing), parseReleaseName(incoming)];
      const isRelease = !outgoing.includes('-rc') && !incoming.includes('-rc');
      if (from?.series !== to?.series || !isRelease) continue;
      for (const profile of ['memory', 'memfd']) {
        const pair = judge({ outgoing, incoming, profile });
        const findings = pair.components.flatMap((component) => component.findings);
        const rest = findings.filter(({ rule, impact }) => rule !== 'erratum-applies' && impact !== 'none');
        assert.deepEqual(rest, [], `${outgoing} -> ${incoming} ${profile}`);
        assert.ok(
          ['compatible', 'compatible-with-notes', 'unsupported'].includes(pair.verdict),
          `${outgoing} -> ${incoming}`,
        );
        pairs += 1;
      }
    }
  }
  assert.ok(pairs > 100, String(pairs));
});
