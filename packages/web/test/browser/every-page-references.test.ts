/**
 * Every page as it was last reviewed by eye: `npm run references -w @hw5/web` takes the pictures anew, and whoever commits them
 * has looked at them. The test compares coarse pictures, so that another machine's fonts are no difference.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pages } from '../../src/pages/registry.js';
import { LabPage, launch, serve } from './lab-page.js';
import { type Distance, Pictures } from './pictures.js';

const folder = fileURLToPath(new URL('references/', import.meta.url));
const isTaking = import.meta.env.MODE === 'references';

let browser: Browser;
let site: Awaited<ReturnType<typeof serve>>;
let pictures: Pictures;

beforeAll(async () => {
  [browser, site] = await Promise.all([launch(), serve()]);
  pictures = await Pictures.open(browser);
  if (isTaking) mkdirSync(folder, { recursive: true });
});
afterAll(async () => {
  await browser.close();
  await site.close();
});

/** Width of the window and of the kept picture, px. */
const sizes = {
  phone: { width: 360, height: 780, kept: 300 },
  laptop: { width: 1280, height: 800, kept: 760 },
  wide: { width: 1920, height: 1080, kept: 900 },
} as const;
type Size = keyof typeof sizes;
type Look = readonly [size: Size, lang: 'en' | 'fa', theme: 'light' | 'dark'];

const looks: readonly Look[] = [
  ['laptop', 'en', 'light'],
  ['laptop', 'en', 'dark'],
  ['laptop', 'fa', 'light'],
  ['laptop', 'fa', 'dark'],
  ['phone', 'en', 'light'],
  ['phone', 'fa', 'dark'],
  ['wide', 'en', 'dark'],
  ['wide', 'fa', 'light'],
];

const QUALITY = 0.5;
/** Of a page that grows and grows, the beginning. */
const MOST_HEIGHT = 6000;
/** A page stands still when two pictures, so far apart in time, are the same, ms. */
const STILL = 800;
const MOST_WAITS = 30;

/** The whole page in one window, once nothing moves any more. */
async function picture(id: string, [size, lang, theme]: Look, css = '', patience = 1): Promise<Buffer> {
  const { width, height } = sizes[size];
  const touch = size === 'phone' ? { hasTouch: true, isMobile: true } : {};
  const options = { viewport: { width, height }, reducedMotion: 'reduce', ...touch } as const;
  const lab = await LabPage.openPage(browser, site, id, { lang, theme }, options);
  const { page } = lab;
  if (css !== '')
    await page.evaluate((text) => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(text);
      document.adoptedStyleSheets.push(sheet);
    }, css);
  // First as it is seen, since a page that still computes has not its height yet.
  await still(page, patience);
  const whole = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.setViewportSize({ width, height: Math.min(MOST_HEIGHT, Math.max(height, whole)) });
  const taken = await still(page, patience);
  await lab.close();
  return taken;
}

/** The page's picture once nothing on it moves. */
async function still(page: Page, patience: number): Promise<Buffer> {
  let before: Buffer = Buffer.alloc(0);
  for (let wait = 0; wait < MOST_WAITS; wait += 1) {
    await page.waitForTimeout(STILL * patience);
    const now = await page.screenshot();
    if (now.equals(before)) break;
    before = now;
  }
  return before;
}

const fileOf = (id: string, look: Look): string => `${folder}${[id, ...look].join('-')}.webp`;

async function apart(id: string, look: Look, css = '', patience = 1): Promise<Distance> {
  const now = await picture(id, look, css, patience);
  return pictures.distance(now, readFileSync(fileOf(id, look)), sizes[look[0]].width);
}

/**
 * Measured: the same page is 0.015 from its picture and less, with another font 0.025 and a tenth taller, without its style
 * sheets 0.045 to 0.8 and half as tall again. So this sees a page that has lost its style or most of what was on it, and
 * nothing finer; finer faults are for every-page-layout.test.ts and for who looks at the pictures.
 */
const FURTHEST = 0.035;
const TALLEST = 1.3;

const looksRight = ({ luminance, height }: Distance): boolean =>
  luminance < FURTHEST && height < TALLEST && height > 1 / TALLEST;

// Two looks tell whether a page still stands; all of them are for eyes.
const compared: readonly Look[] = [looks[0]!, looks[5]!];

describe.each(pages.map(({ id }) => id))('%s', (id) => {
  test.each(isTaking ? looks : compared)('%s, %s, %s', async (...look) => {
    if (isTaking) {
      const { kept } = sizes[look[0]];
      writeFileSync(fileOf(id, look), await pictures.webp(await picture(id, look), kept, QUALITY));
      return;
    }
    expect(existsSync(fileOf(id, look)), 'a reviewed picture, from npm run references').toBe(true);
    // A busy machine computes for longer than a page seems to stand still.
    let distance = await apart(id, look);
    for (const patience of [3, 8]) if (!looksRight(distance)) distance = await apart(id, look, '', patience);
    expect(looksRight(distance), JSON.stringify(distance)).toBe(true);
  });
});

test('a page without its style sheets is told apart', async () => {
  // While pictures are taken there is nothing to compare with.
  for (const id of isTaking ? [] : ['bptt', 'tagging']) {
    const distance = await apart(id, looks[0]!, '* { all: revert !important }');
    expect(looksRight(distance), `${id}: ${JSON.stringify(distance)}`).toBe(false);
  }
});
