import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after } from 'node:test';
import { Chalk } from 'chalk';
import { command } from '../../src/cli/commands/preflight.ts';

/** A folder for one test file. */
export const folder = mkdtempSync(join(tmpdir(), 'luo-abi-preflight-'));
after(() => rmSync(folder, { recursive: true }));

/** The file system of a host, as far as a preflight looks at it. */
export function hostWith(release: string, files: Record<string, string | Uint8Array>): string {
  const root = mkdtempSync(join(folder, 'root-'));
  const all = { 'proc/sys/kernel/osrelease': `${release}\n`, 'proc/sys/kernel/arch': 'x86_64\n', ...files };
  for (const [path, content] of Object.entries(all)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return root;
}

export interface Run {
  code: number;
  output: string;
  notes: string[];
}

/** A preflight with its options, in this process. */
export async function run(options: Record<string, string | string[]>): Promise<Run> {
  let output = '';
  const notes: string[] = [];
  const io = {
    out: (text: string) => {
      output += text;
    },
    note: (text: string) => {
      notes.push(text);
    },
    env: { XDG_CACHE_HOME: join(folder, 'cache'), XDG_DATA_HOME: join(folder, 'share') },
    render: { chalk: new Chalk({ level: 0 }), width: 80 },
  };
  const code = await command.run([], options, io);
  return { code, output, notes };
}
