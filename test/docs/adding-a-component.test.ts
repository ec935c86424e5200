import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { packageRoot } from '../../src/schema/package-root.ts';
import { runCli } from '../support/run-cli.ts';

// docs/adding-a-component.md is run from its first block to its last: its files are written, its commands run, and what it shows
// is what they print.

const folder = mkdtempSync(join(tmpdir(), 'luo-abi-component-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const pagePath = join(packageRoot(), 'docs/adding-a-component.md');
const page = readFileSync(pagePath, 'utf8');
const KERNEL = join(packageRoot(), 'test/accuracy/fixtures/tree');
const DRIVER = 'drivers/hv/mshv_page_preserve.c';

interface Block {
  kind: string;
  of: string;
  exit: number;
  text: string;
}

const BLOCKS = [...page.matchAll(/^```\w+ (\w+)=(\S+)(?: exit=(\d))?\n([\s\S]*?)^```$/gm)].map(
  ([, kind = '', of = '', exit = '0', text = '']): Block => ({ kind, of, exit: Number(exit), text }),
);

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

/** The lines of an edit, each where the driver has its like. */
function edited(text: string): string {
  const [list = '', macro = '', property = ''] = text.split('\n');
  const driver = readFileSync(join(folder, 'linux', DRIVER), 'utf8');
  return driver
    .replace('#define MSHV_KHO_COMPAT_STR', `${macro}\n#define MSHV_KHO_COMPAT_STR`)
    .replace('static char tree', `${list}\nstatic char tree`)
    .replace(/(\tfdt_property_u64\(.*\n)/, `$1${property}\n`);
}

test('every step of the page does what the page says', async () => {
  cpSync(KERNEL, join(folder, 'linux'), { recursive: true });
  cpSync(KERNEL, join(folder, 'linux-next'), { recursive: true });
  mkdirSync(join(folder, 'captures'));
  mkdirSync(join(folder, 'components'));
  const env = { XDG_CACHE_HOME: folder, XDG_DATA_HOME: folder };
  const printed = new Map<string, string>();
  for (const { kind, of, exit, text } of BLOCKS) {
    if (kind === 'file') write(of, text);
    if (kind === 'edit') write(of, edited(text));
    if (kind === 'era') {
      const file = readFileSync(join(folder, of), 'utf8');
      write(of, file.replace('eras:\n', `eras:\n${text}`));
    }
    if (kind === 'run') {
      let status = 0;
      for (const line of text.trim().split('\n')) {
        const run = await runCli(line.split(' ').slice(1), { env, cwd: folder });
        assert.notEqual(run.status, 2, `${line}: ${run.stderr}`);
        status = run.status;
        printed.set(of, run.stdout);
      }
      assert.equal(status, exit, `${of}: ${printed.get(of)}`);
    }
  }
  if (process.env.UPDATE_GOLDEN === '1') {
    const filled = page.replace(/^```text out=(\S+)\n[\s\S]*?^```$/gm, (_all, of: string) => {
      const shown = (printed.get(of) ?? '').split('\n\n')[0]?.trimEnd() ?? '';
      return `\`\`\`text out=${of}\n${shown}\n\`\`\``;
    });
    writeFileSync(pagePath, filled);
    return;
  }
  for (const { kind, of, text } of BLOCKS) {
    if (kind !== 'out') continue;
    assert.notEqual(text.trim(), '');
    assert.ok(printed.get(of)?.startsWith(text.trimEnd()), `${of} prints:\n${printed.get(of)}`);
  }
});
