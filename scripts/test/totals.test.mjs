import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readReport, sum } from '../totals.mjs';

let folder;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hw5-totals-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function report(numPassedTests, numFailedTests, testResults) {
  const file = join(folder, 'tests.json');
  writeFileSync(file, JSON.stringify({ numPassedTests, numFailedTests, testResults }));
  return readReport(file);
}
const suite = (status, ...tests) => ({ status, assertionResults: tests.map((status) => ({ status })) });

describe('readReport', () => {
  test('counts tests', () => {
    expect(report(2, 1, [suite('failed', 'passed', 'failed'), suite('passed', 'passed')])).toEqual({
      passed: 2,
      failed: 1,
    });
  });
  test('counts a file that could not be loaded as a failure', () => {
    expect(report(1, 0, [suite('passed', 'passed'), suite('failed')])).toEqual({ passed: 1, failed: 1 });
  });
});

describe('sum', () => {
  test('adds tests up, and a step without tests that failed', () => {
    expect(sum([{ code: 0 }, { code: 2 }, { code: 0, passed: 5, failed: 0 }])).toEqual({
      passed: 5,
      failed: 1,
    });
  });
  test('does not count a failing test twice through its exit code', () => {
    expect(sum([{ code: 1, passed: 5, failed: 2 }])).toEqual({ passed: 5, failed: 2 });
  });
  test('counts an exit code that no test explains', () => {
    expect(sum([{ code: 1, passed: 5, failed: 0 }])).toEqual({ passed: 5, failed: 1 });
  });
});
