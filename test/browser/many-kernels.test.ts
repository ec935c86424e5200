import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { Shows, WITHOUT_BROWSER } from './browser.ts';
import { manyPage } from './pages.ts';

// The page over five thousand kernels: it opens, scrolls, filters, and finds a kernel by typing. What is counted is what it holds.

const KERNELS = 5000;
/** Of twelve classes of kernels with the names of all: a page that kept every fact for each would be ten times as long. */
const MEGABYTES = 3;
const HEAP = 100;
const CELLS = 5000;

describe(`the page of ${KERNELS} kernels`, { skip: WITHOUT_BROWSER }, () => {
  let shows: Shows;
  let page: Page;
  let address: string;
  before(async () => {
    shows = await Shows.start();
    address = shows.write('many', await manyPage(KERNELS));
    page = await shows.show(`${address}#profile=memory`);
  });
  after(() => shows?.stop());

  const rows = async (): Promise<number> =>
    Number(await page.getByRole('grid').getAttribute('aria-rowcount'));

  test('opens with every kernel, and holds little', async () => {
    await page.locator('[role=gridcell]').first().waitFor();
    assert.equal(await rows(), KERNELS + 1);
    const megabytes = statSync(fileURLToPath(address)).size / 2 ** 20;
    assert.ok(megabytes < MEGABYTES, `${megabytes.toFixed(1)} MB`);
    const session = await page.context().newCDPSession(page);
    await session.send('HeapProfiler.collectGarbage');
    const { usedSize } = await session.send('Runtime.getHeapUsage');
    const heap = usedSize / 2 ** 20;
    assert.ok(heap < HEAP, `${heap.toFixed(0)} MB`);
  });

  test('scrolls to the far end, and only what is in view is there', async () => {
    await page.locator('[role=gridcell]').first().focus();
    await page.keyboard.press('Control+End');
    await page.locator(`[role=row][aria-rowindex="${KERNELS + 1}"]`).waitFor();
    const cells = await page.locator('[role=gridcell]').count();
    assert.ok(cells > 100 && cells < CELLS, String(cells));
  });

  test('finds a kernel by typing, and opens its pair', async () => {
    await page.locator('input[type=search]').fill('7.3.5991, 6.18.5982');
    await page.locator('[role=grid][aria-rowcount="3"]').waitFor();
    await page.locator('[role=gridcell]').nth(1).click();
    assert.match((await page.locator('.panel').innerText()).replaceAll(/\s+/g, ' '), /refused|misread/);
    assert.deepEqual(shows.troubles, []);
  });
});
