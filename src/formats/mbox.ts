// An mbox: messages one after the other, each behind a line that no message has by itself.
//
//   From NAME WEEKDAY MONTH DAY HH:MM:SS YEAR      the separator; NAME is an address, or a commit; a header follows.
//                                                  git format-patch leaves such a line of a message as it is, so that
//                                                  the form of the line alone does not tell (git 2.39.5)
//   header lines, an empty line, body
//   >From ...                                      a line of the body that would look like a separator (mboxrd)

/** What stands in front of a message: a sender or a commit, and a date with a clock and a year. */
const SEPARATOR = /^From ([^\s]{1,200}) .{0,100}?\d{1,2}:\d\d.{0,40} \d{4}\b/;
const COMMIT = /^[0-9a-f]{40,64}$/;
const QUOTED = /^>+From /;
const HEADER = /^[!-9;-~]+:/;

/** One message of an mbox, as it was before it was put there. */
export interface MboxMessage {
  bytes: Uint8Array;
  /** The commit that the separator names, as `git format-patch` writes it; undefined where it is no commit. */
  commit?: string;
}

/** Whether a file begins with the separator of an mbox. */
export function isMbox(head: Uint8Array): boolean {
  return SEPARATOR.test(Buffer.from(head.subarray(0, 512)).toString('latin1'));
}

/** The messages of an mbox. What does not begin with a separator is one message, as it is. */
export function splitMbox(bytes: Uint8Array): MboxMessage[] {
  if (!isMbox(bytes)) return [{ bytes }];
  const messages: { lines: string[]; sender: string }[] = [];
  let isBehindGap = true;
  // One character for each byte: the messages have charsets of their own.
  const lines = Buffer.from(bytes).toString('latin1').split('\n');
  for (const [index, line] of lines.entries()) {
    const isFree = index === 0 || (isBehindGap && HEADER.test(lines[index + 1] ?? ''));
    const sender = isFree ? SEPARATOR.exec(line)?.[1] : undefined;
    if (sender !== undefined) messages.push({ lines: [], sender });
    else messages.at(-1)?.lines.push(QUOTED.test(line) ? line.slice(1) : line);
    isBehindGap = line === '' || line === '\r';
  }
  return messages.map(({ lines, sender }) => ({
    bytes: Buffer.from(lines.join('\n'), 'latin1'),
    ...(COMMIT.test(sender) && { commit: sender }),
  }));
}
