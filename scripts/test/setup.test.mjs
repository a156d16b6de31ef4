import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { root } from '../process.mjs';
import { buildNote, installReason, nodeComplaint } from '../setup.mjs';

describe('nodeComplaint', () => {
  test.each(['20.19.0', '20.20.2', '22.0.0', '24.1.0'])('accepts %s', (version) => {
    expect(nodeComplaint(version)).toBeUndefined();
  });
  test.each(['18.20.4', '20.18.9', '8.0.0'])('refuses %s and names both versions', (version) => {
    expect(nodeComplaint(version)).toContain(`node must be 20.19 or newer, got ${version}`);
  });
});

describe('installReason', () => {
  let folder;
  const write = (path, value) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), JSON.stringify(value));
  };
  const packages = (version) => ({
    packages: {
      '': { name: 'root' },
      'packages/one': { version: '0.1.0' },
      'node_modules/tool': { version },
      'node_modules/tool-for-another-platform': { version, optional: true },
    },
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'hw5 setup '));
    write('package-lock.json', packages('1.0.0'));
    write('node_modules/tool/package.json', {});
    write('node_modules/.package-lock.json', packages('1.0.0'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test('none when what is there is what the lockfile says, platforms aside', () => {
    expect(installReason(folder)).toBeUndefined();
  });
  test('nothing installed', () => {
    rmSync(join(folder, 'node_modules'), { recursive: true });
    expect(installReason(folder)).toContain('nothing is installed');
  });
  test('a package is missing', () => {
    rmSync(join(folder, 'node_modules', 'tool'), { recursive: true });
    expect(installReason(folder)).toBe('node_modules/tool is missing');
  });
  test('the lockfile moved on', () => {
    write('package-lock.json', packages('1.0.1'));
    expect(installReason(folder)).toBe('node_modules/tool must be 1.0.1, got 1.0.0');
  });
  test('none in this repository, where this test runs', () => {
    expect(installReason(root)).toBeUndefined();
  });
});

describe('buildNote', () => {
  test('names a package that is being built, and is silent about everything else', () => {
    expect(buildNote('@hw5/core:build: cache miss, executing 1f')).toBe('setup: building @hw5/core');
    expect(buildNote('@hw5/core:build: cache hit, suppressing logs 1f')).toBeUndefined();
    expect(buildNote(' Tasks:    3 successful, 3 total')).toBeUndefined();
  });
});
