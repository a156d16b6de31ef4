/** The committed artefacts belong to the sources and keep within their size. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { variants } from '../index.js';
import { compareManifests, findProblems, pkg, readManifest } from '../scripts/manifest.mjs';
import { names } from './kernel.js';

const GZIP_LIMIT = 80 * 1024;

test('pkg belongs to the sources', () => {
  expect(findProblems(pkg)).toEqual([]);
});

test('each kernel is small', () => {
  const { artefacts } = readManifest(pkg);
  for (const name of names) expect(artefacts[`${name}/kernel_bg.wasm`]!.gzipBytes).toBeLessThan(GZIP_LIMIT);
});

test('the three builds share one interface', () => {
  const { artefacts } = readManifest(pkg);
  const types = names.map((name) => artefacts[`${name}/kernel.d.ts`]!.sha256);
  expect(new Set(types).size).toBe(1);
});

test('urls name the wasm files', () => {
  for (const name of names)
    expect(readFileSync(variants[name].url).subarray(0, 4)).toEqual(Buffer.from('\0asm'));
});

test('builds by other tools prove nothing, builds by the same tools must agree', () => {
  const committed = readManifest(pkg);
  const changed = structuredClone(committed);
  changed.artefacts['strict/kernel.js']!.sha256 = 'other';
  expect(compareManifests(committed, committed).same).toBe(true);
  expect(compareManifests(committed, changed).same).toBe(false);
  expect(
    compareManifests(committed, { ...changed, tools: { ...changed.tools, rustc: 'rustc 0' } }).same,
  ).toBeUndefined();
});
