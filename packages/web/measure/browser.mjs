/** The built lab, served and opened. */
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { serve as serveFolder } from '../../cli/dist/lab/server.js';

const folder = fileURLToPath(new URL('../dist', import.meta.url));

export const serve = () => serveFolder({ folder });

export const launch = () =>
  chromium.launch({
    executablePath: process.env.HW5_CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--headless=new',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });

/** A page that trains, `settings` by their names in the address. */
export async function openTraining(browser, site, settings) {
  const context = await browser.newContext({ serviceWorkers: 'block' });
  const page = await context.newPage();
  await page.goto(`${site.url}?${new URLSearchParams({ v: '1', p: 'train', ...settings })}`);
  await page.waitForSelector('button.primary:not(:disabled)');
  return page;
}

/** Waits until at least `step` steps are done. */
export const waitForStep = (page, step, timeout = 600_000) =>
  page.waitForFunction(
    (least) => {
      const shown = document.querySelector('[data-testid="stat-step"]')?.textContent ?? '';
      return Number(shown.replaceAll(',', '')) >= least;
    },
    step,
    { timeout },
  );
