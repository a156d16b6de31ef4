/** Strings that try to become code: wherever text goes in, it stays text. */
import { expect, test } from 'vitest';
import { LabPage, openLab, small } from './lab-page.js';
import { strings } from './strings.js';

const { browser, site } = await openLab();

test('there are at least fifty', () => {
  expect(new Set(strings).size).toBeGreaterThanOrEqual(50);
});

const nothingHappened = async (lab: LabPage): Promise<void> => {
  const found = await lab.page.evaluate(() => ({
    hit: 'hit' in globalThis || 'hit' in {},
    elements: document.querySelectorAll(
      '#app script, #app iframe, #app img, #app object, #app embed, #app base',
    ).length,
  }));
  expect(found).toEqual({ hit: false, elements: 0 });
  expect(lab.complaints).toEqual([]);
};

test('in every field and as the text that is learnt from', async () => {
  const lab = await LabPage.open(browser, site, { ...small, 'train.steps': '3' });
  const { page } = lab;
  await page.getByText('Data and reproducibility').click();
  await page.getByText('This page').click();
  const fields = await page.locator('.field input[type=text]').all();
  expect(fields.length).toBeGreaterThan(15);
  for (const [index, string] of strings.entries()) {
    await fields[index % fields.length]?.fill(string);
    await page.getByLabel('Prompt').fill(string);
  }
  await nothingHappened(lab);
  await page.getByRole('button', { name: 'All defaults' }).click();
  await lab.ownText(`${strings.join('\n')}\n`.repeat(3));
  await page.getByLabel('Prompt').fill('<script>hit=1</script>');
  await page.getByLabel('Steps', { exact: true }).fill('3');
  await lab.play();
  await lab.waitForStatus(/^Done/);
  await page.getByRole('button', { name: 'Write', exact: true }).click();
  await page.waitForFunction(
    () => document.querySelector('[data-testid=generated] b')?.textContent === '<script>hit=1</script>',
  );
  await lab.table();
  await nothingHappened(lab);
  await lab.close();
});

test('in the name of a file', async () => {
  const lab = await LabPage.open(browser, site);
  for (const string of strings) {
    await lab.drop({ name: string.replaceAll('/', '∕'), bytes: Buffer.from('') });
    await lab.waitForStatus(/got 0 bytes/);
  }
  await lab.drop({ name: '<img src=x onerror=hit=1>.txt', bytes: Buffer.from('some text '.repeat(200)) });
  await lab.page.waitForFunction(() => document.querySelector('.facts')?.textContent?.includes('<img src=x'));
  await nothingHappened(lab);
  await lab.close();
});

test('in the address: as values, as names and as a fragment', async () => {
  const lab = await LabPage.open(browser, site);
  for (const string of strings) {
    const query = new URLSearchParams({
      v: '1',
      'sample.prompt': string,
      'model.hidden': string,
      [string]: string,
    });
    await lab.page.goto(`${site.url}?${query}#${encodeURIComponent(string)}`);
    await lab.page.waitForSelector('.status.error');
    expect(await lab.page.getByLabel('Prompt').inputValue()).toBe(string);
    const found = await lab.page.evaluate(() => 'hit' in globalThis || 'hit' in {});
    expect(found, string).toBe(false);
  }
  await nothingHappened(lab);
  await lab.close();
});
