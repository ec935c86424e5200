import type { Edit } from '../edit-declarations.ts';
import { addFile } from '../edit-declarations.ts';
import type { Mutation } from '../mutation.ts';
import { both, MISREAD, NOTED, SESSIONS_LOST, UNKNOWN } from '../mutation.ts';
import { DRIVER, driver } from './own-driver.ts';

// A driver with a handler that nobody has described and headers of its own: what it hands over is declared wherever it likes.

const GROWN = ['u32 first', 'u32 second', 'u64 third'];
const SWAPPED = ['u32 second', 'u32 first'];

interface HeaderText {
  members?: readonly string[];
  marker?: string;
  struct?: string;
  packed?: string;
}

/** A header with a driver's marker and record. */
function header(
  path: string,
  {
    members = ['u32 first', 'u32 second'],
    marker = 'own-v1',
    struct = 'own_ser',
    packed = ' __packed',
  }: HeaderText = {},
): Edit {
  const body = members.map((member) => `\t${member};\n`).join('');
  return addFile(
    path,
    `#include <linux/types.h>\n\n#define OWN_COMPATIBLE "${marker}"\n\nstruct ${struct} {\n${body}}${packed};\n`,
  );
}

const OWN = { family: 'other callers', kind: 'add at the end', profile: 'carried' } as const;
const BESIDE = 'drivers/own/own_abi.h';
const GIVEN = [header(BESIDE), driver('"own_abi.h"')];

/** Headers that lie elsewhere, with what the driver says to get at them. */
const PLACES: readonly (readonly [name: string, path: string, given: readonly Edit[]])[] = [
  [
    'in a folder above',
    'drivers/own/abi/own.h',
    [driver('"../abi/own.h"', { path: 'drivers/own/luo/own.c' })],
  ],
  [
    'behind another header',
    BESIDE,
    [addFile('drivers/own/own.h', '#include "own_abi.h"\n'), driver('"own.h"')],
  ],
  ['below include/linux', 'include/linux/own.h', [driver('<linux/own.h>')]],
  ['below include/uapi/linux', 'include/uapi/linux/own.h', [driver('<linux/own.h>')]],
];

/** A driver that hands over under two names, which nothing is inferred of as a whole. */
const two = (size: number, comment = ''): Edit =>
  addFile(
    DRIVER,
    `#include <linux/kexec_handover.h>\n\n${comment}int own_keep(void *data)\n{\n\treturn kho_add_subtree("own", data, 8) || kho_add_subtree("more", data, ${size});\n}\n`,
  );

/** Drivers with headers of their own. */
export const DRIVER_MUTATIONS: readonly Mutation[] = [
  {
    ...OWN,
    name: 'a driver whose record is in a header beside it: the record grows',
    given: GIVEN,
    edits: [header(BESIDE, { members: GROWN })],
    ...both(MISREAD),
  },
  {
    ...OWN,
    name: 'a driver whose record is in a header beside it: two members change places',
    kind: 'swap or reorder',
    given: GIVEN,
    edits: [header(BESIDE, { members: SWAPPED })],
    ...both(MISREAD),
  },
  {
    ...OWN,
    name: 'a driver whose record is in a header beside it: it grows and the marker is raised',
    kind: 'restring or renumber a marker',
    given: GIVEN,
    edits: [header(BESIDE, { members: GROWN, marker: 'own-v2' })],
    ...both(SESSIONS_LOST),
  },
  {
    ...OWN,
    name: 'a driver whose record is in a header beside it: nothing but a comment',
    kind: 'comment or spelling',
    given: GIVEN,
    edits: [addFile('drivers/own/own_more.h', '/* nothing */\n')],
    ...both(NOTED),
  },
  ...PLACES.map(
    ([where, path, given]): Mutation => ({
      ...OWN,
      name: `a driver whose record is in a header ${where}: the record grows`,
      given: [header(path), ...given],
      edits: [header(path, { members: GROWN })],
      ...both(MISREAD),
    }),
  ),
  {
    ...OWN,
    name: 'a driver whose record bears no name by custom: two members change places',
    kind: 'swap or reorder',
    given: [
      header(BESIDE, { struct: 'own_state', packed: '' }),
      driver('"own_abi.h"', { struct: 'own_state' }),
    ],
    edits: [header(BESIDE, { members: SWAPPED, struct: 'own_state', packed: '' })],
    ...both(MISREAD),
  },
  {
    ...OWN,
    name: 'a driver whose data nothing shows, and a header beside it differs',
    kind: 'outside the profile',
    given: [
      addFile('drivers/own/own_abi.h', '#define OWN_SHIFT 3\n'),
      addFile(
        DRIVER,
        '#include <linux/kexec_handover.h>\n#include "own_abi.h"\n\nint own_keep(void *data)\n{\n\treturn kho_add_subtree("own", data, 1 << OWN_SHIFT);\n}\n',
      ),
    ],
    edits: [addFile('drivers/own/own_abi.h', '#define OWN_SHIFT 4\n')],
    decidedBy: ['fact-doubted', 'facts-missing'],
    ...both(UNKNOWN),
  },
  {
    ...OWN,
    name: 'a driver whose data nothing shows, under two names: nothing but a comment',
    kind: 'comment or spelling',
    given: [two(8)],
    edits: [two(8, '/* It is kept. */\n')],
    ...both(NOTED),
  },
  {
    ...OWN,
    name: 'a driver whose data nothing shows, under two names: another size',
    kind: 'code',
    given: [two(8)],
    edits: [two(16)],
    decidedBy: ['fact-doubted', 'facts-missing'],
    ...both(UNKNOWN),
  },
];
