import type { Edit } from '../edit-declarations.ts';
import {
  append,
  editMembers,
  insertBefore,
  renameWord,
  replaceMember,
  replaceStruct,
  setAttributes,
} from '../edit-declarations.ts';
import type { Answers, Mutation, MutationProfile } from '../mutation.ts';
import { both, IGNORED, MISREAD, NOTED, PANIC, READS_SAME, SAME } from '../mutation.ts';

// What can happen to a whole struct, for each struct that is handed over.

interface Struct {
  struct: string;
  profile: MutationProfile;
  isX86?: true;
  /** A u64 in front of all members; misread where it is left out. */
  front?: Answers;
  /** A u64 at the end, where no other mutation has it. */
  grown?: Answers;
  /** Two members that stand together, with their types. */
  pair?: readonly [string, string];
  isPacked?: true;
}

const STRUCTS: readonly Struct[] = [
  { struct: 'kho_vmalloc', profile: 'memory', grown: both(MISREAD), pair: ['u16 flags', 'u16 order'] },
  { struct: 'kho_vmalloc_hdr', profile: 'memory' },
  { struct: 'kho_vmalloc_chunk', profile: 'memory' },
  { struct: 'kho_radix_node', profile: 'memory' },
  { struct: 'kho_radix_leaf', profile: 'memory' },
  { struct: 'kho_scratch', profile: 'memory', grown: both(MISREAD), pair: ['u64 addr', 'u64 size'] },
  {
    struct: 'kho_data',
    profile: 'memory',
    isX86: true,
    isPacked: true,
    pair: ['u64 fdt_addr', 'u64 fdt_size'],
  },
  { struct: 'kho_block_header_ser', profile: 'memfd', isPacked: true, pair: ['u64 next', 'u64 count'] },
  {
    struct: 'luo_ser',
    profile: 'memfd',
    // The text is looked for where the new number lies.
    front: both(PANIC),
    pair: ['u64 sessions_pa', 'u64 flbs_pa'],
  },
  { struct: 'luo_file_ser', profile: 'memfd', pair: ['u64 data', 'u64 token'] },
  {
    struct: 'luo_file_set_ser',
    profile: 'memfd',
    isPacked: true,
    grown: both(MISREAD),
    pair: ['u64 files', 'u64 count'],
  },
  { struct: 'luo_session_ser', profile: 'memfd', isPacked: true },
  { struct: 'luo_flb_header_ser', profile: 'flb', isPacked: true, pair: ['u64 pgcnt', 'u64 count'] },
  {
    struct: 'luo_flb_ser',
    profile: 'flb',
    isPacked: true,
    grown: both(MISREAD),
    pair: ['u64 data', 'u64 count'],
  },
  { struct: 'memfd_luo_folio_ser', profile: 'memfd', isPacked: true },
  { struct: 'memfd_luo_ser', profile: 'memfd' },
  {
    struct: 'kho_kexec_metadata',
    profile: 'metadata',
    front: { forward: IGNORED, backward: [...IGNORED, ...MISREAD] },
  },
];

const perTargetOf = ({ isX86 }: Struct): Pick<Mutation, 'perTarget'> =>
  isX86 ? { perTarget: { 'arm64-4k': both(SAME), 'arm64-16k': both(SAME), 'arm64-64k': both(SAME) } } : {};

const nameOf = (declaration: string): string => /\w+$/.exec(declaration)?.[0] ?? '';

/** Two members that stand together give way to one declaration. */
const gathered = (struct: string, [one, other]: readonly [string, string], declaration: string): Edit =>
  editMembers(struct, (members) => {
    const at = members.findIndex((member) => nameOf(member) === nameOf(one));
    if (at < 0 || nameOf(members[at + 1] ?? '') !== nameOf(other))
      throw new Error(`no such pair in ${struct}`);
    return [...members.slice(0, at), declaration, ...members.slice(at + 2)];
  });

/** The code takes the two members out of a member that they lie in. */
const usedWithin =
  (pair: readonly [string, string], within: string): Edit =>
  (tree) => {
    const use = new RegExp(`->(${pair.map(nameOf).join('|')})\\b(?!\\()`, 'g');
    for (const [path, code] of tree)
      if (path.endsWith('.c')) tree.set(path, code.replace(use, `->${within}.$1`));
  };

const front: Mutation[] = STRUCTS.map((facts) => ({
  name: `${facts.struct}: a number in front of all members`,
  kind: 'add in the middle',
  profile: facts.profile,
  edits: [editMembers(facts.struct, (members) => ['u64 kept_at', ...members])],
  ...(facts.front ?? both(MISREAD)),
  ...perTargetOf(facts),
}));

const grown: Mutation[] = STRUCTS.flatMap(({ struct, profile, grown: answers }) =>
  answers
    ? [
        {
          name: `${struct}: a number behind all members`,
          kind: 'add at the end',
          profile,
          edits: [append(struct, 'u64 kept_at')],
          ...answers,
        },
      ]
    : [],
);

const renamed: Mutation[] = STRUCTS.filter(({ struct }) => struct !== 'kho_block_header_ser').map(
  ({ struct, profile }) => ({
    name: `struct ${struct}, another name in the header and in the code`,
    family: 'refactors',
    kind: 'rename',
    profile,
    edits: [renameWord(struct, `${struct.replace(/_ser$/, '')}_record`)],
    ...both(READS_SAME),
  }),
);

const inStruct: Mutation[] = STRUCTS.flatMap(({ struct, profile, pair }) =>
  pair && struct !== 'luo_file_ser'
    ? [
        {
          name: `${struct}: ${nameOf(pair[0])} and ${nameOf(pair[1])} in a struct with a tag`,
          family: 'constructs of C' as const,
          kind: 'regroup' as const,
          profile,
          edits: [
            insertBefore(struct, `struct ${struct}_pair {\n\t${pair[0]};\n\t${pair[1]};\n};\n`),
            gathered(struct, pair, `struct ${struct}_pair both`),
            usedWithin(pair, 'both'),
          ],
          ...both(READS_SAME),
        },
      ]
    : [],
);

const anonymous: Mutation[] = STRUCTS.flatMap(({ struct, profile, pair }) =>
  pair
    ? [
        {
          name: `${struct}: ${nameOf(pair[0])} and ${nameOf(pair[1])} in an anonymous struct`,
          family: 'constructs of C' as const,
          kind: 'regroup' as const,
          profile,
          edits: [gathered(struct, pair, `struct {\n\t\t${pair[0]};\n\t\t${pair[1]};\n\t}`)],
          ...both(READS_SAME),
        },
      ]
    : [],
);

const exchangedInside: Mutation[] = STRUCTS.flatMap((facts) => {
  const { struct, profile, pair } = facts;
  if (!pair) return [];
  return [
    {
      name: `${struct}: ${nameOf(pair[0])} and ${nameOf(pair[1])} in an anonymous struct, exchanged`,
      family: 'constructs of C' as const,
      kind: 'regroup' as const,
      profile,
      edits: [gathered(struct, pair, `struct {\n\t\t${pair[1]};\n\t\t${pair[0]};\n\t}`)],
      ...both(MISREAD),
      ...perTargetOf(facts),
    },
  ];
});

const overlaid: Mutation[] = STRUCTS.flatMap((facts) => {
  const { struct, profile, pair } = facts;
  if (!pair) return [];
  // One place for both: what follows moves up, and the struct ends sooner.
  const answers: Answers = struct === 'luo_ser' ? { forward: MISREAD, backward: PANIC } : both(MISREAD);
  return [
    {
      name: `${struct}: a union puts ${nameOf(pair[0])} and ${nameOf(pair[1])} into one place`,
      family: 'constructs of C' as const,
      kind: 'regroup' as const,
      profile,
      edits: [gathered(struct, pair, `union {\n\t\t${pair[0]};\n\t\t${pair[1]};\n\t}`)],
      ...answers,
      ...perTargetOf(facts),
    },
  ];
});

const unpacked: Mutation[] = STRUCTS.filter(({ isPacked }) => isPacked).map(({ struct, profile }) => ({
  name: `${struct}: without __packed, where that moves nothing`,
  kind: 'repack',
  profile,
  edits: [setAttributes(struct, '')],
  ...both(struct === 'memfd_luo_folio_ser' ? READS_SAME : SAME),
}));

const asTypedef: Mutation[] = STRUCTS.filter(({ pair }) => pair).map(({ struct, profile }) => ({
  name: `${struct}: a typedef beside it`,
  family: 'refactors',
  kind: 'comment or spelling',
  profile,
  edits: [insertBefore(struct, `struct ${struct};\ntypedef struct ${struct} ${struct}_t;\n`)],
  ...both(SAME),
}));

const asserted: Mutation[] = STRUCTS.filter(({ pair }) => pair).map(({ struct, profile, pair }) => ({
  name: `${struct}: the place of ${nameOf(pair?.[1] ?? '')} asserted`,
  family: 'refactors',
  kind: 'comment or spelling',
  profile,
  edits: [
    (tree) => {
      const [path, text] = [...tree].find(([, each]) => each.includes(`struct ${struct} {`)) ?? [];
      if (path === undefined || text === undefined) throw new Error(`no struct ${struct}`);
      const check = `static_assert(offsetof(struct ${struct}, ${nameOf(pair?.[1] ?? '')}) % 2 == 0);`;
      tree.set(path, text.replace(/(#endif[^\n]*\n?)$/, `${check}\n\n$1`));
    },
  ],
  ...both(SAME),
}));

const others: Mutation[] = [
  {
    name: 'kho_vmalloc: packed, so that it may lie anywhere in memfd_luo_ser, where it lies already',
    kind: 'repack',
    profile: 'memfd',
    edits: [setAttributes('kho_vmalloc', '__packed')],
    ...both(READS_SAME),
  },
  {
    name: 'kho_vmalloc: aligned to 32 bytes, and with it the end of memfd_luo_ser',
    kind: 'repack',
    profile: 'memfd',
    edits: [setAttributes('kho_vmalloc', '__aligned(32)')],
    ...both(MISREAD),
  },
  {
    name: 'kho_vmalloc: the flags as two bytes',
    kind: 'retype',
    profile: 'memory',
    edits: [replaceMember('kho_vmalloc', 'flags', 'u8 flags', 'u8 more_flags')],
    ...both([...NOTED, ...MISREAD]),
  },
  {
    name: 'kho_data: its own attribute by the macro __packed',
    kind: 'comment or spelling',
    family: 'refactors',
    profile: 'memory',
    edits: [setAttributes('kho_data', '__packed')],
    ...both(SAME),
  },
  {
    name: 'kho_data: a number behind all members, on x86, where only the length says so',
    kind: 'add at the end',
    profile: 'memory',
    target: 'x86_64-4k',
    edits: [append('kho_data', '__u64 kept_at')],
    forward: MISREAD,
    backward: [...NOTED, ...READS_SAME],
  },
  {
    name: 'luo_session_ser: the struct of files and their number by a typedef',
    kind: 'comment or spelling',
    family: 'refactors',
    profile: 'memfd',
    edits: [
      insertBefore('luo_session_ser', 'typedef struct luo_file_set_ser luo_file_set_t;\n'),
      replaceMember('luo_session_ser', 'file_set_ser', 'luo_file_set_t file_set_ser'),
    ],
    ...both(SAME),
  },
  {
    name: 'luo_session_ser: two sets of files, of which one is new',
    kind: 'array length',
    profile: 'memfd',
    edits: [replaceMember('luo_session_ser', 'file_set_ser', 'struct luo_file_set_ser file_set_ser[2]')],
    ...both(MISREAD),
  },
  {
    name: 'memfd_luo_ser: declared as a variable too',
    kind: 'comment or spelling',
    family: 'refactors',
    profile: 'memfd',
    edits: [
      replaceStruct(
        'memfd_luo_folio_ser',
        'struct memfd_luo_folio_ser {\n\tu64 pfn : 52;\n\tu64 flags : 12;\n\tu64 index;\n} __packed;\n\nextern struct memfd_luo_folio_ser memfd_luo_example;',
      ),
    ],
    ...both(SAME),
  },
];

/** One change to one struct, for each struct. */
export const STRUCT_MUTATIONS: readonly Mutation[] = [
  ...front,
  ...grown,
  ...overlaid,
  ...exchangedInside,
  ...inStruct,
  ...anonymous,
  ...unpacked,
  ...asTypedef,
  ...asserted,
  ...renamed,
  ...others,
];
