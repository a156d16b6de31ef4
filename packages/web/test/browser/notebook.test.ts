/** Numbers of any page go to one notebook: pinned by mouse and keyboard, kept over pages and reloads, ordered, taken along. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { violations } from './axe.js';
import { LabPage, openLab, rhyme, small } from './lab-page.js';

const { browser, site } = await openLab();

const labels = (page: Page): Promise<string[]> => page.locator('.pin-label').allInnerTexts();

test('numbers of three pages, by keyboard and mouse; links bring their states back', async () => {
  const lab = await LabPage.openPage(browser, site, 'bptt', { seed: '4' });
  const { page } = lab;
  // A matrix on the page: the arrows go on from the one entry that Tab reaches.
  const entry = page.locator('table.entries:has(td:nth-child(2) .pinnable) .pinnable').first();
  await entry.focus();
  await page.keyboard.press('ArrowRight');
  const value = await page.evaluate(() => document.activeElement?.closest('td')?.title ?? '');
  await page.keyboard.press('Enter');
  await lab.waitForStatus(/^Pinned to the notebook below: .* 1,2.? = /);
  const numberOf = (text: string): number => Number(text.replace('\u2212', '-'));
  expect(numberOf(await page.locator('.pin-value').first().innerText())).toBe(numberOf(value));
  expect(await page.locator('.pin-formula .katex').count()).toBe(1);

  // The table of any figure.
  await lab.visitPage('language-model');
  await page.locator('.twin summary').first().click();
  await page.locator('.twin td .pinnable').first().click();
  await lab.waitForStatus(/^Pinned/);
  expect(await labels(page)).toHaveLength(2);

  await lab.visit({ ...small });
  await lab.ownText(rhyme);
  await lab.play();
  await lab.waitForStatus(/^Done/);
  const loss = page.getByTestId('stat-validation');
  await loss.hover();
  await page.locator('[role=tooltip] .katex').waitFor();
  expect(await page.locator('[role=tooltip]').innerText()).toContain('Press to pin');
  await loss.click();
  await page.mouse.move(0, 0);
  expect((await labels(page)).at(-1)).toBe('Validation loss, step 60');
  expect(await violations(page)).toEqual([]);
  await lab.screenshot('notebook-en', true);

  // Kept over a reload, ordered and removed by keyboard, and undone.
  await page.reload();
  await lab.ready();
  expect(await labels(page)).toHaveLength(3);
  await page.getByRole('button', { name: /Earlier: .?Validation loss, step 60/ }).focus();
  await page.keyboard.press('Enter');
  expect((await labels(page))[1]).toBe('Validation loss, step 60');
  await page.getByRole('button', { name: 'Remove all' }).click();
  expect(await labels(page)).toEqual([]);
  const notebook = page.locator('.notebook');
  await notebook.getByRole('button', { name: 'Undo' }).click();
  expect(await labels(page)).toHaveLength(3);

  const csv = await lab.download('CSV');
  expect(csv.name).toBe('notebook.csv');
  expect(csv.bytes.toString().split('\r\n')[0]).toBe('label,value,formula,page,link');
  for (const name of ['JSON', 'LaTeX', 'Markdown'])
    expect((await lab.download(name)).bytes.length).toBeGreaterThan(100);

  await notebook.getByRole('link', { name: 'Backpropagation through three steps' }).click();
  await page.waitForFunction(() => location.search.includes('p=bptt') && location.search.includes('seed=4'));
  await page.locator('table.entries .pinnable').first().waitFor();
  expect(lab.complaints).toEqual([]);
  await lab.close();
});

test('in Persian, on a phone and in the dark: nothing is cut, and the strip has no axe violations', async () => {
  const lab = await LabPage.openPage(
    browser,
    site,
    'bptt',
    { lang: 'fa', theme: 'dark' },
    { viewport: { width: 360, height: 780 }, hasTouch: true, isMobile: true },
  );
  const { page } = lab;
  await page.locator('table.entries .pinnable').first().tap();
  await page.locator('.notebook').scrollIntoViewIfNeeded();
  expect(await page.getByTestId('pin').count()).toBe(1);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  await lab.screenshot('notebook-phone-fa');
  await page.setViewportSize({ width: 1280, height: 800 });
  expect(await violations(page)).toEqual([]);
  expect(lab.complaints).toEqual([]);
  await lab.close();
});
