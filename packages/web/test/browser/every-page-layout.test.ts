/** Every page of the registry at phone, laptop and wide sizes: nothing overlaps, clips or scrolls sideways. Leaves pictures. */
import { describe, expect, test } from 'vitest';
import { pages } from '../../src/pages/registry.js';
import { LabPage, openLab } from './lab-page.js';

const { browser, site } = await openLab();

const sizes = [
  ['phone', 360, 780],
  ['laptop', 1280, 800],
  ['wide', 1920, 1080],
] as const;

/** What a picture of the page must not show, in words. */
function faults(): string[] {
  const found: string[] = [];
  const short = (element: Element): string =>
    `<${element.tagName.toLowerCase()} class="${element.getAttribute('class') ?? ''}"> ${(element.textContent ?? '').trim().slice(0, 50)}`;
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > width + 1) {
    found.push(`the page is ${document.documentElement.scrollWidth} wide in a window of ${width}`);
  }
  const isShown = (element: Element): boolean =>
    element.getClientRects().length > 0 &&
    element.checkVisibility({ visibilityProperty: true }) &&
    element.closest('.hidden, .skip, dialog:not([open]), .katex-mathml') === null;
  const scrolls = (element: Element): boolean => {
    for (let outer = element.parentElement; outer !== null; outer = outer.parentElement) {
      if (/auto|scroll/.test(getComputedStyle(outer).overflowX)) return true;
    }
    return false;
  };
  /** What has scrolled out of its box is not on the screen. */
  const isInSight = (element: Element): boolean => {
    const box = element.getBoundingClientRect();
    for (let outer = element.parentElement; outer !== null; outer = outer.parentElement) {
      const { overflowX, overflowY } = getComputedStyle(outer);
      const frame = outer.getBoundingClientRect();
      const beyond = box.bottom > frame.bottom || box.top < frame.top;
      const beside = box.right > frame.right || box.left < frame.left;
      if (/auto|scroll/.test(overflowY) && outer.scrollHeight > outer.clientHeight && beyond) return false;
      if (/auto|scroll/.test(overflowX) && outer.scrollWidth > outer.clientWidth && beside) return false;
    }
    return true;
  };
  const words = [
    ...document.querySelectorAll('h1, h2, h3, p, li, dt, dd, button, label, summary, th, td, a, .value'),
  ].filter(isShown);
  for (const element of words) {
    if (element.querySelector('.katex') !== null) continue;
    const box = element.getBoundingClientRect();
    if (!scrolls(element) && (box.left < -1 || box.right > width + 1))
      found.push(`outside: ${short(element)}`);
    const { overflowX, textOverflow, display } = getComputedStyle(element);
    if (display === 'inline' || /auto|scroll/.test(overflowX) || textOverflow === 'ellipsis') continue;
    if (element.scrollWidth > element.clientWidth + 2) found.push(`clipped: ${short(element)}`);
  }
  const overlap = (a: DOMRect, b: DOMRect): number =>
    Math.max(0, Math.min(a.right, b.right) - Math.max(a.left, b.left)) *
    Math.max(0, Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top));
  /** The sheet of controls lies over the page on purpose. */
  const layerOf = (element: Element): Element | null => {
    const sheet = element.closest('.control-column');
    return sheet !== null && getComputedStyle(sheet).position === 'fixed' ? sheet : null;
  };
  const controls = [
    ...document.querySelectorAll('main :is(button, input, select, textarea, summary, a)'),
  ].filter(
    (element) =>
      isShown(element) && isInSight(element) && element.closest('.segments, .sheet-opener') === null,
  );
  for (const [index, a] of controls.entries()) {
    for (const b of controls.slice(index + 1)) {
      if (a.contains(b) || b.contains(a) || layerOf(a) !== layerOf(b)) continue;
      if (overlap(a.getBoundingClientRect(), b.getBoundingClientRect()) > 9) {
        found.push(`overlap: ${short(a)} and ${short(b)}`);
      }
    }
  }
  for (const svg of document.querySelectorAll('main svg')) {
    const texts = [...svg.querySelectorAll('text')].filter((text) => (text.textContent ?? '').trim() !== '');
    for (const [index, a] of texts.entries()) {
      if (Number.parseFloat(getComputedStyle(a).fontSize) < 11) found.push(`too small: ${short(a)}`);
      const box = a.getBoundingClientRect();
      for (const b of texts.slice(index + 1)) {
        const other = b.getBoundingClientRect();
        const share = overlap(box, other) / Math.min(box.width * box.height, other.width * other.height);
        if (share > 0.15) found.push(`overlap: ${short(a)} and ${short(b)}`);
      }
    }
  }
  return found;
}

describe.each(pages.map(({ id }) => id))('%s', (id) => {
  test.each(sizes)('%s', async (size, width, height) => {
    const touch = size === 'phone' ? { hasTouch: true, isMobile: true } : {};
    const lab = await LabPage.openPage(browser, site, id, {}, { viewport: { width, height }, ...touch });
    const { page } = lab;
    for (const lang of ['en', 'fa']) {
      for (const theme of ['light', 'dark']) {
        await lab.visitPage(id, { lang, theme });
        // Long enough for a figure that computes what it first shows.
        await page.waitForTimeout(400);
        await lab.screenshot(`${id}-${size}-${lang}-${theme}`);
        // Colours move nothing: one theme is enough for what follows.
        if (theme === 'dark') continue;
        expect(await page.evaluate(faults), lang).toEqual([]);
        await lab.screenshot(`${id}-${size}-${lang}-whole`, true);
        if (size !== 'phone') continue;
        const tooSmall = await page
          .locator('button:not(.link, .term, .pinnable), select, .segments label, input[type=text], .menu a')
          .evaluateAll((elements) =>
            elements
              .filter((element) => element.getClientRects().length > 0 && element.checkVisibility())
              .filter((element) => element.getBoundingClientRect().height < 43.5)
              .map((element) => element.outerHTML.slice(0, 120)),
          );
        expect(tooSmall, 'for fingers').toEqual([]);
        const opener = page.locator('.sheet-opener');
        if ((await opener.count()) === 0) continue;
        await opener.click();
        expect(await page.evaluate(faults), `${lang}, controls open`).toEqual([]);
        await lab.screenshot(`${id}-${size}-${lang}-controls`);
        await page.keyboard.press('Escape');
        await page.locator('.control-column').waitFor({ state: 'hidden' });
      }
    }
    expect(lab.complaints).toEqual([]);
    await lab.close();
  });
});
