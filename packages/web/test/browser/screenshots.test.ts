/** Pictures of the page for people to look at, and what a picture must not show: clipped or overlapping controls. */
import { describe, expect, test } from 'vitest';
import { LabPage, openLab, small } from './lab-page.js';

const { browser, site } = await openLab();

const sizes = [
  ['phone', 390, 844],
  ['laptop', 1280, 800],
  ['wide', 1920, 1080],
] as const;

describe.each(sizes)('%s', (size, width, height) => {
  test.each([
    ['en', 'light'],
    ['en', 'dark'],
    ['fa', 'light'],
    ['fa', 'dark'],
  ])('%s %s', async (lang, theme) => {
    const touch = size === 'phone' ? { hasTouch: true, isMobile: true } : {};
    const lab = await LabPage.open(
      browser,
      site,
      {
        ...small,
        'train.seq': '48',
        'model.hidden': '64',
        'train.steps': '300',
        'data.eval': '50',
        'sample.length': '260',
        lang,
        theme,
      },
      { viewport: { width, height }, ...touch },
    );
    const { page } = lab;
    await lab.play();
    // On a phone it stands in the sheet of controls, which is closed.
    await page.waitForSelector('[data-testid=hash]', { state: 'attached', timeout: 60_000 });
    await page.evaluate(() => document.fonts.ready);
    // The last drawing of the curve is at most a tenth of a second behind.
    await page.waitForTimeout(300);
    await lab.screenshot(`${size}-${lang}-${theme}`);
    // Without the bar, which is fixed to the window and would stand in the middle of a long picture.
    await page.locator('.transport').evaluate((bar) => {
      (bar as HTMLElement).style.position = 'static';
    });
    await lab.screenshot(`${size}-${lang}-${theme}-whole`, true);
    const clipped = await page
      .locator('button:visible, .stat .value, .stat dt, h1, h2, label:visible, .legend li')
      .evaluateAll((elements) =>
        elements
          .filter((element) => element.getClientRects().length > 0)
          .filter((element) => {
            const box = element.getBoundingClientRect();
            const outside = box.left < -1 || box.right > document.documentElement.clientWidth + 1;
            return outside || element.scrollWidth > element.clientWidth + 2;
          })
          .map((element) => `${element.className}: ${element.textContent}`),
      );
    expect(clipped).toEqual([]);
    const canvas = await page.locator('.plot canvas').boundingBox();
    expect(canvas?.width).toBeGreaterThan(250);
    expect(lab.complaints).toEqual([]);
    await lab.close();
  });
});
