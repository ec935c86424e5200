import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import type { PageDocument } from '../../src/model/page.ts';
import { pageTemplate } from '../../src/page/template.ts';
import { renderPage } from '../../src/report/site/page-html.ts';
import { packageRoot } from '../../src/schema/package-root.ts';

const PROGRAM = process.env.LUO_ABI_CHROMIUM ?? '/usr/bin/chromium';
const OUTPUT = join(packageRoot(), 'test/output/browser');

/** Why the tests of a browser cannot run here; false where they can. */
export const WITHOUT_BROWSER: string | false = existsSync(PROGRAM) ? false : `${PROGRAM} is not installed`;

export interface ShowOptions {
  width?: number;
  height?: number;
  dark?: boolean;
}

/** Pages shown by one browser, and what went wrong in them. */
export class Shows {
  readonly #browser: Browser;
  readonly #template: string;
  /** Errors of scripts, and every request that left the page. */
  readonly troubles: string[] = [];

  private constructor(browser: Browser, template: string) {
    this.#browser = browser;
    this.#template = template;
  }

  static async start(): Promise<Shows> {
    mkdirSync(OUTPUT, { recursive: true });
    const template = await pageTemplate();
    const browser = await chromium.launch({ executablePath: PROGRAM, args: ['--no-sandbox'] });
    return new Shows(browser, template);
  }

  /** Writes a page and gives its address. */
  write(name: string, data: PageDocument): string {
    const path = join(OUTPUT, `${name}.html`);
    writeFileSync(path, renderPage(data, this.#template));
    return pathToFileURL(path).href;
  }

  async show(address: string, { width = 1440, height = 900, dark = false }: ShowOptions = {}): Promise<Page> {
    const page = await this.#browser.newPage({
      viewport: { width, height },
      colorScheme: dark ? 'dark' : 'light',
      reducedMotion: 'reduce',
    });
    page.on('pageerror', (error) => this.troubles.push(String(error)));
    page.on('request', (request) => {
      if (!request.url().startsWith('file:')) this.troubles.push(`request: ${request.url()}`);
    });
    await page.goto(address);
    return page;
  }

  async stop(): Promise<void> {
    await this.#browser.close();
  }
}

/** Keeps a picture of a page for people to look at. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(OUTPUT, `${name}.png`) });
}
