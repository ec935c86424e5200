/** What the subject of a posted patch says: `[RFC PATCH v7 03/24] PCI: liveupdate: Add a header`. */
export interface PatchSubject {
  /** Without what stands in brackets: `PCI: liveupdate: Add a header`. */
  title: string;
  /** 7; 1 where none is given. */
  version: number;
  /** 3; 0 for the cover letter; undefined for a patch that stands alone. */
  number?: number;
  /** 24 */
  total?: number;
  /** True for an answer to a message. */
  isReply: boolean;
}

const SUBJECT_LIMIT = 2000;
const TITLE_LIMIT = 200;
const REPLY = /^\s*(?:re|aw|fwd?)\s*:/i;
const BRACKETS = /^\s*\[([^\]]*)\]/;

/** Reads the subject of a message; one without brackets is a title alone. */
export function readPatchSubject(subject: string): PatchSubject {
  const isReply = REPLY.test(subject);
  let rest = subject.slice(0, SUBJECT_LIMIT).replace(REPLY, '');
  let tags = '';
  for (let found = BRACKETS.exec(rest); found; found = BRACKETS.exec(rest)) {
    tags += ` ${found[1]}`;
    rest = rest.slice(found[0].length);
  }
  const [, number, total] = /(?:^|\s)(\d{1,4})\/(\d{1,4})(?=\s|$)/.exec(tags) ?? [];
  const [, version] = /(?:^|\s)v(\d{1,4})(?=[\s.]|$)/i.exec(tags) ?? [];
  return {
    title: printable(rest),
    version: Number(version ?? 1),
    ...(number !== undefined && { number: Number(number), total: Number(total) }),
    isReply,
  };
}

/** One line without control characters: titles stand in messages. */
function printable(text: string): string {
  return text
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, TITLE_LIMIT);
}
