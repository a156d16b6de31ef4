/** `hw5 report`: one page about a run, which loads nothing and in which nothing of the data is markup. */
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { folder, folderWithText, hw5, tiny } from './cli.js';

const small = ['--hidden', '8', '--embed', '4', '--batch', '4', '--json'];

function page(path: string): string {
  const html = readFileSync(path, 'utf8');
  expect(html).toMatch(/^<!doctype html>/);
  expect(html.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(
    /https?:|<script|<link|<img|@import|url\(/,
  );
  return html;
}

test('classes: curves, confusion, mistakes, answers; a label or text is never markup', async () => {
  const cwd = folder();
  const rows = Array.from({ length: 40 }, (_, i) =>
    i % 2 ? '"<img src=x onerror=alert(1)> bad",<b>no</b>' : 'good & fine,yes',
  );
  writeFileSync(join(cwd, 'data.csv'), `text,label\n${rows.join('\n')}\n`);
  const trained = await hw5(
    ['train', 'classify', '--data', 'data.csv', '--steps', '5', '--out', 'run', ...small],
    { cwd },
  );
  expect(trained.code, trained.stderr).toBe(0);
  const { code, stdout, stderr } = await hw5(['report', 'run', '--json'], { cwd });
  expect(code, stderr).toBe(0);
  const { file, bytes } = JSON.parse(stdout) as { file: string; bytes: number };
  expect(file).toBe(join(cwd, 'run', 'report.html'));
  const html = page(file);
  expect(Buffer.byteLength(html)).toBe(bytes);
  for (const part of [
    'Loss by step',
    'Norm of the gradient',
    'right \\ said',
    '&#60;b&#62;no&#60;/b&#62;',
    'good &#38; fine',
  ]) {
    expect(html).toContain(part);
  }
});

test('translations: what each written sign looked at, for the texts that are asked', async () => {
  const cwd = folder();
  const trained = await hw5(
    ['train', 'seq2seq', '--task', 'reverse', '--steps', '3', '--out', 'run', ...small],
    { cwd },
  );
  expect(trained.code, trained.stderr).toBe(0);
  const { code, stderr } = await hw5(['report', 'run', '--text', 'abc', '--out', 'page.html'], { cwd });
  expect(code, stderr).toBe(0);
  const html = page(join(cwd, 'page.html'));
  expect(html).toContain('<th scope="col">a</th><th scope="col">b</th><th scope="col">c</th>');
  expect(html).toContain('Attention: rows are what it wrote');
});

test('a character model: samples at three temperatures', async () => {
  const cwd = folderWithText();
  const trained = await hw5(
    ['train', 'char-lm', '--data', 'text.txt', '--steps', '4', '--out', 'run', '--json', ...tiny],
    { cwd },
  );
  expect(trained.code, trained.stderr).toBe(0);
  const { code, stdout, stderr } = await hw5(['report', 'run'], { cwd });
  expect(code, stderr).toBe(0);
  expect(stdout).toMatch(/report\.html \([\d.]+ kB\)/);
  const html = page(join(cwd, 'run', 'report.html'));
  expect(html.match(/<pre class="sample"/g)).toHaveLength(3);
  // A checkpoint without its run has no curves, and says so.
  copyFileSync(join(cwd, 'run', 'checkpoint.safetensors'), join(cwd, 'alone.safetensors'));
  const alone = await hw5(['report', 'alone.safetensors', '--out', 'alone.html'], { cwd });
  expect(alone.code, alone.stderr).toBe(0);
  expect(page(join(cwd, 'alone.html'))).toContain('No steps are on record');
});

test('no run, and a page that cannot be written', async () => {
  const cwd = folderWithText();
  const missing = await hw5(['report', 'nowhere', '--json'], { cwd });
  expect(missing.code).toBe(1);
  expect(JSON.parse(missing.stdout)).toHaveProperty('error.code');
  await hw5(['train', 'char-lm', '--data', 'text.txt', '--steps', '2', '--out', 'run', '--json', ...tiny], {
    cwd,
  });
  mkdirSync(join(cwd, 'folder.html'));
  const refused = await hw5(['report', 'run', '--out', 'folder.html', '--json'], { cwd });
  expect(refused.code).toBe(1);
  expect(refused.stdout).toMatch(/folder\.html/);
});
