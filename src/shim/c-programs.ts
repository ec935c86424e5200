import type { ShimCode } from './c-header.ts';
import { commentText } from './c-header.ts';
import { markerWords } from './plan.ts';

// Two programs around the same checks: a KUnit suite for the kernel, and one that runs anywhere and converts what it is given.

/** The KUnit suite; the kernel's own header with the incoming structs is included where the comment says. */
export function kunitOf({ prefix }: ShimCode): string {
  return `// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0
#include <kunit/test.h>
/* Here: the header of this kernel that declares the structs that are read. */
#include "${prefix}_checks.h"

static void ${prefix}_converts(struct kunit *test)
{
	for (size_t i = 0; i < ARRAY_SIZE(luo_shim_checks); i++) {
		for (u64 seed = 1; seed <= 64; seed++) {
			const char *wrong = luo_shim_checks[i].check(seed);

			KUNIT_EXPECT_NULL_MSG(test, wrong, "%s: seed %llu: %s", luo_shim_checks[i].name, seed,
					      wrong ? wrong : "");
		}
	}
}

static struct kunit_case ${prefix}_cases[] = {
	KUNIT_CASE(${prefix}_converts),
	{}
};

static struct kunit_suite ${prefix}_suite = {
	.name = "${prefix}_compat",
	.test_cases = ${prefix}_cases,
};
kunit_test_suite(${prefix}_suite);

MODULE_LICENSE("GPL");
`;
}

/** The program: without arguments it runs the checks; with the name of a converter it reads structs and writes what they become. */
export function programOf({ prefix, forward, back, names }: ShimCode): string {
  const ways = [{ plan: forward, own: names.forward }, ...(back ? [{ plan: back, own: names.back }] : [])];
  const cases = ways.flatMap(({ plan, own }) =>
    plan.structs.map((struct) => {
      const name = own.converter(struct);
      const [from, to] = [own.outgoingTag(struct.outgoing), own.incomingTag(struct.incoming)];
      return `	if (!strcmp(argv[1], "${name}")) {
		${from} from;
		${to} to;

		while (fread(&from, sizeof(from), 1, stdin) == 1) {
			s32 err;

			memset(&to, 0, sizeof(to));
			err = ${name}(&to, &from);
			fwrite(&err, sizeof(err), 1, stdout);
			fwrite(&to, sizeof(to), 1, stdout);
		}
		return 0;
	}`;
    }),
  );
  return `// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0
/*
 * ${commentText(`${forward.component}: ${markerWords(forward.outgoing)} of ${forward.outgoing.release} to ${markerWords(forward.incoming)} of ${forward.incoming.release}`)}, outside of a kernel.
 *   cc -Wall -Werror ${prefix}_test.c && ./a.out [FIRST-SEED]      the checks, 1000 seeds
 *   ./a.out CONVERTER < structs-that-were-written                 for each a 32-bit error and the struct that is read
 */
#include <stdio.h>
#include <stdlib.h>
#include "${prefix}_incoming.h"
#include "${prefix}_checks.h"

int main(int argc, char **argv)
{
	u64 first = 1;

	if (argc > 1 && argv[1][0] >= '0' && argv[1][0] <= '9')
		first = strtoull(argv[1], NULL, 0);
	else if (argc > 1)
		goto convert;
	for (size_t i = 0; i < sizeof(luo_shim_checks) / sizeof(luo_shim_checks[0]); i++) {
		for (u64 seed = first; seed < first + 1000; seed++) {
			const char *wrong = luo_shim_checks[i].check(seed);

			if (wrong) {
				printf("%s: seed %llu: %s\\n", luo_shim_checks[i].name, (unsigned long long)seed, wrong);
				return 1;
			}
		}
		printf("%s: ok, seeds from %llu\\n", luo_shim_checks[i].name, (unsigned long long)first);
	}
	return 0;

convert:
${cases.join('\n')}
	fprintf(stderr, "%s: no such converter\\n", argv[1]);
	return 2;
}
`;
}
