import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { listen } from '../../src/server/server.ts';
import { serve } from '../server/support.ts';
import { shipped } from '../support/shipped.ts';

// The served page in a real browser: its own policy must let it do all that it does.

const CHROMIUM = process.env.LUO_ABI_CHROMIUM ?? '/usr/bin/chromium';

test('the page runs under the policy that it is served with', {
  skip: existsSync(CHROMIUM) ? false : `${CHROMIUM} is not installed`,
  timeout: 300_000,
}, async () => {
  const { documents, ...rest } = shipped();
  const few = documents.filter(({ release }) => /^7\.[0123]/.test(release));
  const served = await serve({ ...rest, documents: few, overlays: [] });
  const url = await listen(served.app, { host: '127.0.0.1', port: 0 });
  const { chromium } = await import('playwright-core');
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage();
    const faults: string[] = [];
    const requests: string[] = [];
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) faults.push(message.text());
    });
    page.on('pageerror', (error) => faults.push(String(error)));
    page.on('request', (request) => requests.push(request.url()));
    await page.goto(url);
    await page.getByRole('grid').waitFor();
    await page.getByRole('gridcell').first().click();
    await page.waitForTimeout(200);
    assert.deepEqual(faults, []);
    assert.deepEqual(requests, [`${url}/`]);
  } finally {
    await browser.close();
    await served.close();
  }
});
