import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgePair } from '../../src/verdict/pair.ts';
import type { Edit } from '../accuracy/edit-declarations.ts';
import { replaceMatch, replaceText } from '../accuracy/edit-declarations.ts';
import { captureEdited } from '../accuracy/judge-mutation.ts';
import { profileNamed } from '../support/shipped.ts';

const KEY = /(static )(unsigned long)(?= kho_encode_radix_key)/;

const plain = captureEdited([]);

/** What is told of widths, there and back, where the other kernel has an edit. */
async function told(edit: Edit): Promise<string[]> {
  const [own, changed] = [await plain, await captureEdited([edit])];
  const asked = { profile: profileNamed('memory'), target: 'x86_64-4k', errata: [], reviews: [] } as const;
  return [[own, changed] as const, [changed, own] as const].map(([outgoing, incoming]) => {
    const { components } = judgePair({ ...asked, outgoing, incoming });
    const findings = components.flatMap((component) => component.findings);
    const found = findings.filter(({ message }) => message.startsWith('how wide'));
    return found
      .map(({ subject, outgoing: from, incoming: to, where }) =>
        [subject, from.hash, to.hash, where.length].join(' '),
      )
      .join();
  });
}

test('a result that is cut is told in both directions, with both widths and the places of its function', async () => {
  assert.deepEqual(await told(replaceMatch(KEY, '$1unsigned int')), [
    'the result of kho_radix_encode_key i64 i32 2',
    'the result of kho_radix_encode_key i32 i64 2',
  ]);
});

test('a local that is cut is told', async () => {
  const cut = replaceText('\tunsigned long slot;\n\tint err;', '\tunsigned char slot;\n\tint err;');
  assert.deepEqual(await told(cut), ['slot of walk_level i64 i8 2', 'slot of walk_level i8 i64 2']);
});

test('another name of the same width, another sign, and a local that only one kernel has are no difference', async () => {
  for (const edit of [
    replaceMatch(KEY, '$1u64'),
    replaceText('\tunsigned long slot;\n\tint err;', '\ts64 slot;\n\tint err;'),
    replaceText('\tunsigned long slot;\n\tint err;', '\tunsigned long slot;\n\tint err;\n\tu8 other;'),
  ])
    assert.deepEqual(await told(edit), ['', '']);
});
