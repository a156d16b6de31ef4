/** Sums test results over suites: vitest's JSON reports, and whole steps that have no tests to count. */
import { readFileSync } from 'node:fs';

/**
 * Passed and failed tests of one vitest JSON report. A file that could not even be loaded has no failing test of its
 * own, so it counts as one failure.
 *
 * @param {string} file @returns {{ passed: number, failed: number }}
 */
export function readReport(file) {
  const report = JSON.parse(readFileSync(file, 'utf8'));
  let failed = report.numFailedTests;
  for (const suite of report.testResults) {
    const blamed = suite.assertionResults.some((test) => test.status === 'failed');
    if (suite.status === 'failed' && !blamed) failed += 1;
  }
  return { passed: report.numPassedTests, failed };
}

/**
 * Adds up the results of suites and of steps. A suite or step that exits with a code other than 0 has failed even
 * when all of its tests passed (an unhandled error, say), so it counts as one failure if no test took the blame.
 *
 * @param {{ code: number, passed?: number, failed?: number }[]} results
 * @returns {{ passed: number, failed: number }}
 */
export function sum(results) {
  let passed = 0;
  let failed = 0;
  for (const result of results) {
    passed += result.passed ?? 0;
    failed += result.failed || (result.code === 0 ? 0 : 1);
  }
  return { passed, failed };
}
