import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

// Patches as people post them: diffs that git makes of two small trees, in messages of an mbox.

/** Text by path; undefined for a file that is not there. */
export type Files = Record<string, string | undefined>;

export function writeFiles(root: string, files: Files): void {
  for (const [path, text] of Object.entries(files)) {
    if (text === undefined) continue;
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

/** The diff between two trees with the prefixes a/ and b/, renames found. */
export function gitDiff(before: Files, after: Files, ...options: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'luo-abi-diff-'));
  try {
    for (const side of ['a', 'b']) mkdirSync(join(folder, side));
    writeFiles(join(folder, 'a'), before);
    writeFiles(join(folder, 'b'), after);
    const args = ['diff', '--no-index', '--no-prefix', '-M', ...options, 'a', 'b'];
    const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };
    const { stdout } = spawnSync('git', args, { cwd: folder, encoding: 'utf8', env });
    return stdout.replace(/^(rename|copy) (from|to) [ab]\//gm, '$1 $2 ');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export interface Message {
  subject: string;
  id: string;
  body: string;
  encoding?: '7bit' | 'base64' | 'multipart' | 'quoted-printable';
}

export function mailOf({ subject, id, body, encoding = '7bit' }: Message): string {
  const head = [
    `Message-ID: <${id}>`,
    `Subject: ${subject.replace(/ (?=\S+$)/, '\n ')}`,
    'Date: Fri, 18 Sep 2026 23:30:00 -0700',
    'MIME-Version: 1.0',
  ];
  if (encoding === 'multipart') {
    const part = `--cut\nContent-Type: text/plain; charset=utf-8\n\n${body}\n--cut\nContent-Type: image/png\nContent-Transfer-Encoding: base64\n\nAAAA\n--cut--\n`;
    return [...head, 'Content-Type: multipart/mixed; boundary=cut', '', part].join('\n');
  }
  return [
    ...head,
    'Content-Type: text/plain; charset=utf-8',
    `Content-Transfer-Encoding: ${encoding}`,
    '',
    encode(body, encoding),
  ].join('\n');
}

function encode(body: string, encoding: string): string {
  if (encoding === 'base64')
    return (
      Buffer.from(body)
        .toString('base64')
        .match(/.{1,76}/g) ?? []
    ).join('\n');
  if (encoding !== 'quoted-printable') return body;
  const escaped = [...Buffer.from(body)].map((byte) => {
    const isPlain = byte === 10 || (byte >= 32 && byte < 127 && byte !== 61);
    return isPlain ? String.fromCharCode(byte) : `=${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  });
  const lines = escaped.join('').replace(/ $/gm, '=20').split('\n');
  return lines.map((line) => line.replace(/(?:=..|[^=]){70}(?=.)/g, '$&=\n')).join('\n');
}

export function mboxOf(messages: readonly Message[]): string {
  return messages
    .map(
      (message) =>
        `From mboxrd@z Thu Jan  1 00:00:00 1970\n${mailOf(message).replace(/^>*From /gm, '>$&')}\n\n`,
    )
    .join('');
}

/** The text of a patch message: what it is for, the diff, a signature. */
export function bodyOf(diff: string): string {
  return `From the base to the next step.\n\n---\n some statistics\n\n${diff}-- \n2.51.0\n\n`;
}
