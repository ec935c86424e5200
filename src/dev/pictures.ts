// Writes the pictures of README and docs from real output: npm run pictures, after a build. The pictures of the page need
// a browser (chromium) and are left as they are where there is none.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { packageRoot } from '../schema/package-root.ts';
import { ansiToSvg } from './ansi-svg.ts';
import { mainlineTable } from './mainline-table.ts';

const IMAGES = join(packageRoot(), 'docs/images');
const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const folder = mkdtempSync(join(tmpdir(), 'luo-abi-pictures-'));

/** What a command prints on a colour terminal of 100 columns. */
function output(...args: string[]): string {
  const env = { ...process.env, FORCE_COLOR: '1', XDG_CACHE_HOME: folder, XDG_DATA_HOME: folder };
  return execFileSync('node', [join(packageRoot(), 'dist/cli/main.js'), ...args], {
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

function picture(name: string, ...args: string[]): void {
  const command = `luo-abi ${args.filter((arg, index) => arg !== '--fail-on' && args[index - 1] !== '--fail-on').join(' ')}`;
  writeFileSync(join(IMAGES, `${name}.svg`), ansiToSvg(`$ ${command}\n${output(...args)}`, command));
}

async function pageShots(): Promise<void> {
  const executablePath = BROWSERS.find((path) => existsSync(path));
  const page = join(packageRoot(), 'reports/index.html');
  if (executablePath === undefined || !existsSync(page)) return;
  const { chromium } = await import('playwright-core');
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  try {
    for (const colorScheme of ['light', 'dark'] as const) {
      const view = await browser.newPage({ viewport: { width: 1280, height: 800 }, colorScheme });
      await view.goto(pathToFileURL(page).href);
      await view.waitForSelector('[role=grid]');
      await view.screenshot({ path: join(IMAGES, `page-${colorScheme}.png`) });
      await view.close();
    }
  } finally {
    await browser.close();
  }
}

function writeTable(): void {
  const path = join(packageRoot(), 'README.md');
  const text = readFileSync(path, 'utf8');
  const between = /(<!-- mainline pairs -->\n)[\s\S]*?(<!-- end -->)/;
  writeFileSync(
    path,
    text.replace(between, (_, open: string, close: string) => `${open}${mainlineTable()}${close}`),
  );
}

picture('matrix', 'matrix', '--profile', 'memory', '--fail-on', 'never');
picture('check', 'check', '6.17.8', '6.18.5', '--profile', 'memory', '--fail-on', 'never');
writeTable();
await pageShots();
rmSync(folder, { recursive: true });
