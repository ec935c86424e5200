import PostalMime, { type Email } from 'postal-mime';
import { ToolError } from '../errors.ts';
import type { PatchSubject } from './patch-subject.ts';
import { readPatchSubject } from './patch-subject.ts';

/** A message that may hold a patch, decoded. */
export interface PatchMail extends PatchSubject {
  /** Without the angle brackets. */
  messageId?: string;
  /** YYYY-MM-DD in UTC, where the message tells its time zone. */
  date?: string;
  /** Its text parts one after the other, with LF line ends. */
  text: string;
}

const MESSAGE_ID = /^[\x21-\x7e]{1,250}$/;
const HEADER_LINE = /^[A-Za-z][A-Za-z-]*:[ \t]/;
/** How a time zone is written; a date without one would depend on the machine. */
const TIME_ZONE = /[+-]\d{4}\b|\b(?:GMT|UTC|UT)\b/;
const PATCH_NAME = /\.(?:patch|diff)$/i;

/**
 * Decodes a message: folded headers, encoded words, transfer encodings, charsets, parts. Text that begins with no
 * header is a bare diff; `name` is its title then.
 * @throws ToolError PATCH_SYNTAX for parts nested without end
 */
export async function readPatchMail(bytes: Uint8Array, name: string): Promise<PatchMail> {
  const start = Buffer.from(bytes.subarray(0, 512)).toString('latin1');
  if (!HEADER_LINE.test(start)) {
    return {
      title: name,
      version: 1,
      isReply: false,
      text: withPlainLineEnds(new TextDecoder().decode(bytes)),
    };
  }
  const mail = await parseMail(bytes, name);
  const sent = mail.headers.find(({ key }) => key === 'date')?.value;
  const isDated = sent !== undefined && TIME_ZONE.test(sent) && /^\d{4}-\d{2}-\d{2}T/.test(mail.date ?? '');
  const messageId = mail.messageId?.replace(/^\s*<|>\s*$/g, '');
  return {
    ...readPatchSubject(mail.subject ?? name),
    ...(messageId !== undefined && MESSAGE_ID.test(messageId) && { messageId }),
    ...(isDated && mail.date !== undefined && { date: mail.date.slice(0, 10) }),
    text: withPlainLineEnds(textOf(mail)),
  };
}

async function parseMail(bytes: Uint8Array, name: string): Promise<Email> {
  try {
    return await PostalMime.parse(bytes);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.replaceAll('\n', ' ') : String(cause);
    throw new ToolError('PATCH_SYNTAX', `${name}: not a message: ${reason}`, { path: name, cause });
  }
}

/** The body, then what is attached as text; pictures and signatures are no patches. */
function textOf({ text = '', attachments }: Email): string {
  const attached = attachments
    .filter(({ mimeType, filename }) => mimeType.startsWith('text/') || PATCH_NAME.test(filename ?? ''))
    .filter(({ mimeType }) => mimeType !== 'text/html')
    .map(({ content }) => (typeof content === 'string' ? content : new TextDecoder().decode(content)));
  return [text, ...attached].join('\n');
}

/** On its way a message gets CRLF; no file that is read here has them. */
function withPlainLineEnds(text: string): string {
  return text.replaceAll('\r\n', '\n');
}
