/** What we build on, checked from the lockfiles; each check finds what is planted. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../process.mjs';
import {
  cargoPackages,
  foreignLicences,
  installScripts,
  looseCrates,
  loosePins,
  npmPackages,
  policy,
  seriousAdvisories,
  staleReasons,
} from '../supply-chain.mjs';

const read = (path) => readFileSync(join(root, path), 'utf8');
const packages = npmPackages(JSON.parse(read('package-lock.json')));
const crates = cargoPackages(read('packages/kernel-wasm/Cargo.lock'));

test('licences are on the list, and MPL only where nothing is shipped', () => {
  expect(packages.length).toBeGreaterThan(100);
  expect(foreignLicences(packages)).toEqual([]);
  const planted = [
    { name: 'a', version: '1.0.0', license: 'GPL-3.0' },
    { name: 'b', version: '1.0.0', license: 'MPL-2.0' },
    { name: 'c', version: '1.0.0', license: 'MPL-2.0', dev: true },
    { name: 'd', version: '1.0.0' },
  ];
  expect(foreignLicences(planted)).toEqual([
    'a@1.0.0 (GPL-3.0)',
    'b@1.0.0 (MPL-2.0)',
    'd@1.0.0 (no licence)',
  ]);
});

test('no package runs a script when installed, but for those with a reason, and no reason is stale', () => {
  expect(read('.npmrc')).toMatch(/^ignore-scripts=true$/m);
  expect(installScripts(packages)).toEqual([]);
  expect(staleReasons(packages)).toEqual([]);
  expect(installScripts([{ name: 'worm', hasInstallScript: true }])).toEqual(['worm']);
  expect(staleReasons([])).toEqual(Object.keys(policy.installScripts));
});

test('versions are exact', () => {
  const manifests = [
    'package.json',
    ...readdirSync(join(root, 'packages')).map((n) => `packages/${n}/package.json`),
  ];
  for (const path of manifests) expect(loosePins(JSON.parse(read(path))), path).toEqual([]);
  expect(loosePins({ dependencies: { a: '^1.0.0', b: '1.0.0' }, devDependencies: { c: 'latest' } })).toEqual([
    'a ^1.0.0',
    'c latest',
  ]);
  expect(looseCrates(read('packages/kernel-wasm/Cargo.toml'))).toEqual([]);
  expect(looseCrates('[dependencies]\nserde = "1"\nlibm = "=0.2.1"\n')).toEqual(['serde = "1"']);
});

test('crates have checksums; few are shipped', () => {
  expect(crates.length).toBeGreaterThan(10);
  expect(crates.filter(({ checksum }) => !/^[0-9a-f]{64}$/.test(checksum))).toEqual([]);
});

test('an audit counts what is high or critical and has no reason', () => {
  const via = (severity, url) => ({ name: 'x', severity, title: 'bad', url: `https://example/${url}` });
  const report = {
    vulnerabilities: { x: { via: ['y', via('low', 'A'), via('high', 'B'), via('critical', 'C')] } },
  };
  const found = seriousAdvisories(report, { advisories: { C: 'only in tests' } });
  expect(found).toEqual(['x: high: bad (https://example/B)']);
});
