/** The page about attention, operated as a learner would: by keyboard, by mouse, in both languages. */
import { attend, question3 } from '@hw5/core/homework';
import { describe, expect, it } from 'vitest';
import { LabPage, openLab } from './lab-page.js';

const { browser, site } = await openLab();

const open = async (query = ''): Promise<LabPage> => {
  const lab = await LabPage.open(browser, site, `?v=1&p=attention${query}`);
  await lab.page.waitForSelector('.by-hand tbody tr');
  return lab;
};

/** The column of scores as numbers. */
const scoresOf = (lab: LabPage): Promise<number[]> =>
  lab.page
    .locator('.by-hand tbody tr td:nth-child(4)')
    .evaluateAll((cells) => cells.map((cell) => Number(cell.textContent?.replaceAll('−', '-'))));

const outputOf = async (lab: LabPage): Promise<string> =>
  (await lab.page.locator('.by-hand .output').innerText()).replaceAll('−', '-');

const waitForScores = (lab: LabPage, scores: readonly number[]): Promise<unknown> =>
  lab.page.waitForFunction(
    (expected) =>
      [...document.querySelectorAll('.by-hand tbody tr td:nth-child(4)')]
        .map((cell) => Number(cell.textContent?.replaceAll('−', '-')))
        .join() === expected,
    scores.join(),
  );

describe('attention', () => {
  it('shows question 3 worked out, and steps through it', async () => {
    const lab = await open();
    expect(await scoresOf(lab)).toEqual([-2, 3, 0, 6]);
    expect(await outputOf(lab)).toBe('(6, 1, 2)');
    await lab.page.locator('h1').click();
    await lab.page.keyboard.press('Home');
    await lab.page.waitForFunction(() => document.querySelector('.by-hand .output')?.textContent === '…');
    for (let n = 0; n < 2; n += 1) await lab.page.keyboard.press('ArrowRight');
    await lab.page.waitForFunction(
      () => document.querySelector('.by-hand tr.current th')?.textContent === '2',
    );
    expect(new URL(lab.page.url()).searchParams.get('p')).toBe('attention');
    await lab.page.keyboard.press('End');
    await lab.page.waitForFunction(
      () => document.querySelector('.by-hand .output')?.textContent === '(6, 1, 2)',
    );
    expect(lab.complaints).toEqual([]);
    await lab.close();
  });

  it('follows the keyboard: the query moves, and every number with it; undo brings it back', async () => {
    const lab = await open();
    await lab.page.getByRole('slider', { name: /^Query/ }).focus();
    for (let n = 0; n < 2; n += 1) await lab.page.keyboard.press('Shift+ArrowLeft');
    await lab.page.keyboard.press('ArrowUp');
    const query = [1, -0.9, -1];
    const truth = attend({ ...question3, query });
    await waitForScores(
      lab,
      truth.scores.map((score) => Number(score.toPrecision(4))),
    );
    expect(await outputOf(lab)).toBe(`(${truth.output.join(', ')})`);
    await lab.page.waitForFunction(() => location.search.includes('query=1+-0.9+-1'));
    for (let n = 0; n < 3; n += 1) await lab.page.keyboard.press('Control+z');
    await waitForScores(lab, [-2, 3, 0, 6]);
    expect(lab.complaints).toEqual([]);
    await lab.close();
  });

  it('follows the mouse: a dragged key changes the choice, a dragged score its key', async () => {
    const lab = await open();
    const arrow = lab.page.getByRole('slider', { name: /^Key .*k₁/ }).locator('.grip');
    await lab.page.locator('.plane').evaluate((plane) => plane.scrollIntoView({ block: 'center' }));
    const box = (await arrow.boundingBox())!;
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await lab.page.mouse.move(x, y);
    await lab.page.mouse.down();
    await lab.page.mouse.move(x + 60, y, { steps: 5 });
    await lab.page.mouse.up();
    await lab.page.waitForFunction(() => location.search.includes('keys='));
    const [first] = await scoresOf(lab);
    expect(first).toBeGreaterThan(-2);

    await lab.page.getByRole('slider', { name: 'Score of key 1' }).focus();
    for (let n = 0; n < 9; n += 1) await lab.page.keyboard.press('Shift+ArrowRight');
    await lab.page.waitForFunction(
      () => document.querySelector('.by-hand tr.chosen th')?.textContent === '1',
    );
    expect(await outputOf(lab)).toBe('(6, 1, -2)');
    expect(lab.complaints).toEqual([]);
    await lab.close();
  });

  it('Predict: hides the results until an answer is checked, and marks each cell', async () => {
    const lab = await open('&mode=predict');
    expect(await lab.page.locator('#section-why').count()).toBe(0);
    for (const [n, score] of ['-2', '۳', '1', '6'].entries()) {
      await lab.page.getByLabel(`Score of key ${n + 1}`, { exact: true }).fill(score);
    }
    await lab.page.getByLabel('Which key is chosen (its number)?').fill('4');
    for (const [n, entry] of ['6', '1', '2'].entries()) {
      await lab.page.getByLabel(`Entry ${n + 1} of the output`).fill(entry);
    }
    await lab.page.getByRole('button', { name: 'Check my answer' }).click();
    await lab.page.getByText('88 % of the cells are right.').waitFor();
    expect(await lab.page.locator('.by-hand .cell.wrong').innerText()).toContain('0');
    expect(await lab.page.locator('.by-hand .cell.right').count()).toBe(7);
    expect(await lab.page.locator('#section-why').count()).toBe(1);
    expect(lab.complaints).toEqual([]);
    await lab.close();
  });

  it('Prove: every claim holds on these numbers; none is made at a tie', async () => {
    const lab = await open('&mode=prove');
    await lab.page.getByRole('button', { name: 'Run the check' }).click();
    await lab.page.waitForSelector('.claims li');
    const claims = await lab.page
      .locator('.claims li')
      .evaluateAll((rows) => rows.map((row) => row.className));
    expect(claims).toHaveLength(8);
    expect(claims.every((claim) => claim === 'right')).toBe(true);
    await lab.page.getByRole('button', { name: 'A tie' }).click();
    await lab.page.waitForFunction(() => document.querySelector('.claims') === null);
    await lab.page.getByRole('button', { name: 'Run the check' }).click();
    await lab.page.waitForSelector('.claims li');
    expect(await lab.page.locator('.claims li.wrong').count()).toBe(0);
    expect(lab.complaints).toEqual([]);
    await lab.close();
  });

  it('speaks Persian, right to left, with mathematics left to right', async () => {
    const lab = await open('&lang=fa');
    expect(await lab.page.evaluate(() => document.documentElement.dir)).toBe('rtl');
    expect(await lab.page.locator('h1').innerText()).toContain('توجه');
    expect(await lab.page.locator('.by-hand').getAttribute('dir')).toBe('ltr');
    expect(await scoresOf(lab)).toEqual([-2, 3, 0, 6]);
    const query = lab.page.getByRole('slider', { name: /^پرس‌وجو/ });
    await query.focus();
    await lab.page.keyboard.press('ArrowRight');
    await lab.page.waitForFunction(() => location.search.includes('query=3.1+-1+-1'));
    expect(lab.complaints).toEqual([]);
    await lab.close();
  });

  it('says what does not fit and goes on when it fits again', async () => {
    const lab = await LabPage.open(browser, site, '?v=1&p=attention&query=1+2');
    await lab.waitForStatus(/key 0 must have the query's 2 entries, got 3/);
    await lab.page.getByRole('button', { name: 'Question 3', exact: true }).click();
    await lab.waitForStatus(/Key 4 is chosen/);
    await lab.visit('?v=1&p=attention&temperature=zero&keys=nothing');
    await lab.waitForStatus(/temperature|keys/);
    await waitForScores(lab, [-2, 3, 0, 6]);
    expect(lab.complaints).toEqual([]);
    await lab.close();
  });

  it('trains the same task with each method', async () => {
    const lab = await open();
    await lab.page.getByRole('button', { name: 'Train', exact: true }).click();
    await lab.page.locator('.results tbody tr').first().waitFor({ timeout: 60_000 });
    const rows = await lab.page
      .locator('.results tbody tr')
      .evaluateAll((all) => all.map((row) => row.textContent));
    expect(rows).toHaveLength(5);
    expect(await lab.page.locator('.findings li.wrong').count()).toBe(0);
    expect(lab.complaints).toEqual([]);
    await lab.close();
  });
});
