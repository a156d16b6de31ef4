/** Every page of the registry: axe-core finds nothing, the keyboard reaches and leaves everything, controls explain themselves. */
import { describe, expect, test } from 'vitest';
import { pages } from '../../src/pages/registry.js';
import { violations } from './axe.js';
import { LabPage, openLab } from './lab-page.js';

const PHONE = { width: 360, height: 740 };

const { browser, site } = await openLab();

describe.each(pages.map(({ id }) => id))('%s', (id) => {
  test('has no axe violations: two languages, two themes, everything unfolded, help and share open', async () => {
    const lab = await LabPage.openPage(browser, site, id);
    const { page } = lab;
    for (const lang of ['en', 'fa']) {
      for (const theme of ['light', 'dark']) {
        await lab.visitPage(id, { lang, theme });
        expect(await page.evaluate(() => document.documentElement.lang)).toBe(lang);
        await page.evaluate(() => {
          for (const details of document.querySelectorAll('details')) details.open = true;
        });
        expect(await violations(page), `${lang} ${theme}`).toEqual([]);
      }
      await page.locator('h1').click();
      await page.keyboard.press('?');
      await page.getByRole('dialog').waitFor();
      expect(await violations(page), `${lang}, help`).toEqual([]);
      await page.keyboard.press('Escape');
      await page.locator('button[aria-haspopup=dialog]').click();
      await page.locator('dialog[open] summary').click();
      expect(await violations(page), `${lang}, share`).toEqual([]);
      await page.keyboard.press('Escape');
    }
    expect(lab.complaints).toEqual([]);
    await lab.close();
  });

  test('has no axe violations on a phone', async () => {
    const lab = await LabPage.openPage(browser, site, id, { lang: 'fa', theme: 'dark' }, { viewport: PHONE });
    await lab.page.evaluate(() => {
      for (const details of document.querySelectorAll('details')) details.open = true;
    });
    expect(await violations(lab.page)).toEqual([]);
    await lab.close();
  });

  test('can be walked by the tab key from the first control to the last, with a visible focus', async () => {
    const lab = await LabPage.openPage(browser, site, id);
    const { page } = lab;
    // Numbered now: whatever is drawn anew on the way keeps the walk finite all the same.
    const wanted = await page.evaluate(() => {
      const reachable = [
        ...document.querySelectorAll<HTMLElement>(
          'a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), textarea, summary, [tabindex="0"]',
        ),
      ].filter(
        (element) =>
          element.tabIndex >= 0 &&
          element.getClientRects().length > 0 &&
          element.checkVisibility({ visibilityProperty: true }) &&
          !(element instanceof HTMLInputElement && element.type === 'radio' && !element.checked),
      );
      for (const [index, element] of reachable.entries()) element.dataset.walk = String(index);
      return reachable.map((element) => element.outerHTML.slice(0, 100));
    });
    const seen = new Set<number>();
    const unseen: string[] = [];
    for (let press = 0; press < wanted.length + 40 && seen.size < wanted.length; press += 1) {
      await page.keyboard.press('Tab');
      const focused = await page.evaluate(() => {
        const element = document.activeElement as HTMLElement | SVGElement | null;
        if (element === null || element === document.body) return null;
        const marked = element.closest('.segments label') ?? element;
        const { outlineStyle, outlineWidth } = getComputedStyle(marked);
        const visible = outlineStyle !== 'none' && outlineWidth !== '0px';
        return { index: Number(element.dataset.walk ?? -1), visible, html: element.outerHTML.slice(0, 100) };
      });
      if (focused === null) continue;
      if (focused.index >= 0) seen.add(focused.index);
      if (!focused.visible) unseen.push(focused.html);
    }
    expect(unseen).toEqual([]);
    expect(wanted.filter((_, index) => !seen.has(index))).toEqual([]);
    expect(wanted.length).toBeGreaterThan(8);
    await lab.close();
  });

  test.each(['en', 'fa'])('explains every field and names every button in %s', async (lang) => {
    const lab = await LabPage.openPage(browser, site, id, { lang });
    const nameless = await lab.page.evaluate(() => {
      for (const details of document.querySelectorAll('details')) details.open = true;
      const textOf = (ids: string | null): string =>
        (ids ?? '')
          .split(' ')
          .map((one) => document.getElementById(one)?.textContent ?? '')
          .join('');
      const fields = [...document.querySelectorAll('.field input, .field select')].filter(
        (field) => textOf(field.getAttribute('aria-describedby')).trim() === '',
      );
      const buttons = [...document.querySelectorAll('button')].filter(
        (button) =>
          (button.textContent ?? '').trim() === '' &&
          !(button.hasAttribute('aria-label') && button.hasAttribute('title')),
      );
      return [...fields, ...buttons].map((element) => element.outerHTML.slice(0, 140));
    });
    expect(nameless).toEqual([]);
    await lab.close();
  });
});
