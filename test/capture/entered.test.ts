import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Kernel } from '../../src/verdict/kernel.ts';
import { judgePair } from '../../src/verdict/pair.ts';
import { captureEdited } from '../accuracy/judge-mutation.ts';
import { profileNamed } from '../support/shipped.ts';

const HANDOVER = 'kernel/liveupdate/kexec_handover.c';
const SESSION = 'kernel/liveupdate/luo_session.c';
const CALLER = 'kernel/kexec_file.c';

/** As the rest of the kernel asks where a kernel is to be laid. */
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

/** How the boot parameter of that name is read. */
const parameter = (name: string, read = 'kstrtobool(p, &kho_enable)'): string => `
static int __init kho_parse_enable(char *p)
{
	return ${read};
}
early_param("${name}", kho_parse_enable);
`;

/** What is done when a session is closed, and which of them may be finished. */
const sessions = (closed: string, finished: string, more = ''): string => `
static int luo_session_release(struct inode *inode, struct file *file)
{
	struct luo_session *session = file->private_data;

	if (session->retrieved)
		${closed};
	return 0;
}

static int luo_session_finish(struct luo_session *session, struct luo_ucmd *ucmd)
{
	return luo_session_finish_one(session);
}

static const struct luo_ioctl_op luo_session_ioctl_ops[] = {
	IOCTL_OP(LIVEUPDATE_SESSION_FINISH, luo_session_finish, struct liveupdate_session_finish, ${finished}),${more}
};

static const struct file_operations luo_session_fops = {
	.release = luo_session_release,
};
`;
const CLOSED = 'return luo_session_finish_one(session)';
const NEW_CALL =
  '\n\tIOCTL_OP(LIVEUPDATE_SESSION_GET_NAME, luo_session_get_name, struct liveupdate_session_get_name, 1),';

interface Entered {
  file: string;
  profile: 'memory' | 'memfd';
  subject: string;
  plain: string;
  /** Another one that means something else, or not. */
  others: readonly (readonly [text: string, isNoted: boolean])[];
}

const ENTERED: Readonly<Record<string, Entered>> = {
  'where the next kernel is laid: what it covers is lost': {
    file: HANDOVER,
    profile: 'memory',
    subject: 'kho_locate_mem_hole()',
    plain: laying(END, FOUND),
    others: [
      [laying(END, FOUND), false],
      [laying('~0UL', FOUND), true],
      [laying(END, '1'), true],
    ],
  },
  'by which parameter KHO is switched on': {
    file: HANDOVER,
    profile: 'memory',
    subject: 'kho_parse_enable()',
    plain: parameter('kho'),
    others: [
      [parameter('kho').replaceAll('*p', '*text').replace('(p,', '(text,'), false],
      [parameter('kho_enable'), true],
      [parameter('kho', '-22'), true],
    ],
  },
  'what closing a session does': {
    file: SESSION,
    profile: 'memfd',
    subject: 'luo_session_release()',
    plain: sessions(CLOSED, '0'),
    others: [
      [sessions(CLOSED, '0', NEW_CALL), false],
      [sessions('return 0', '0'), true],
      [sessions(CLOSED, '0').replace('\t.release = luo_session_release,\n', ''), true],
    ],
  },
  'which sessions can be finished': {
    file: SESSION,
    profile: 'memfd',
    subject: 'luo_session_finish()',
    plain: sessions(CLOSED, '0'),
    others: [
      [sessions(CLOSED, '0', NEW_CALL), false],
      [sessions(CLOSED, '1'), true],
    ],
  },
};

const captured = new Map<string, Promise<Kernel>>();

/** The kernel with more text in a file, and with the caller; the same one for the same text. */
function kernelWith(file: string, text: string): Promise<Kernel> {
  const edit = (tree: Map<string, string>): void => {
    tree.set(file, `${tree.get(file)}${text}`);
    tree.set(CALLER, `${tree.get(CALLER)}${ASKING}`);
  };
  const known = captured.get(text) ?? captureEdited([edit]);
  captured.set(text, known);
  return known;
}

/** How a pair is judged there and back, and whether by the code that is entered from outside. */
async function verdicts({ file, profile, subject, plain }: Entered, other: string): Promise<string[]> {
  const [one, changed] = [await kernelWith(file, plain), await kernelWith(file, other)];
  const asked = { profile: profileNamed(profile), target: 'x86_64-4k', errata: [], reviews: [] } as const;
  return [[one, changed] as const, [changed, one] as const].map(([outgoing, incoming]) => {
    const { verdict, components } = judgePair({ ...asked, outgoing, incoming });
    const findings = components.flatMap((component) => component.findings);
    const said = findings.find((finding) => finding.subject === subject);
    return said ? `${verdict} ${said.rule}` : verdict;
  });
}

for (const [what, entered] of Object.entries(ENTERED))
  test(`compared: ${what}`, async () => {
    for (const [text, isNoted] of entered.others) {
      const verdict = isNoted ? 'compatible-with-notes meaning-may-differ' : 'compatible';
      assert.deepEqual(await verdicts(entered, text), [verdict, verdict], text);
    }
  });
