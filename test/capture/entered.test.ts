import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgePair } from '../../src/verdict/pair.ts';
import { captureEdited } from '../accuracy/judge-mutation.ts';
import { profileNamed } from '../support/shipped.ts';

const FILE = 'kernel/liveupdate/kexec_handover.c';
const CALLER = 'kernel/kexec_file.c';
/** As the rest of the kernel asks for it. */
const ASKING = `
int kexec_locate_mem_hole(struct kexec_buf *kbuf)
{
	int ret = kho_locate_mem_hole(kbuf, locate_mem_hole_callback);
	if (ret <= 0)
		return ret;
	return kexec_walk_resources(kbuf, locate_mem_hole_callback);
}
`;

/** Where a kernel is laid that is gone into: `visit` is told of each area, `test` of whether one was found. */
const laying = (area: string, test: string): string => `
static int kho_walk_scratch(struct kexec_buf *kbuf, int (*func)(struct resource *, void *))
{
	int ret = 0;
	for (int at = 0; at < kho_scratch_cnt; at++) {
		struct resource area = { .start = kho_scratch[at].addr, .end = ${area} };
		ret = func(&area, kbuf);
		if (ret)
			break;
	}
	return ret;
}

int kho_locate_mem_hole(struct kexec_buf *kbuf, int (*func)(struct resource *, void *))
{
	if (!kho_enable)
		return 1;
	return ${test};
}
`;
const END = 'kho_scratch[at].addr + kho_scratch[at].size - 1';
const FOUND = 'kho_walk_scratch(kbuf, func) == 1 ? 0 : -99';

async function verdicts(one: string, other: string): Promise<string[]> {
  const edit = (text: string) => (tree: Map<string, string>) => {
    tree.set(FILE, `${tree.get(FILE)}${text}`);
    tree.set(CALLER, `${tree.get(CALLER)}${ASKING}`);
  };
  const [plain, changed] = [await captureEdited([edit(one)]), await captureEdited([edit(other)])];
  const asked = { profile: profileNamed('memory'), target: 'x86_64-4k', errata: [], reviews: [] } as const;
  return [[plain, changed] as const, [changed, plain] as const].map(([outgoing, incoming]) => {
    const { verdict, components } = judgePair({ ...asked, outgoing, incoming });
    const findings = components.flatMap((component) => component.findings);
    const said = findings.find(({ subject }) => subject === 'kho_locate_mem_hole()');
    return said ? `${verdict} ${said.rule}` : verdict;
  });
}

test('where the next kernel is laid is compared: what it covers is lost', async () => {
  const plain = laying(END, FOUND);
  const noted = 'compatible-with-notes meaning-may-differ';
  assert.deepEqual(await verdicts(plain, plain), ['compatible', 'compatible']);
  assert.deepEqual(await verdicts(plain, laying('~0UL', FOUND)), [noted, noted]);
  assert.deepEqual(await verdicts(plain, laying(END, '1')), [noted, noted]);
});
