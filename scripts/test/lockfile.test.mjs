import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { root } from '../process.mjs';

const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
const installed = Object.entries(packages).filter(
  ([path, entry]) => path.includes('node_modules/') && !entry.link,
);

describe('package-lock.json', () => {
  test('says what every package must hash to, and names no host', () => {
    expect(installed.length).toBeGreaterThan(50);
    expect(installed.filter(([, { integrity }]) => !integrity?.startsWith('sha512-'))).toEqual([]);
    expect(installed.filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
  });

  test('holds the binaries of every platform, without which npm ci refuses it', () => {
    const missing = installed.flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter(
        (name) => !packages[`node_modules/${name}`] && !packages[`${path}/node_modules/${name}`],
      ),
    );
    expect(missing).toEqual([]);
  });

  test('is in step with every package.json', () => {
    for (const path of ['', 'packages/kernel-wasm', 'packages/core', 'packages/cli', 'packages/web']) {
      const { dependencies = {}, devDependencies = {} } = JSON.parse(
        readFileSync(join(root, path, 'package.json'), 'utf8'),
      );
      expect(packages[path].dependencies ?? {}, path).toEqual(dependencies);
      expect(packages[path].devDependencies ?? {}, path).toEqual(devDependencies);
    }
  });
});
