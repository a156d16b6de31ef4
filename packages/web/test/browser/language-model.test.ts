/** The page about language models: bars of a model trained here, sums, bets, checks; by keyboard and by mouse. */
import { expect, it } from 'vitest';
import { violations } from './axe.js';
import { LabPage, openLab } from './lab-page.js';

const { browser, site } = await openLab();

/** A model of a second. */
const quick = { hidden: '16', steps: '20' };

const open = async (query: Record<string, string> = {}): Promise<LabPage> => {
  const lab = await LabPage.openPage(browser, site, 'language-model', { ...quick, ...query });
  await lab.page.waitForSelector('.language-model .training', { state: 'detached' });
  await lab.page.waitForSelector('.token.caret');
  return lab;
};

const twin = async (lab: LabPage, section: string): Promise<string[][]> => {
  const figure = lab.page.locator(section);
  await figure.locator('.twin summary').click();
  await figure.locator('tbody tr').first().waitFor();
  return figure
    .locator('tbody tr')
    .evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent ?? '')));
};
const numberOf = (text: string | undefined): number =>
  Number((text ?? '').replaceAll('−', '-').replaceAll(',', ''));

it('shows bars that add up to 1 and a sum of logarithms that is the one shown', async () => {
  const lab = await open();
  const { page } = lab;
  const bars = await twin(lab, '#section-bars');
  expect(bars.reduce((sum, row) => sum + numberOf(row[1]), 0)).toBeCloseTo(1, 4);
  const steps = await twin(lab, '#section-line');
  let sum = 0;
  for (const row of steps) {
    expect(-Math.log(numberOf(row[2]))).toBeCloseTo(numberOf(row[3]), 3);
    sum += numberOf(row[3]);
    expect(sum).toBeCloseTo(numberOf(row[4]), 2);
  }
  await page.locator('h1').click();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  await page.waitForFunction(() => location.search.includes('at=1'));
  expect(await page.locator('.token').nth(1).getAttribute('aria-pressed')).toBe('true');
  expect(lab.complaints).toEqual([]);
  await lab.close();
});

it('forces a character by keyboard, grows a tree of futures, and undo brings the line back', async () => {
  const lab = await open({ lang: 'fa' });
  const { page } = lab;
  const before = await page.locator('.whole-line').innerText();
  await page.locator('#section-bars [role=button]').nth(1).focus();
  await page.keyboard.press('Enter');
  const tree = page.getByRole('tree');
  await tree.waitFor();
  expect(await page.locator('.whole-line').innerText()).not.toBe(before);
  expect(await tree.locator('[data-kind=forced]').count()).toBe(1);
  // The sum below a token is that of the line above, up to there.
  const rows = await twin(lab, '#section-futures');
  expect(rows.length).toBe(await tree.getByRole('treeitem').count());
  expect(await violations(page)).toEqual([]);
  // Along the tree by keyboard: the line and the caret follow.
  await tree.locator('[tabindex="0"]').focus();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowRight');
  await page.waitForFunction(() => new URL(location.href).searchParams.has('futures'));
  expect(await page.locator('.whole-line').innerText()).not.toBe(before);
  await tree.locator('[data-kind=end]').first().click();
  await page.waitForFunction((line) => document.querySelector('.whole-line')?.textContent === line, before);
  await page.locator('h1').click();
  for (let steps = 0; steps < 3; steps += 1) await page.keyboard.press('Control+z');
  await page.locator('h1').click();
  await page.keyboard.press('Control+z');
  await page.waitForFunction((line) => document.querySelector('.whole-line')?.textContent === line, before);
  await tree.waitFor({ state: 'detached' });
  await page.locator('#field-text').fill('گربه ☃ آمد');
  await page.locator('.language-model-controls .problem', { hasText: '☃' }).waitFor();
  expect(lab.complaints).toEqual([]);
  await lab.close();
});

it('Predict hides what follows until the bet is placed; Prove holds', async () => {
  const lab = await open({ mode: 'predict' });
  const { page } = lab;
  expect(await page.locator('.strip-row.free, .wrong-answers').count()).toBe(0);
  expect(await page.locator('.token.caret bdi').innerText()).toBe('?');
  expect(await page.locator('.whole-line').innerText()).toBe('The fog and …');
  await page.locator('#section-bars [role=slider]').first().focus();
  await page.keyboard.press('End');
  await page.getByRole('button', { name: 'Place the bet' }).click();
  await page.locator('#section-bars .verdict').waitFor();
  await page.locator('.stamp').waitFor();
  await page.locator('.modes label').nth(2).click();
  await page.getByRole('button', { name: 'Check', exact: true }).first().click();
  await page.locator('#section-proof .findings li').first().waitFor();
  expect(await page.locator('#section-proof .findings .wrong').allInnerTexts()).toEqual([]);
  await page.locator('.stamp.passed').waitFor();
  expect(lab.complaints).toEqual([]);
  await lab.close();
});

it('refuses what an address must not say', async () => {
  const lab = await open({ temperature: 'hot', at: '-4' });
  expect(await lab.status()).toContain('not allowed');
  expect(lab.complaints).toEqual([]);
  await lab.close();
});
