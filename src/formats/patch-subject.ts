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

const REPLY = /^\s*(?:re|aw|fwd?)\s*:/i;
const BRACKETS = /^\s*\[([^\]]*)\]/;

/** Reads the subject of a message; one without brackets is a title alone. */
export function readPatchSubject(subject: string): PatchSubject {
  const isReply = REPLY.test(subject);
  let rest = subject.replace(REPLY, '');
  let tags = '';
  for (let found = BRACKETS.exec(rest); found; found = BRACKETS.exec(rest)) {
    tags += ` ${found[1]}`;
    rest = rest.slice(found[0].length);
  }
  const [, number, total] = /(?:^|\s)(\d{1,4})\/(\d{1,4})(?=\s|$)/.exec(tags) ?? [];
  const [, version] = /(?:^|\s)v(\d{1,4})(?=[\s.]|$)/i.exec(tags) ?? [];
  return {
    title: rest.replace(/\s+/g, ' ').trim(),
    version: Number(version ?? 1),
    ...(number !== undefined && { number: Number(number), total: Number(total) }),
    isReply,
  };
}
