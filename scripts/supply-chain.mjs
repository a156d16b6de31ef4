/**
 * What we build on, and whether it is sound: `npm run supply-chain`.
 *
 *     node scripts/supply-chain.mjs                 checks; the last line is `N passed, N failed`
 *     node scripts/supply-chain.mjs --sbom FOLDER   also writes CycloneDX bills of materials
 *
 * From the lockfiles alone: exact versions, hashes, licences, install scripts. With the network: `npm audit`, and, where
 * they are installed, `cargo audit` and `cargo deny`. What cannot be reached is named and counts as neither passed nor
 * failed. Exceptions and their reasons stand in supply-chain.json.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { isMain, npm, root } from './process.mjs';

const KERNEL = join(root, 'packages', 'kernel-wasm');
const read = (path) => readFileSync(join(root, path), 'utf8');
export const policy = JSON.parse(read('scripts/supply-chain.json'));

/** Packages of a package-lock.json: name, version, and what the lockfile says of it. */
export function npmPackages(lockfile) {
  return Object.entries(lockfile.packages)
    .filter(([path, { link }]) => path.includes('node_modules/') && !link)
    .map(([path, entry]) => ({ name: path.replace(/^.*node_modules\//, ''), ...entry }));
}

/** Packages of a Cargo.lock that come from elsewhere. */
export function cargoPackages(lockfile) {
  return lockfile
    .split('[[package]]')
    .slice(1)
    .map((text) =>
      Object.fromEntries([...text.matchAll(/^(\w+) = "(.*)"$/gm)].map(([, key, value]) => [key, value])),
    )
    .filter(({ name }) => name !== 'kernel-wasm');
}

/** @returns {string[]} packages whose licence is not on the list, shipped ones by a shorter list */
export function foreignLicences(packages, { licences } = policy) {
  return packages
    .filter(({ license, dev, devOptional }) => {
      const allowed =
        dev || devOptional ? [...licences.shipped, ...licences.developmentOnly] : licences.shipped;
      return !allowed.includes(license);
    })
    .map(({ name, version, license }) => `${name}@${version} (${license ?? 'no licence'})`);
}

/** @returns {string[]} packages that would run a script when installed, without a reason why that is no matter */
export function installScripts(packages, { installScripts: reasons } = policy) {
  return packages
    .filter(({ name, hasInstallScript }) => hasInstallScript && !reasons[name])
    .map(({ name }) => name);
}

/** @returns {string[]} exceptions whose reason is gone */
export function staleReasons(packages, { installScripts: reasons } = policy) {
  const withScript = new Set(packages.filter((entry) => entry.hasInstallScript).map(({ name }) => name));
  return Object.keys(reasons).filter((name) => !withScript.has(name));
}

/** @returns {string[]} dependencies of a package.json that are not one exact version */
export function loosePins({ dependencies = {}, devDependencies = {}, optionalDependencies = {} }) {
  return Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies })
    .filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
    .map(([name, version]) => `${name} ${version}`);
}

/** @returns {string[]} dependencies of a Cargo.toml that are not one exact version */
export function looseCrates(manifest) {
  const sections = manifest.split(/^(?=\[)/m).filter((section) => /^\[[^\]]*dependencies\]/.test(section));
  return sections
    .flatMap((section) => section.split('\n').slice(1))
    .filter((line) => line.includes('=') && !/"=\d+\.\d+\.\d+"/.test(line));
}

/** @returns {string[]} what an audit found of at least high severity, without a reason why it is no matter */
export function seriousAdvisories({ vulnerabilities = {} }, { advisories } = policy) {
  return Object.values(vulnerabilities)
    .flatMap(({ via }) => via.filter((cause) => typeof cause === 'object'))
    .filter(({ severity, url }) => /^(high|critical)$/.test(severity) && !advisories[url?.split('/').at(-1)])
    .map(({ name, severity, title, url }) => `${name}: ${severity}: ${title} (${url})`);
}

const totals = { passed: 0, failed: 0 };
function check(title, wrong) {
  totals[wrong.length === 0 ? 'passed' : 'failed'] += 1;
  console.log(
    `${wrong.length === 0 ? 'ok  ' : 'FAIL'} ${title}${wrong.map((line) => `\n       ${line}`).join('')}`,
  );
}
const unreachable = (what, why) => console.log(`--   ${what}: not checked, ${why}`);

function checkLockfiles(lockfile, packages, crates) {
  const manifests = Object.keys(lockfile.packages).filter((path) => !path.includes('node_modules/'));
  check('every dependency is one exact version', [
    ...manifests.flatMap((path) => loosePins(JSON.parse(read(join(path, 'package.json'))))),
    ...looseCrates(read('packages/kernel-wasm/Cargo.toml')),
  ]);
  check(
    'every package has a hash',
    [
      ...packages.filter(({ integrity }) => !integrity?.startsWith('sha512-')),
      ...crates.filter(({ checksum }) => !/^[0-9a-f]{64}$/.test(checksum)),
    ].map(({ name }) => name),
  );
  check('licences of npm packages', foreignLicences(packages));
  check('install scripts', installScripts(packages));
  check(
    'exceptions that are still needed',
    staleReasons(packages).map((name) => `installScripts: ${name} has none`),
  );
}

/** @returns {object[] | undefined} what cargo knows of the crates, licences included; undefined without cargo or its registry */
export function crateFacts() {
  const args = ['metadata', '--format-version', '1', '--locked'];
  const { status, stdout } = spawnSync('cargo', args, { cwd: KERNEL, encoding: 'utf8', maxBuffer: 1 << 26 });
  if (status !== 0) return undefined;
  const packages = JSON.parse(stdout).packages.filter(({ source }) => source !== null);
  // A slash is how crates once wrote OR.
  return packages.map(({ license, ...facts }) => ({ ...facts, license: license?.replaceAll('/', ' OR ') }));
}

function checkCrates(facts) {
  if (facts === undefined) return unreachable('licences of crates', 'cargo or its registry is not here');
  check('licences of crates', foreignLicences(facts));
  check(
    'crates come from the registry alone',
    facts
      .filter(({ source }) => !source.startsWith('registry+'))
      .map(({ name, source }) => `${name}: ${source}`),
  );
}

function audit() {
  const [command, args] = npm('audit', '--omit=dev', '--json');
  const { stdout } = spawnSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    timeout: 60_000,
    maxBuffer: 1 << 26,
  });
  let report = {};
  try {
    report = JSON.parse(stdout);
  } catch {
    // An answer that is none counts as none.
  }
  if (report.vulnerabilities === undefined) {
    unreachable('npm audit', report.message?.replace(/ - .*/, '') ?? 'the registry does not answer');
  } else check('npm audit: nothing high or critical', seriousAdvisories(report));
}

function cargoTool(name, ...args) {
  const command = ['cargo', name, ...args].join(' ');
  const { status, error, stdout, stderr } = spawnSync(`cargo-${name}`, [name, ...args], {
    cwd: KERNEL,
    encoding: 'utf8',
    timeout: 120_000,
  });
  if (error) return unreachable(command, 'it is not installed');
  const said = `${stdout}${stderr}`;
  if (status !== 0 && /fetch|resolve host|connect/i.test(said)) {
    return unreachable(command, 'its database of advisories cannot be reached');
  }
  check(command, status === 0 ? [] : said.split('\n').slice(0, 40));
}

/** CycloneDX by npm itself for the packages, and by cargo's own knowledge for the crates. */
export function writeSboms(folder, crates, facts) {
  mkdirSync(folder, { recursive: true });
  const [command, args] = npm('sbom', '--sbom-format', 'cyclonedx', '--omit', 'dev', '--package-lock-only');
  const packages = JSON.parse(
    execFileSync(command, args, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 }),
  );
  packages.metadata.component.name = 'hw5'; // not the folder's
  const write = (name, sbom) => writeFileSync(join(folder, name), `${JSON.stringify(sbom, undefined, 2)}\n`);
  write('npm.cdx.json', packages);
  const licences = new Map(
    (facts ?? []).map(({ name, version, license }) => [`${name}@${version}`, license]),
  );
  const components = crates.map(({ name, version, checksum }) => {
    const licence = licences.get(`${name}@${version}`);
    return {
      type: 'library',
      name,
      version,
      purl: `pkg:cargo/${name}@${version}`,
      hashes: [{ alg: 'SHA-256', content: checksum }],
      ...(licence === undefined ? {} : { licenses: [{ expression: licence }] }),
    };
  });
  write('cargo.cdx.json', { bomFormat: 'CycloneDX', specVersion: '1.5', version: 1, components });
  console.log(`${packages.components.length} packages and ${components.length} crates in ${folder}`);
}

if (isMain(import.meta.url)) {
  const { values } = parseArgs({ options: { sbom: { type: 'string' } } });
  const lockfile = JSON.parse(read('package-lock.json'));
  const packages = npmPackages(lockfile);
  const crates = cargoPackages(read('packages/kernel-wasm/Cargo.lock'));
  const facts = crateFacts();
  checkLockfiles(lockfile, packages, crates);
  checkCrates(facts);
  audit();
  cargoTool('audit');
  cargoTool('deny', '--offline', 'check', 'bans', 'licenses', 'sources');
  cargoTool('deny', 'check', 'advisories');
  if (values.sbom !== undefined) writeSboms(resolve(values.sbom), crates, facts);
  process.exitCode = totals.failed > 0 ? 1 : 0;
  console.log(`${totals.passed} passed, ${totals.failed} failed`);
}
