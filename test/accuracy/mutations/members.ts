import type { Edit } from '../edit-declarations.ts';
import { renameMember, replaceMember, swap } from '../edit-declarations.ts';
import type { Answers, Mutation, MutationProfile } from '../mutation.ts';
import { both, IGNORED, MISREAD, NOTED, PANIC, READS_SAME, SAME } from '../mutation.ts';

// What can happen to one member, for each number that is handed over, each in turn.

type Width = 16 | 32 | 64;

interface Field {
  struct: string;
  member: string;
  width: Width;
  profile: MutationProfile;
  /** Only x86 has the struct. */
  isX86?: true;
}

function fields(struct: string, profile: MutationProfile, members: Readonly<Record<string, Width>>): Field[] {
  return Object.entries(members).map(([member, width]) => ({ struct, member, width, profile }));
}

/** Every number in a struct of 7.3.4 that is handed over, but for bit-fields and the number that is a marker. */
const FIELDS: readonly Field[] = [
  ...fields('kho_vmalloc', 'memory', { total_pages: 32, flags: 16, order: 16 }),
  ...fields('kho_scratch', 'memory', { addr: 64, size: 64 }),
  ...fields('kho_data', 'memory', {
    fdt_addr: 64,
    fdt_size: 64,
    scratch_addr: 64,
    scratch_size: 64,
  }).map((field) => ({ ...field, isX86: true as const })),
  ...fields('kho_block_header_ser', 'memfd', { next: 64, count: 64 }),
  ...fields('luo_ser', 'memfd', { liveupdate_num: 64, sessions_pa: 64, flbs_pa: 64 }),
  ...fields('luo_file_ser', 'memfd', { data: 64, token: 64 }),
  ...fields('luo_file_set_ser', 'memfd', { files: 64, count: 64 }),
  ...fields('luo_flb_header_ser', 'flb', { pgcnt: 64, count: 64 }),
  ...fields('luo_flb_ser', 'flb', { data: 64, count: 64 }),
  ...fields('memfd_luo_ser', 'memfd', { pos: 64, size: 64, seals: 32, flags: 32, nr_folios: 64 }),
  ...fields('memfd_luo_folio_ser', 'memfd', { index: 64 }),
  ...fields('kho_kexec_metadata', 'metadata', { kexec_count: 32 }),
];

/** Changes that stand elsewhere in the table. */
const ELSEWHERE = new Set([
  'kho_vmalloc.total_pages signed',
  'kho_vmalloc.total_pages big endian',
  'kho_scratch.addr signed',
  'luo_ser.flbs_pa signed',
  'luo_ser.flbs_pa big endian',
  'memfd_luo_ser.pos signed',
]);

/** Other spellings of an unsigned type, taken in turn. */
const SPELLINGS: Readonly<Record<Width, readonly string[]>> = {
  64: ['unsigned long', '__u64', 'uint64_t', 'unsigned long long', '__le64', 'long unsigned int', 'size_t'],
  32: ['unsigned', '__u32', 'uint32_t', 'unsigned int', '__le32'],
  16: ['__u16', 'unsigned short int', 'uint16_t', '__le16'],
};

function made(
  { struct, member, profile, isX86 }: Field,
  what: string,
  mutation: Pick<Mutation, 'kind' | 'edits' | 'family'> & Answers & Partial<Pick<Mutation, 'decidedBy'>>,
): Mutation[] {
  if (ELSEWHERE.has(`${struct}.${member} ${what}`)) return [];
  const name = `${struct}: ${member}, ${what}`;
  const onOthers = both(SAME);
  const perTarget = { 'arm64-4k': onOthers, 'arm64-16k': onOthers, 'arm64-64k': onOthers };
  return [{ name, profile, ...mutation, ...(isX86 && { perTarget }) }];
}

const signed: Mutation[] = FIELDS.flatMap((field) =>
  made(field, 'signed', {
    kind: 'retype',
    edits: [replaceMember(field.struct, field.member, `s${field.width} ${field.member}`)],
    decidedBy: ['member-signedness-changed', 'embedded-struct-changed'],
    ...both(MISREAD),
  }),
);

const bigEndian: Mutation[] = FIELDS.flatMap((field) =>
  made(field, 'big endian', {
    kind: 'retype',
    edits: [replaceMember(field.struct, field.member, `__be${field.width} ${field.member}`)],
    decidedBy: ['member-type-changed', 'embedded-struct-changed'],
    ...both(MISREAD),
  }),
);

const respelled: Mutation[] = FIELDS.flatMap((field, at) => {
  const choice = SPELLINGS[field.width];
  const type = choice[at % choice.length];
  return made(field, `written as ${type}`, {
    kind: 'comment or spelling',
    edits: [replaceMember(field.struct, field.member, `${type} ${field.member}`)],
    ...both(SAME),
  });
});

const renamed: Mutation[] = FIELDS.flatMap((field) =>
  made(field, 'another name in the header and in the code', {
    family: 'refactors',
    kind: 'rename',
    edits: [renameMember(field.struct, field.member, `${field.member}_kept`)],
    ...both(READS_SAME),
  }),
);

/** A member's uses in the code, written another way. */
const usedAs =
  (member: string, text: string): Edit =>
  (tree) => {
    const use = new RegExp(`(->|\\.)${member}\\b(?!\\()`, 'g');
    for (const [path, code] of tree) if (path.endsWith('.c')) tree.set(path, code.replace(use, `$1${text}`));
  };

const inUnion: Mutation[] = FIELDS.flatMap((field) => {
  const { struct, member, width } = field;
  const views = `union {\n\t\tu${width} ${member};\n\t\tu8 ${member}_bytes[${width / 8}];\n\t}`;
  return made(field, 'in a union with a view of its bytes', {
    family: 'constructs of C',
    kind: 'regroup',
    edits: [replaceMember(struct, member, views)],
    ...both(READS_SAME),
  });
});

const inStruct: Mutation[] = FIELDS.flatMap((field) => {
  const { struct, member, width } = field;
  return made(field, 'in a struct of its own', {
    family: 'constructs of C',
    kind: 'regroup',
    edits: [
      replaceMember(struct, member, `struct {\n\t\tu${width} value;\n\t} ${member}`),
      usedAs(member, `${member}.value`),
    ],
    ...both(READS_SAME),
  });
});

const arrayOfOne: Mutation[] = FIELDS.flatMap((field) => {
  const { struct, member, width } = field;
  return made(field, 'an array of one', {
    family: 'constructs of C',
    kind: 'regroup',
    edits: [replaceMember(struct, member, `u${width} ${member}[1]`), usedAs(member, `${member}[0]`)],
    ...both(READS_SAME),
  });
});

/** Members of eight bytes that take four, with all that follows moving up: what that does each way. */
const NARROWED: Readonly<Record<string, Answers>> = {
  // Padding stays behind it: an address beyond 4 GiB is cut off, one below it that was written so is read.
  'kho_scratch.addr': { forward: MISREAD, backward: [...NOTED, ...MISREAD] },
  'kho_data.fdt_addr': both(MISREAD),
  'kho_data.fdt_size': both(MISREAD),
  'kho_data.scratch_addr': both(MISREAD),
  'kho_block_header_ser.next': both(MISREAD),
  'luo_ser.sessions_pa': { forward: MISREAD, backward: PANIC },
  'luo_file_ser.data': both(MISREAD),
  'luo_file_ser.token': both(MISREAD),
  'luo_file_set_ser.files': both(MISREAD),
  'luo_flb_header_ser.count': both(MISREAD),
  'luo_flb_ser.data': both(MISREAD),
  'luo_flb_ser.count': both(MISREAD),
  'memfd_luo_ser.pos': both(MISREAD),
  'memfd_luo_ser.size': both(MISREAD),
  'memfd_luo_ser.nr_folios': both(MISREAD),
};

const narrowed: Mutation[] = FIELDS.flatMap((field) => {
  const answers = NARROWED[`${field.struct}.${field.member}`];
  if (!answers) return [];
  return made(field, 'four bytes in the place of eight', {
    kind: 'narrow or widen in place',
    edits: [replaceMember(field.struct, field.member, `u32 ${field.member}`)],
    ...answers,
  });
});

const widened: Mutation[] = FIELDS.filter(
  ({ struct, member, width }) => width < 64 && struct !== 'kho_kexec_metadata' && member !== 'total_pages',
).flatMap((field) =>
  made(field, 'eight bytes in the place of fewer', {
    kind: 'narrow or widen in place',
    edits: [replaceMember(field.struct, field.member, `u64 ${field.member}`)],
    ...both(MISREAD),
  }),
);

const EXCHANGED: readonly [string, string, string, MutationProfile][] = [
  ['kho_vmalloc', 'first', 'total_pages', 'memory'],
  ['kho_vmalloc', 'total_pages', 'flags', 'memory'],
  ['luo_flb_header_ser', 'pgcnt', 'count', 'flb'],
  ['luo_flb_ser', 'name', 'data', 'flb'],
  ['luo_file_ser', 'compatible', 'data', 'memfd'],
  ['memfd_luo_ser', 'size', 'seals', 'memfd'],
  ['memfd_luo_ser', 'flags', 'nr_folios', 'memfd'],
  ['memfd_luo_ser', 'size', 'nr_folios', 'memfd'],
  ['memfd_luo_ser', 'nr_folios', 'folios', 'memfd'],
  ['memfd_luo_folio_ser', 'flags', 'index', 'memfd'],
  ['kho_kexec_metadata', 'previous_release', 'kexec_count', 'metadata'],
];

const exchanged: Mutation[] = EXCHANGED.map(([struct, one, other, profile]) => ({
  name: `${struct}: ${one} and ${other} change places`,
  profile,
  kind: 'swap or reorder',
  edits: [swap(struct, one, other)],
  ...both(MISREAD),
}));

const marker: Mutation[] = [
  {
    name: 'kho_kexec_metadata: version and kexec_count change places',
    profile: 'metadata',
    kind: 'carrier of a marker',
    edits: [swap('kho_kexec_metadata', 'version', 'kexec_count')],
    ...both([...IGNORED, ...MISREAD]),
  },
  {
    name: 'kho_kexec_metadata: kexec_count, two bytes of it used and two reserved',
    profile: 'metadata',
    kind: 'narrow or widen in place',
    edits: [replaceMember('kho_kexec_metadata', 'kexec_count', 'u16 kexec_count', 'u16 reserved')],
    ...both(NOTED),
  },
];

/** One change to one member, for each member. */
export const MEMBER_MUTATIONS: readonly Mutation[] = [
  ...signed,
  ...bigEndian,
  ...narrowed,
  ...widened,
  ...exchanged,
  ...marker,
  ...respelled,
  ...renamed,
  ...inUnion,
  ...inStruct,
  ...arrayOfOne,
];
