/**
 * `npm test`: everything that a machine with only Node and npm can check. Set-up, lint, types, the packages' tests and
 * the scripts' own; runs all of it even after a failure. The last line is `N passed, N failed`.
 */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { node, root, run, turbo } from './process.mjs';
import { setup } from './setup.mjs';
import { readReport, sum } from './totals.mjs';

/** Where each suite leaves its report, relative to its package; the folder is ignored by git. */
const REPORT = join('.turbo', 'tests.json');
const REPORTERS = ['--reporter=default', '--reporter=json', `--outputFile.json=${REPORT}`];

const bin = (...path) => join(root, 'node_modules', ...path);
const announce = (title) => console.log(`\n== ${title}`);

async function step(title, [command, args]) {
  announce(title);
  return { title, code: await run(command, args) };
}

/** The packages' suites, one after the other so that their output does not mix and two cores are enough. */
async function packageTests() {
  announce('tests of the packages');
  const packages = readdirSync(join(root, 'packages')).map((name) => join(root, 'packages', name));
  for (const folder of packages) rmSync(join(folder, REPORT), { force: true });
  // Setup has built everything (--only); tests run anew each time, never from the cache (--force).
  const options = ['--only', '--force', '--continue=always', '--concurrency=1', '--log-order=stream'];
  const code = await run(...turbo('test', ...options, '--', ...REPORTERS));
  const reports = packages.map((folder) => join(folder, REPORT)).filter((file) => existsSync(file));
  return {
    title: 'tests of the packages',
    code,
    ...sum(reports.map((file) => ({ code: 0, ...readReport(file) }))),
  };
}

async function scriptTests() {
  announce('tests of the scripts, the sample text and the documents');
  const report = join(root, REPORT);
  rmSync(report, { force: true });
  const code = await run(...node(bin('vitest', 'vitest.mjs'), 'run', '--dir', 'scripts', ...REPORTERS));
  return { title: 'tests of the scripts', code, ...(existsSync(report) ? readReport(report) : {}) };
}

const results = [];
try {
  await setup();
  results.push(
    await step('lint: biome', node(bin('@biomejs', 'biome', 'bin', 'biome'), 'ci', '.')),
    await step(
      'lint: oxlint, with types',
      node(bin('oxlint', 'bin', 'oxlint'), '--type-aware', '--deny-warnings'),
    ),
    await step('types', turbo('check', '--continue=always', '--output-logs=new-only')),
    await packageTests(),
    await scriptTests(),
  );
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  results.push({ title: 'set-up', code: 1 });
}

const { passed, failed } = sum(results);
console.log();
for (const { title, code } of results) if (code !== 0) console.log(`failed: ${title}`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
console.log(`${passed} passed, ${failed} failed`);
