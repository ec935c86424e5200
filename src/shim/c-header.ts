import { readEncoding } from '../diff/encoding.ts';
import type { LayoutLookup, SideFacts } from '../diff/rule.ts';
import type { ShimQuestion } from '../model/shim.ts';
import type { Target } from '../model/target.ts';
import { forTarget, PAGE_SHIFT } from '../model/target.ts';
import { converterOf, rowConverterOf } from './c-convert.ts';
import type { Declaration } from './c-struct.ts';
import { assertsOf, declarationOf } from './c-struct.ts';
import type { CodeNames } from './code-names.ts';
import { bareTag, suffixOf } from './names.ts';
import type { ShimPlan } from './plan.ts';
import { markerWords } from './plan.ts';

// The header of a shim: the structs of the other kernel under names of their own, what must hold of both kernels' structs, and
// the functions that convert. In a kernel the incoming structs are those of its own headers.

const LICENSE = '/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */';

/** Both ways of a shim, or one. */
export interface ShimCode {
  forward: ShimPlan;
  back: ShimPlan | undefined;
  /** Targets on which this very code is right. */
  targets: readonly Target[];
  /** With the decisions. */
  questions: readonly ShimQuestion[];
  backQuestions: readonly ShimQuestion[];
  names: { forward: CodeNames; back: CodeNames };
  /** `memfd_6_19_11`: begins the name of each file. */
  prefix: string;
}

/** The header that goes into the kernel. */
export function headerOf(code: ShimCode): string {
  const { forward, prefix, names } = code;
  const { component, outgoing, incoming } = forward;
  const guard = `${prefix.toUpperCase()}_COMPAT_H`;
  const written = structsOf(outgoing, Object.keys(outgoing.facts.structs), forward, 'outgoing');
  const read = structsOf(incoming, [], forward, 'incoming');
  const older = written.map(({ name, layout }): Declaration => {
    return { tag: names.forward.outgoingTag(name), layout, where: `${outgoing.release}: struct ${name}` };
  });
  const paired = read.map(({ name, layout }) => ({ tag: names.forward.incomingTag(name), layout }));
  return joined([
    LICENSE,
    `/*\n * ${commentText(`${component} as ${outgoing.release} wrote it (${markerWords(outgoing)}), for a kernel that reads it`)}\n * ${commentText(`as ${incoming.release} does (${markerWords(incoming)})`)}. Made by luo-abi; right for ${code.targets.join(', ')}.\n */`,
    `#ifndef ${guard}\n#define ${guard}`,
    PRELUDE,
    pageSize(code),
    markerLines(forward, names.forward.suffix),
    constantLines(forward, names.forward.suffix),
    ...older.map((declaration) =>
      declarationOf(declaration, {
        nameOf: (tag) => bareTag(names.forward.outgoingTag(tag)),
        layoutOf: outgoing.layoutOf,
      }),
    ),
    older.flatMap(({ tag, layout }) => assertsOf(tag, layout)).join('\n'),
    `/* What the code below takes the structs of ${commentText(incoming.release)} to be. */`,
    paired.flatMap(({ tag, layout }) => assertsOf(tag, layout)).join('\n'),
    HELPERS,
    ...convertersOf(forward, code.questions, names.forward),
    ...(code.back ? convertersOf(code.back, code.backQuestions, names.back) : []),
    `#endif /* ${guard} */`,
  ]);
}

/** The incoming kernel's structs, for programs that have no kernel headers. */
export function incomingHeaderOf({ forward, prefix, names }: ShimCode): string {
  const { incoming } = forward;
  const guard = `${prefix.toUpperCase()}_INCOMING_H`;
  const structs = structsOf(incoming, Object.keys(incoming.facts.structs), forward, 'incoming');
  const declarations = structs.map(({ name, layout }) =>
    declarationOf(
      { tag: names.forward.incomingTag(name), layout, where: `${incoming.release}: struct ${name}` },
      { nameOf: (tag) => bareTag(names.forward.incomingTag(tag)), layoutOf: incoming.layoutOf },
    ),
  );
  return joined([
    LICENSE,
    `/* The structs of ${commentText(incoming.release)}, for a program that has not the headers of the kernel. */`,
    `#ifndef ${guard}\n#define ${guard}`,
    PRELUDE,
    ...declarations,
    `#endif /* ${guard} */`,
  ]);
}

/** Text of documents inside a comment. */
export function commentText(text: string): string {
  return text.replace(/\*\//g, '* /').replace(/[\r\n]+/g, ' ');
}

function joined(blocks: readonly string[]): string {
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

interface NamedLayout {
  name: string;
  layout: NonNullable<ReturnType<LayoutLookup>>;
}

/** The structs of a side, each behind those that it holds. */
function structsOf(
  side: SideFacts,
  own: readonly string[],
  plan: ShimPlan,
  of: 'incoming' | 'outgoing',
): NamedLayout[] {
  const found = new Map<string, NamedLayout>();
  const add = (tag: string, depth: number): void => {
    const name = bareTag(tag);
    const layout = side.layoutOf(name);
    if (!layout || found.has(name) || depth > 16) return;
    for (const embedded of tagsOf(layout.members)) add(embedded, depth + 1);
    if (!found.has(name)) found.set(name, { name, layout });
  };
  for (const struct of plan.structs) add(struct[of], 0);
  for (const name of own) add(name, 0);
  return [...found.values()];
}

function tagsOf(members: NamedLayout['layout']['members']): string[] {
  return members.flatMap(({ encoding, members: inner }) =>
    inner ? tagsOf(inner) : (readEncoding(encoding).tag ?? []),
  );
}

function markerLines({ component, outgoing }: ShimPlan, suffix: string): string {
  const { marker } = outgoing.facts;
  const name = `${component.replace(/\W/g, '_').toUpperCase()}_MARKER_${suffix.toUpperCase()}`;
  if (typeof marker?.writes === 'string') return `#define ${name} ${JSON.stringify(marker.writes)}`;
  if (typeof marker?.writes !== 'number') return '';
  const lookedUp = marker.name === undefined ? '' : `\n#define ${name}_NAME ${JSON.stringify(marker.name)}`;
  return `#define ${name} ${marker.writes}${lookedUp}`;
}

function constantLines({ outgoing, target }: ShimPlan, suffix: string): string {
  return Object.entries(outgoing.facts.constants)
    .flatMap(([name, { value }]) => {
      const own = forTarget(value, target);
      if (own === undefined) return [];
      const isNumber = /^-?\d+$/.test(String(own));
      // The name of a property stands for itself, and is none in C.
      const word = name.replace(/\W/g, '_').replace(/^(?=\d)/, '_');
      return [`#define ${word}_${suffix} ${isNumber ? `${own}ULL` : JSON.stringify(own)}`];
    })
    .join('\n');
}

/** Layouts that depend on the size of a page are right for one size alone. */
function pageSize({ targets }: ShimCode): string {
  const sizes = [...new Set(targets.map((target) => 2 ** PAGE_SHIFT[target]))];
  if (sizes.length !== 1) return '';
  return `#ifdef __KERNEL__\nstatic_assert(PAGE_SIZE == ${sizes[0]}, "made for pages of ${sizes[0]} bytes");\n#endif`;
}

function convertersOf(plan: ShimPlan, questions: readonly ShimQuestion[], names: CodeNames): string[] {
  const marker = plan.incoming.facts.marker?.writes;
  const input = { names, questions, marker: typeof marker === 'object' ? undefined : marker };
  const open = questions.filter(({ decision }) => decision === null);
  const errors = open.map(({ subject, question }) => `#error ${JSON.stringify(`${subject}: ${question}`)}`);
  const said = questions
    .filter(({ decision }) => decision !== null)
    .map(
      ({ subject, decision }) =>
        ` * ${commentText(`${subject}: ${typeof decision === 'object' ? `default ${decision?.default}` : decision}`)}`,
    );
  const decided = said.length > 0 ? [`/*\n * Decided:\n${said.join('\n')}\n */`] : [];
  const rules =
    '/*\n * 0, or -ERANGE for a value that does not fit, -EOPNOTSUPP for what is refused; @to counts only after 0.\n * @to and @from must not overlap.\n */';
  const functions = plan.structs.flatMap((struct) => [
    converterOf(struct, input),
    ...(struct.placement === 'element' ? [rowConverterOf(struct, input)] : []),
  ]);
  return [...(errors.length > 0 ? [errors.join('\n')] : []), ...decided, rules, ...functions];
}

/** `memfd_6_19_11`, by which files and guards begin. */
export function prefixOf({ component, outgoing }: ShimPlan): string {
  return `${component.replace(/\W/g, '_')}_${suffixOf(outgoing.release)}`;
}

const PRELUDE = `#ifdef __KERNEL__
#include <linux/build_bug.h>
#include <linux/errno.h>
#include <linux/string.h>
#include <linux/types.h>
#include <asm/byteorder.h>
#elif !defined(LUO_SHIM_PRELUDE)
#define LUO_SHIM_PRELUDE
#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int8_t s8;
typedef int16_t s16;
typedef int32_t s32;
typedef int64_t s64;
typedef u16 __be16;
typedef u32 __be32;
typedef u64 __be64;
#ifndef __packed
#define __packed __attribute__((packed))
#endif
#define be16_to_cpu(x) __builtin_bswap16(x)
#define be32_to_cpu(x) __builtin_bswap32(x)
#define be64_to_cpu(x) __builtin_bswap64(x)
#define cpu_to_be16(x) __builtin_bswap16(x)
#define cpu_to_be32(x) __builtin_bswap32(x)
#define cpu_to_be64(x) __builtin_bswap64(x)
#endif`;

const HELPERS = `#ifndef LUO_SHIM_IS_ZERO
#define LUO_SHIM_IS_ZERO
static inline bool luo_shim_is_zero(const void *data, size_t size)
{
	const u8 *bytes = data;

	while (size--)
		if (*bytes++)
			return false;
	return true;
}
#endif`;
