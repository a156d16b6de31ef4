/** Every page of the registry: its address says all of its settings, and hostile text stays text wherever it goes in. */
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { pages } from '../../src/pages/registry.js';
import type { AnyRow } from '../../src/state/rows.js';
import { LabPage, openLab } from './lab-page.js';
import { strings } from './strings.js';

const { browser, site } = await openLab();

/** Reads an address in the open page as the browser's back button does. */
const goTo = (page: Page, query: URLSearchParams): Promise<void> =>
  page.evaluate(async (search) => {
    history.replaceState(null, '', `?${search}`);
    dispatchEvent(new PopStateEvent('popstate'));
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  }, query.toString());

const nothingHappened = (page: Page): Promise<unknown> =>
  page.evaluate(() => ({
    hit: 'hit' in globalThis || 'hit' in {},
    elements: document.querySelectorAll(
      '#app script, #app iframe, #app img, #app object, #app embed, #app base, #app form[action]',
    ).length,
  }));
const nothing = { hit: false, elements: 0 };

/** A choice other than the default: cheap to compute with, whatever the page does. */
const another = (row: AnyRow): string | undefined =>
  row.kind === 'choice'
    ? row.options.find((option) => option !== row.initial)
    : row.kind === 'toggle'
      ? row.format(!row.initial)
      : undefined;

describe.each(pages.map((entry) => [entry.id, entry] as const))('%s', (id, entry) => {
  test('what is chosen is in the address, and the address brings it back', async () => {
    const { table } = (await entry.load()).page;
    const lab = await LabPage.openPage(browser, site, id);
    const { page } = lab;
    await page.evaluate(() => {
      for (const details of document.querySelectorAll('details')) details.open = true;
    });
    let changed = 0;
    for (const [name, row] of Object.entries(table)) {
      const wanted = another(row);
      const field = page.locator(`#field-${name}`);
      if (wanted === undefined || (await field.count()) === 0 || !(await field.isVisible())) continue;
      if (row.kind === 'choice') await field.selectOption(wanted);
      else await field.click();
      changed += 1;
      await page.waitForFunction(
        ([path, text]) => new URLSearchParams(location.search).get(path as string) === text,
        [row.path, wanted],
      );
      const { search } = new URL(page.url());
      await page.reload();
      await lab.drawn();
      await page.evaluate(() => {
        for (const details of document.querySelectorAll('details')) details.open = true;
      });
      expect(new URL(page.url()).search).toBe(search);
      if (row.kind === 'choice') expect(await field.inputValue()).toBe(wanted);
      else expect(await field.isChecked()).toBe(!row.initial);
      if (changed === 3) break;
    }
    if (changed > 0) {
      await page.locator('h1').click();
      await page.goBack();
      await lab.drawn();
    }
    expect(lab.complaints).toEqual([]);
    await lab.close();
  });

  test('hostile strings in every parameter of the address stay text', async () => {
    const { table } = (await entry.load()).page;
    const lab = await LabPage.openPage(browser, site, id);
    const paths = [
      ...Object.values(table).map(({ path }) => path),
      'mode',
      'lang',
      'theme',
      'hide',
      'lock',
      'v',
    ];
    for (const [index, string] of strings.entries()) {
      const query = new URLSearchParams({
        v: '1',
        ...Object.fromEntries(paths.map((path) => [path, string])),
      });
      query.set(string, string);
      query.set('p', id);
      // Some as a first load, all the others as an address that is gone back to.
      if (index % 17 === 0) {
        await lab.page.goto(`${site.url}?${query}#${encodeURIComponent(string)}`);
        await lab.page.waitForSelector('.status.error');
      } else await goTo(lab.page, query);
      expect(await nothingHappened(lab.page), string).toEqual(nothing);
    }
    await goTo(lab.page, new URLSearchParams({ v: '1', p: '<img src=x onerror=hit=1>' }));
    expect(await nothingHappened(lab.page)).toEqual(nothing);
    expect(lab.complaints).toEqual([]);
    await lab.close();
  });

  test('hostile strings in every text field stay text', async () => {
    const lab = await LabPage.openPage(browser, site, id);
    const { page } = lab;
    const fields = await page.evaluate(async (texts) => {
      for (const details of document.querySelectorAll('details')) details.open = true;
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
      const found = [
        ...document.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>(
          'main :is(input[type="text"], input:not([type]), textarea):not([readonly], :disabled)',
        ),
      ];
      for (const field of found) {
        const before = field.value;
        for (const text of [...texts, before]) {
          field.focus();
          field.value = text;
          field.dispatchEvent(new InputEvent('input', { bubbles: true }));
          field.dispatchEvent(new Event('change', { bubbles: true }));
        }
        field.blur();
        await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
      }
      return found.length;
    }, strings);
    console.log(`${id}: ${strings.length} strings in ${fields} text fields`);
    await page.waitForTimeout(600);
    expect(await nothingHappened(page)).toEqual(nothing);
    expect(lab.complaints).toEqual([]);
    await lab.close();
  });
});
