/** The checks of a release find what is planted; the dry run itself is a step of CI. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../process.mjs';
import { changesOf, disagreeingVersions, wrongContents } from '../release.mjs';

test('versions agree', () => {
  const manifest = (name, version, dependencies) => ({ name, version, dependencies });
  expect(disagreeingVersions([manifest('root', '1.0.0'), manifest('a', '1.0.0', { x: '2.0.0' })])).toEqual(
    [],
  );
  expect(
    disagreeingVersions([
      manifest('root', '1.0.0'),
      manifest('a', '1.0.1'),
      manifest('b', '1.0.0', { a: '0.9.0', x: '2.0.0' }),
    ]),
  ).toEqual(['a 1.0.1', 'b needs a 0.9.0']);
});

test('the changelog has something to say', () => {
  const changelog =
    '# Changelog\n\n## [Unreleased]\n\n## [1.1.0] - 2026-01-01\n\n### Added\n\n- x\n\n## [1.0.0]\n\n- y\n';
  expect(changesOf(changelog, '1.1.0')).toEqual(['- x']);
  expect(changesOf(changelog, '1.0.0')).toEqual(['- y']);
  expect(changesOf(changelog, 'Unreleased')).toBeUndefined();
  expect(changesOf(changelog, '2.0.0')).toBeUndefined();
  expect(changesOf(readFileSync(join(root, 'CHANGELOG.md'), 'utf8'), 'Unreleased')).toBeDefined();
});

test('a tarball holds what its package is made of and nothing else', () => {
  const good = [
    'package.json',
    'LICENSE',
    'README.md',
    'dist/main.js',
    'dist/page/index.html',
    'dist/page/assets/index-DP-f3_0A.css',
    'dist/run/lock.js',
    'data/panbeh.txt',
  ];
  expect(wrongContents('cli', good)).toEqual([]);
  expect(wrongContents('cli', [...good, 'test/secret.txt', '.env', 'src/main.ts'])).toHaveLength(3);
  expect(wrongContents('cli', good.slice(1, 3))).toEqual([
    'cli: must hold dist/main.js',
    'cli: must hold dist/page/index.html',
    'cli: must hold data/panbeh.txt',
  ]);
});
