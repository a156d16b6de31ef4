/** The first page: a text is routed, an answer judged, a card opened, a solution taken along; in both languages. */
import { questions, solve } from '@hw5/core/homework';
import { expect, it } from 'vitest';
import { LabPage, openLab } from './lab-page.js';

const { browser, site } = await openLab();

const open = async (query: Record<string, string> = {}): Promise<LabPage> => {
  const lab = await LabPage.openPage(browser, site, 'home', query);
  await lab.page.waitForSelector('#question-q4');
  return lab;
};

it('is what opens without an address, with every question of the bank', async () => {
  const lab = await LabPage.open(browser, site, null);
  await lab.page.goto(site.url);
  await lab.page.waitForSelector('#question-q4');
  expect(await lab.page.locator('.card.question').count()).toBe(questions.length);
  expect(lab.complaints).toEqual([]);
  await lab.close();
});

it('judges a pasted answer by keyboard alone, says where it fails, and remembers it', async () => {
  const lab = await open({ lang: 'fa' });
  const { page } = lab;
  await page.locator('#router textarea').focus();
  await page.keyboard.type('۳ الف: (۶، ۱، ۰)');
  await page.keyboard.press('Enter');
  await page.waitForSelector('#router .verdict.wrong');
  await page.waitForSelector('#question-q3a [aria-expanded=true]');
  await page.waitForFunction(() => location.search.includes('q=q3a'));
  await page.locator('#router textarea').fill('3a: 6, 1, 2');
  await page.keyboard.press('Enter');
  await page.waitForSelector('#router .verdict.right');
  await page.reload();
  await page.waitForSelector('#question-q3a .badge.right');
  await page.locator('.progress-list ~ button').click();
  await page.waitForSelector('#question-q3a .badge.right', { state: 'detached' });
  expect(lab.complaints).toEqual([]);
  await lab.close();
});

it('finds the question that a text is about and leads to its proof', async () => {
  const lab = await open();
  const { page } = lab;
  await page.locator('#router textarea').fill('can the queries and keys be improved with argmax?');
  await page.locator('#router button.primary').click();
  await page.waitForSelector('#question-q3b [aria-expanded=true]');
  await page.waitForFunction(() => location.search.includes('q=q3b'));
  await page.locator('#question-q3b a').first().click();
  await page.waitForFunction(() => location.search.includes('p=attention'));
  expect(await page.evaluate(() => location.search)).toContain('mode=prove');
  await page.goBack();
  await page.waitForSelector('#question-q3b [aria-expanded=true]');
  expect(lab.complaints).toEqual([]);
  await lab.close();
});

it('hides answers in Predict until one is given, and counts it once', async () => {
  const lab = await open({ q: 'q1a', mode: 'predict' });
  const { page } = lab;
  const card = page.locator('#question-q1a');
  expect(await card.locator('details.worked').count()).toBe(1);
  for (const at of [1, 2]) await card.locator('.options input').nth(at).check();
  await card.getByRole('button', { name: 'Check' }).click();
  await card.locator('.verdict.right').waitFor();
  expect(await card.locator('details.worked').count()).toBe(4);
  await card.getByRole('button', { name: 'Check' }).click();
  await page.locator('.stamp', { hasText: /1\W+of \W*1\W+right/ }).waitFor();
  const { bytes, name } = await lab.download('JSON');
  expect(name).toBe('hw5-q1a-en.json');
  expect(JSON.parse(bytes.toString())).toEqual(JSON.parse(JSON.stringify(solve('q1a'))));
  expect(lab.complaints).toEqual([]);
  await lab.close();
});
