/** A link takes the person's own text along: another browser trains it to the same weights. */
import { expect, test } from 'vitest';
import { violations } from './axe.js';
import { LabPage, openLab, rhyme, small } from './lab-page.js';

const { browser, site } = await openLab();

const linkOf = (lab: LabPage): Promise<string> =>
  lab.page.locator('dialog[open] .copyable input').first().inputValue();

test('own text, link, another browser, same hash; the address holds the text as long as the page does', async () => {
  const lab = await LabPage.open(browser, site, small);
  await lab.ownText(rhyme);
  await lab.play();
  await lab.waitForStatus(/^Done/);
  const hash = await lab.hash();
  await lab.page.getByRole('button', { name: 'Share', exact: true }).click();
  expect(await linkOf(lab)).not.toContain('#z=');
  const box = lab.page.getByRole('checkbox', { name: /Take my own text along: .?text\.txt/ });
  await box.focus();
  await lab.page.keyboard.press('Space');
  await lab.page.waitForFunction(() =>
    document.querySelector<HTMLInputElement>('dialog[open] .copyable input')?.value.includes('#z='),
  );
  const link = await linkOf(lab);
  expect(link.length).toBeLessThan(rhyme.length);
  expect(await violations(lab.page)).toEqual([]);
  expect(lab.complaints).toEqual([]);
  await lab.close();

  const other = await LabPage.open(browser, site, null);
  await other.page.goto(link);
  await other.ready();
  await other.waitForStatus(/^(The link brought a text: .?text\.txt|Ready)/);
  expect(await other.page.getByLabel('Write or paste a text').inputValue()).toBe(rhyme);
  await other.play();
  await other.waitForStatus(/^Done/);
  expect(await other.hash()).toBe(hash);
  // A changed setting leaves the text in the address; another text takes it out.
  await other.page.getByLabel('Steps', { exact: true }).fill('65');
  await other.page.locator('h1').click();
  await other.page.waitForFunction(() => location.search.includes('train.steps=65'));
  expect(new URL(other.page.url()).hash).toBe(new URL(link).hash);
  await other.page.getByLabel('Write or paste a text').fill(`${rhyme}!`);
  await other.page.waitForFunction(() => location.hash === '');
  expect(other.complaints).toEqual([]);
  await other.close();
});

test('a text that is too long for a link is offered as a file', async () => {
  const lab = await LabPage.open(browser, site, small);
  // Noise does not compress.
  let state = 1;
  const noise = Array.from({ length: 90_000 }, () => {
    state = (state * 48271) % 2147483647;
    return String.fromCharCode(97 + (state % 26));
  }).join('');
  await lab.giveFile('text-file', 'noise.txt', Buffer.from(noise));
  await lab.ready();
  await lab.page.getByRole('button', { name: 'Share', exact: true }).click();
  await lab.page.getByRole('checkbox', { name: /Take my own text along: .?noise\.txt/ }).check();
  await lab.page.getByText(/browsers and mail programs cut links/).waitFor();
  expect(await linkOf(lab)).not.toContain('#z=');
  const file = await lab.download('Save the text as a file');
  expect(file.name).toBe('noise.txt');
  expect(file.bytes.toString()).toBe(noise);
  expect(lab.complaints).toEqual([]);
  await lab.close();
});

test.each(['#z=%3Cscript%3Ealert(1)%3C/script%3E', '#z=AAAA', '#z='])(
  'a damaged part (%s) is said, and the page works without it',
  async (hash) => {
    const lab = await LabPage.open(
      browser,
      site,
      `?${new URLSearchParams({ v: '1', p: 'train', ...small })}${hash}`,
    );
    await lab.waitForStatus(/cannot be read; the page is open without it/);
    await lab.play();
    await lab.waitForStatus(/^Done/);
    expect(lab.complaints).toEqual([]);
    await lab.close();
  },
);

test('a table of one’s own goes along, too', async () => {
  const rows = Array.from(
    { length: 60 },
    (_, i) => `${i % 2 ? 'fine' : 'awful'} ${i},${i % 2 ? 'good' : 'bad'}`,
  );
  const table = ['text,label', ...rows].join('\n');
  const lab = await LabPage.openPage(browser, site, 'sentiment', { 'train.steps': '20' });
  await lab.drop({ name: 'reviews.csv', bytes: Buffer.from(table) });
  await lab.page.getByRole('button', { name: 'Share', exact: true }).click();
  await lab.page.getByRole('checkbox', { name: /reviews\.csv/ }).check();
  await lab.page.waitForFunction(() =>
    document.querySelector<HTMLInputElement>('dialog[open] .copyable input')?.value.includes('#z='),
  );
  const link = await linkOf(lab);
  await lab.close();
  const other = await LabPage.open(browser, site, null);
  await other.page.goto(link);
  await other.page.locator('main').getByText('reviews.csv').first().waitFor();
  expect(other.complaints).toEqual([]);
  await other.close();
});
