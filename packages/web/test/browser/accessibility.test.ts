/** axe-core finds nothing, in both languages, both themes, and the states a person meets; the keyboard reaches everything. */
import { describe, expect, test } from 'vitest';
import { violations } from './axe.js';
import { LabPage, openLab, small } from './lab-page.js';

const { browser, site } = await openLab();

describe.each(['en', 'fa'])('in %s', (lang) => {
  test.each(['light', 'dark'])(
    'and %s: at rest, after training, with an error, with the help open',
    async (theme) => {
      const lab = await LabPage.open(browser, site, { ...small, lang, theme });
      const { page } = lab;
      expect(
        await page.evaluate(() => [document.documentElement.lang, document.documentElement.dir]),
      ).toEqual(lang === 'fa' ? ['fa', 'rtl'] : ['en', 'ltr']);
      expect(await violations(lab.page)).toEqual([]);
      await lab.play();
      await page.waitForSelector('[data-testid=hash]');
      await page.evaluate(() => {
        for (const details of document.querySelectorAll('details')) details.open = true;
      });
      await page.locator('#field-hidden').fill('0');
      await lab.play();
      await page.waitForSelector('.status.error');
      expect(await violations(lab.page)).toEqual([]);
      await page.locator('h1').click();
      await page.keyboard.press('?');
      await page.getByRole('dialog').waitFor();
      expect(await violations(lab.page)).toEqual([]);
      expect(lab.complaints).toEqual([]);
      await lab.close();
    },
  );

  test('and on a phone: no sideways scrolling, fingers find every control', async () => {
    const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
    const lab = await LabPage.open(browser, site, { ...small, lang }, phone);
    const { page } = lab;
    expect(await violations(lab.page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    const tooSmall = await page
      // Links and terms stand in sentences, which sets their height (WCAG 2.5.8, inline targets).
      .locator('button:not(.link, .term), select, .segments label, input[type=text]')
      .evaluateAll((elements) =>
        elements
          .filter((element) => element.getClientRects().length > 0)
          .filter((element) => element.getBoundingClientRect().height < 43.5)
          .map((element) => element.outerHTML.slice(0, 120)),
      );
    expect(tooSmall).toEqual([]);
    await lab.close();
  });
});

test('the system’s dark theme and calm motion are followed', async () => {
  const lab = await LabPage.open(browser, site, small, { colorScheme: 'dark', reducedMotion: 'reduce' });
  const { page } = lab;
  expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe('dark');
  const still = await page
    .locator('button.primary')
    .evaluate((button) => getComputedStyle(button).transitionDuration);
  expect(still).toBe('0s');
  await page.emulateMedia({ colorScheme: 'light' });
  await page.waitForFunction(() => document.documentElement.dataset.theme === 'light');
  await page.getByRole('button', { name: 'Theme: Dark' }).click();
  await page.waitForURL(/theme=dark/);
  await lab.close();
});

test('the tab key reaches every control once, with a visible focus', async () => {
  const lab = await LabPage.open(browser, site);
  const { page } = lab;
  const seen = new Set<string>();
  for (let press = 0; press < 120; press += 1) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(() => {
      const element = document.activeElement;
      if (element === null || element === document.body) return null;
      const { outlineStyle, outlineWidth } = getComputedStyle(element.closest('.segments label') ?? element);
      const name = `${element.tagName}#${element.id}.${element.className}:${element.textContent?.slice(0, 40)}${element.getAttribute('aria-label')}`;
      return { name, outlined: outlineStyle !== 'none' && outlineWidth !== '0px' };
    });
    if (focused === null) break;
    if (seen.has(focused.name)) break;
    expect(focused.outlined, focused.name).toBe(true);
    seen.add(focused.name);
  }
  for (const wanted of ['Train', 'Rewind', 'Write', 'Load checkpoint…', 'Copy link', 'فارسی']) {
    expect(
      [...seen].some((name) => name.includes(wanted)),
      wanted,
    ).toBe(true);
  }
  await lab.close();
});
