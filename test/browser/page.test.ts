import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import type { ShowOptions } from './browser.ts';
import { keepPicture, Shows, WITHOUT_BROWSER } from './browser.ts';
import {
  axeScript,
  emptyPage,
  HOSTILE_RELEASE,
  HOSTILE_STRUCT,
  hostilePage,
  syntheticPage,
  upstreamPage,
} from './pages.ts';

// The page as people use it, in a real browser.

const PAIR = '#from=6.17.8&to=6.18.15';

describe('the page in a browser', { skip: WITHOUT_BROWSER }, () => {
  let shows: Shows;
  let upstream: string;
  before(async () => {
    shows = await Shows.start();
    upstream = shows.write('upstream', upstreamPage());
  });
  after(async () => {
    await shows?.stop();
  });

  const open = (fragment = '', options?: ShowOptions): Promise<Page> =>
    shows.show(`${upstream}${fragment}`, options);

  test('shows numbers, a legend and the matrix, and asks nobody for anything', async () => {
    const page = await open();
    await page.locator('[role=gridcell]').first().waitFor();
    assert.match(await text(page.locator('.overview')), /main\+1.*4 of 7/s);
    assert.match(await text(page.locator('.legend')), /misread: accepted and read wrongly/);
    assert.equal(await page.getByRole('grid').getAttribute('aria-rowcount'), '24');
    assert.equal(
      await cell(page, '6.17.8', '6.18.15')
        .innerText()
        .then((mark) => mark[0]),
      'X',
    );
    await keepPicture(page, 'matrix');
    await page.close();
  });

  test('a cell opens its pair, the rollback opens from there, and Back leads back', async () => {
    const page = await open();
    await cell(page, '6.17.8', '6.18.15').click();
    const panel = page.locator('.panel');
    assert.match(await text(panel), /misread \(corruption\)/);
    assert.match(await text(panel), /kho_mem_phys_bits is 512 bytes when written and 4096 when read/);
    assert.match(await text(panel), /kernel\/kexec_handover\.c:66/);
    assert.match(await text(panel), /Tested: as predicted/);
    assert.ok((await panel.locator('.map .piece.is-other').count()) > 0, 'a byte map with a difference');
    assert.match(await text(panel.locator('.ways')), /Rollback 6\.18\.15 → 6\.17\.8/);
    await panel.getByRole('button', { name: 'Show the rollback' }).click();
    assert.match(page.url(), /from=6\.18\.15&to=6\.17\.8/);
    await page.goBack();
    assert.match(page.url(), /from=6\.17\.8&to=6\.18\.15/);
    assert.match(await text(panel.locator('h2')), /6\.17\.8\s*→\s*6\.18\.15/);
    await page.goBack();
    await panel.waitFor({ state: 'detached' });
    await page.close();
  });

  test('a permalink shows the same view', async () => {
    const first = await open();
    await first.getByRole('radio', { name: 'memfd' }).check();
    await first.getByLabel('Target').selectOption('arm64-16k');
    await cell(first, '6.19.11', '7.0').click();
    const address = await first.locator('.permalink').getAttribute('href');
    const shown = await text(first.locator('.panel'));
    await first.close();
    const second = await shows.show(String(address));
    assert.equal(await text(second.locator('.panel')), shown);
    assert.match(shown, /memfd on arm64-16k/);
    assert.match(shown, /boot-panic/);
    assert.ok(await second.getByRole('radio', { name: 'memfd' }).isChecked());
    await second.close();
  });

  test('filters narrow the matrix and stand in the URL', async () => {
    const page = await open();
    await page.getByLabel('Kernel or struct').fill('7.1, 7.2');
    await page.waitForFunction('document.querySelector("[role=grid]").ariaRowCount === "11"');
    assert.match(page.url(), /search=7\.1/);
    await page.getByLabel('Pair class').selectOption('stable-sequential');
    assert.match(page.url(), /class=stable-sequential/);
    assert.equal(await cell(page, '7.1.3', '7.1.8').innerText(), '=');
    assert.equal(await cell(page, '7.1.8', '7.1.3').innerText(), '');
    await page.getByRole('checkbox', { name: 'Fold equal kernels' }).check();
    assert.match(page.url(), /folded/);
    assert.equal(await page.getByRole('grid').getAttribute('aria-rowcount'), '3');
    await page.getByRole('button', { name: '7.1', exact: true }).click();
    assert.equal(await page.getByRole('grid').getAttribute('aria-rowcount'), '6');
    await page.close();
  });

  test('a profile that no kernel can carry says so and shows them on request', async () => {
    const page = await open('#profile=pci');
    await page.getByRole('heading', { name: /No kernel in this selection can preserve pci state/ }).waitFor();
    await page.getByRole('button', { name: 'Show them all the same' }).click();
    assert.equal(await page.getByRole('grid').getAttribute('aria-rowcount'), '24');
    await page.close();
  });

  test('a release opens its markers, a struct of it opens its history', async () => {
    const page = await open();
    await page.getByRole('button', { name: '7.3.4', exact: true }).click();
    const panel = page.locator('.panel');
    assert.match(await text(panel), /kho-v4/);
    assert.match(await text(panel), /captured from deb/);
    await panel.locator('summary', { hasText: 'memfd' }).click();
    await panel.getByRole('button', { name: 'struct memfd_luo_ser' }).click();
    assert.match(page.url(), /struct=memfd_luo_ser/);
    assert.match(await text(panel), /6\.19\.6 … 7\.0/);
    assert.ok((await panel.locator('.members .is-added').count()) > 0);
    await keepPicture(page, 'struct');
    await page.close();
  });

  test('the keyboard alone leads to a pair and back to its cell', async () => {
    const page = await open('', { height: 1500 });
    await cell(page, '6.16', '6.16').focus();
    for (const key of ['ArrowDown', 'ArrowRight', 'ArrowRight', 'ArrowRight']) await page.keyboard.press(key);
    assert.match(await focused(page), /^6\.17\.8 to 6\.18\.9: misread/);
    await page.keyboard.press('Control+End');
    assert.match(await focused(page), /^7\.3\.4 to 7\.3\.4/);
    await page.keyboard.press('Home');
    assert.match(await focused(page), /^7\.3\.4 to 6\.16/);
    await page.keyboard.press('Enter');
    await page.locator('.panel h2').waitFor();
    assert.match(page.url(), /from=7\.3\.4&to=6\.16/);
    await page.keyboard.press('Escape');
    await page.locator('.panel').waitFor({ state: 'detached' });
    assert.match(await focused(page), /^7\.3\.4 to 6\.16/);
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Enter');
    assert.match(page.url(), /release=7\.3\.4/);
    assert.equal(await page.locator('[role=gridcell][tabindex="0"]').count(), 0, 'one place with a tab stop');
    await page.close();
  });

  test('dark is what the system says, and what the button says', async () => {
    const page = await open(PAIR, { dark: true });
    const ground = (): Promise<unknown> => page.evaluate('getComputedStyle(document.body).backgroundColor');
    assert.equal(await ground(), 'rgb(15, 19, 23)');
    const button = page.getByRole('button', { name: /^Theme/ });
    await button.click();
    await button.click();
    assert.equal(await button.getAttribute('aria-label'), 'Theme: light');
    assert.equal(await ground(), 'rgb(244, 246, 248)');
    await page.close();
  });

  test('names that are markup stay text', async () => {
    const page = await shows.show(`${shows.write('hostile', hostilePage())}#kinds=upstream,downstream`);
    await page.locator('[role=gridcell]').first().waitFor();
    const name = page.getByRole('button', { name: HOSTILE_RELEASE });
    assert.equal(await name.innerText(), HOSTILE_RELEASE);
    await name.click();
    const panel = page.locator('.panel');
    await panel.locator('summary', { hasText: 'kho' }).first().click();
    await panel.getByRole('button', { name: HOSTILE_STRUCT }).click();
    assert.match(page.url(), /struct=%3Cimg/);
    await cell(page, '7.3.4', HOSTILE_RELEASE).click();
    assert.match(await text(panel.locator('h2')), /<img src=x/);
    assert.equal(await page.evaluate('window.harmed'), undefined);
    assert.equal(await page.locator('img').count(), 0);
    await page.close();
  });

  test('200 kernels are scrolled with little in the document', async () => {
    const page = await shows.show(shows.write('synthetic', syntheticPage(200)));
    const cells = page.locator('[role=gridcell]');
    await cells.first().waitFor();
    const before = await cells.count();
    assert.ok(before < 2500, `${before} cells`);
    assert.equal(await page.getByRole('grid').getAttribute('aria-rowcount'), '201');
    const most = Number(await page.evaluate(SCROLL));
    const last = cell(page, '9.9.20', '9.9.20');
    assert.equal(await last.innerText(), '=');
    assert.ok(await last.isVisible());
    assert.ok(most > 0 && most < 2500, `${most} cells while it is scrolled`);
    await keepPicture(page, 'synthetic');
    await page.close();
  });

  test('the kernels show whether KHO is built and on by default, and each opens its release', async () => {
    const page = await open();
    const table = page.locator('.kernels table');
    assert.equal(await table.count(), 0, 'made only when it is asked for');
    await page.locator('.kernels summary').click();
    const heads = await table.locator('thead th').allInnerTexts();
    assert.deepEqual(heads.slice(3), ['KHO built', 'on by default', 'switched off by configuration']);
    assert.equal(await table.locator('tbody tr').count(), 23);
    const row = table.locator('tbody tr').filter({ has: page.getByRole('button', { name: '7.3.4' }) });
    assert.deepEqual((await row.locator('td').allInnerTexts()).slice(2), ['buildable', 'unknown', '']);
    await row.getByRole('button').click();
    assert.match(await text(page.locator('.panel h2')), /7\.3\.4/);
    await page.close();
  });

  test('what the URL names and nobody knows is told', async () => {
    const page = await open('#from=6.99&to=7.3.4&profile=nonsense');
    const alerts = page.getByRole('alert');
    await alerts.first().waitFor();
    const words = (await alerts.allInnerTexts()).join(' ');
    assert.match(words, /no kernel “6\.99” here/);
    assert.match(words, /no profile “nonsense” here/);
    assert.ok((await page.locator('[role=gridcell]').count()) > 0, 'the matrix is there all the same');
    await page.close();
  });

  test('an empty catalog says what to do', async () => {
    const page = await shows.show(shows.write('empty', emptyPage()));
    await page.getByRole('heading', { name: 'The catalog has no kernel yet' }).waitFor();
    assert.match(await text(page.locator('main')), /luo-abi catalog import/);
    assert.deepEqual(await violations(page), []);
    await page.close();
  });

  test('on paper the matrix stands whole', async () => {
    const page = await open();
    await page.locator('[role=gridcell]').first().waitFor();
    await page.emulateMedia({ media: 'print' });
    await page.locator('table.print').waitFor();
    assert.equal(await page.locator('table.print tbody td').count(), 23 * 23);
    await page.close();
  });

  const looks: [string, string, ShowOptions][] = [
    ['light', '', {}],
    ['dark', '', { dark: true }],
    ['light with a pair', PAIR, {}],
    ['dark with a pair', PAIR, { dark: true }],
    ['light with a release', '#release=7.3.4', {}],
    ['dark with a struct', '#struct=memfd_luo_ser', { dark: true }],
    ['a narrow window', PAIR, { width: 480, height: 800 }],
  ];
  for (const [name, fragment, options] of looks) {
    test(`axe-core finds nothing: ${name}`, async () => {
      const page = await open(fragment, options);
      await page.locator('[role=gridcell]').first().waitFor();
      await keepPicture(page, `look-${name.replaceAll(' ', '-')}`);
      assert.deepEqual(await violations(page), []);
      await page.close();
    });
  }

  test('no script failed and no request was made in any of them', () => {
    assert.deepEqual(shows.troubles, []);
  });
});

/** Scrolls to the end in steps; the most cells that were in the document at any of them. */
const SCROLL = `new Promise((resolve) => {
  const grid = document.querySelector('[role=grid]');
  let most = 0, step = 0;
  const next = () => {
    most = Math.max(most, document.querySelectorAll('[role=gridcell]').length);
    step += 1;
    grid.scrollTo(step * 260, step * 260);
    if (step < 30) requestAnimationFrame(next);
    else requestAnimationFrame(() => requestAnimationFrame(() => resolve(most)));
  };
  requestAnimationFrame(next);
})`;

async function text(locator: Locator): Promise<string> {
  await locator.first().waitFor();
  return locator.first().innerText();
}

function cell(page: Page, outgoing: string, incoming: string): Locator {
  return page.getByRole('gridcell', { name: `${outgoing} to ${incoming}: ` }).first();
}

async function focused(page: Page): Promise<string> {
  await page.waitForTimeout(60);
  return String(await page.evaluate('document.activeElement.getAttribute("aria-label")'));
}

/** The rules of axe-core that a page breaks, each with the first element. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axeScript());
  const found = (await page.evaluate(
    `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
      violations.map(({ id, nodes: [node] }) => id + ': ' + node.html.slice(0, 160) + ' ' + node.failureSummary))`,
  )) as string[];
  return found;
}
