/**
 * Makes a release: `npm run release` tries everything and publishes nothing.
 *
 *     node scripts/release.mjs [--out FOLDER]     checks, packs, lists and describes what would be published
 *     node scripts/release.mjs --publish          then tries the tarballs (.ci/tarballs.mjs), publishes them with
 *                                                 provenance, and tags the commit
 *
 * Versions must agree, the changelog must have something to say, the kernel must be the one its manifest describes, and
 * a tarball must hold what its package is made of and nothing else. FOLDER (default: node_modules/.cache/release) then has the tarballs,
 * their checksums, bills of materials and release.json, which says from what they were made. Publishing needs a clean
 * checkout, a section of the changelog for the version, and a runner that can prove where it runs (OIDC): what provenance
 * proves is where a tarball was built, not that the code in it is good.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { isMain, npm, root } from './process.mjs';
import { setup } from './setup.mjs';
import { cargoPackages, crateFacts, writeSboms } from './supply-chain.mjs';

/** In the order of publishing: each needs those before it. */
const PUBLISHED = ['kernel-wasm', 'core', 'cli'];

/** What a tarball may hold, and what it must. */
export const CONTENTS = {
  'kernel-wasm': {
    may: /^(package\.json|README\.md|LICENSE|index\.(js|d\.ts)|pkg\/(manifest\.json|(strict|relaxed|f64)\/[\w.]+\.(js|d\.ts|wasm)))$/,
    must: ['LICENSE', 'README.md', 'index.js', 'pkg/strict/kernel_bg.wasm', 'pkg/manifest.json'],
  },
  core: {
    may: /^(package\.json|README\.md|LICENSE|dist\/.*\.(js|d\.ts|map|wasm)|src\/.*\.ts|schema\/.*\.json)$/,
    must: ['LICENSE', 'README.md', 'dist/index.js', 'dist/index.d.ts'],
  },
  cli: {
    // `dist/page` is the built lab, which `hw5 lab` serves.
    may: /^(package\.json|README\.md|LICENSE|dist\/.*\.(js|d\.ts|map)|dist\/page\/.*\.(html|css|svg|txt|wasm|woff2|webmanifest)|data\/[\w.-]+\.(txt|mjs))$/,
    must: ['LICENSE', 'README.md', 'dist/main.js', 'dist/page/index.html', 'data/panbeh.txt'],
  },
};

const read = (path) => readFileSync(join(root, path), 'utf8');
const git = (...args) => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();

/** @returns {string[]} versions that are not the one of the root */
export function disagreeingVersions(manifests) {
  const [{ version }] = manifests;
  const own = new Set(manifests.map(({ name }) => name));
  return manifests.flatMap(({ name, version: has, dependencies = {} }) => [
    ...(has === version ? [] : [`${name} ${has}`]),
    ...Object.entries(dependencies)
      .filter(([dependency, wanted]) => own.has(dependency) && wanted !== version)
      .map(([dependency, wanted]) => `${name} needs ${dependency} ${wanted}`),
  ]);
}

/** The lines of a version's section, or of `Unreleased`; undefined when there is none. */
export function changesOf(changelog, section) {
  const [, body] = changelog.split(`\n## [${section}]`);
  const lines = body
    ?.split(/\n## /)[0]
    .split('\n')
    .filter((line) => line.startsWith('- '));
  return lines?.length > 0 ? lines : undefined;
}

/** @returns {string[]} what is in a tarball and must not be, or the other way round */
export function wrongContents(name, files) {
  const { may, must } = CONTENTS[name];
  return [
    ...files.filter((path) => !may.test(path)).map((path) => `${name}: must not hold ${path}`),
    ...must.filter((path) => !files.includes(path)).map((path) => `${name}: must hold ${path}`),
  ];
}

/** Fail with all that is wrong at once. */
function expectNothing(what, wrong) {
  if (wrong.length > 0) throw new Error(`release: ${what}, got:\n  ${wrong.slice(0, 20).join('\n  ')}`);
  console.log(`ok   ${what}`);
}

function pack(name, out) {
  const [command, args] = npm('pack', '--json', '--pack-destination', out);
  const cwd = join(root, 'packages', name);
  const told = JSON.parse(execFileSync(command, args, { cwd, encoding: 'utf8', maxBuffer: 1 << 26 }));
  // A list in some versions of npm, an object by name in others.
  const [{ filename, size, files }] = Object.values(told);
  const file = filename.replace('@', '').replace('/', '-');
  const bytes = readFileSync(join(out, file));
  return {
    name,
    file,
    bytes: size,
    files: files.map(({ path }) => path),
    sha256: createHash('sha256').update(bytes).digest('hex'),
    integrity: `sha512-${createHash('sha512').update(bytes).digest('base64')}`,
  };
}

async function main() {
  const { values } = parseArgs({
    options: {
      out: { type: 'string', default: join(root, 'node_modules', '.cache', 'release') },
      publish: { type: 'boolean', default: false },
    },
  });
  const out = resolve(values.out);
  const manifests = ['package.json', ...[...PUBLISHED, 'web'].map((name) => `packages/${name}/package.json`)];
  const parsed = manifests.map((path) => JSON.parse(read(path)));
  const { version } = parsed[0];
  expectNothing(`all packages are of version ${version}`, disagreeingVersions(parsed));

  const changelog = read('CHANGELOG.md');
  const changes =
    changesOf(changelog, version) ?? (values.publish ? undefined : changesOf(changelog, 'Unreleased'));
  expectNothing('the changelog says what changed', changes === undefined ? [`no section ${version}`] : []);

  const dirty = git('status', '--porcelain');
  const tagged = git('tag', '--list', `v${version}`);
  if (values.publish) {
    expectNothing('the checkout is as committed', dirty === '' ? [] : dirty.split('\n'));
    expectNothing('the version is new', tagged === '' ? [] : [tagged]);
  }

  // A build from before may have left files whose source is gone.
  if (values.publish)
    for (const name of PUBLISHED)
      rmSync(join(root, 'packages', name, 'dist'), { recursive: true, force: true });
  await setup({ quiet: true });
  const manifestScript = join(root, 'packages', 'kernel-wasm', 'scripts', 'manifest.mjs');
  execFileSync(process.execPath, [manifestScript, '--check'], { stdio: 'inherit' });

  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  const tarballs = PUBLISHED.map((name) => pack(name, out));
  expectNothing(
    'tarballs hold what their packages are made of',
    tarballs.flatMap(({ name, files }) => wrongContents(name, files)),
  );
  writeFileSync(join(out, 'SHA256SUMS'), tarballs.map(({ sha256, file }) => `${sha256}  ${file}\n`).join(''));
  writeSboms(out, cargoPackages(read('packages/kernel-wasm/Cargo.lock')), crateFacts());
  const { sources, tools } = JSON.parse(read('packages/kernel-wasm/pkg/manifest.json'));
  const release = {
    version,
    commit: git('rev-parse', 'HEAD'),
    clean: dirty === '',
    node: process.version,
    kernel: { sources, tools },
    tarballs: tarballs.map(({ files, ...tarball }) => ({ ...tarball, files: files.length })),
  };
  writeFileSync(join(out, 'release.json'), `${JSON.stringify(release, undefined, 2)}\n`);
  for (const { file, bytes, files } of tarballs)
    console.log(`     ${file}: ${bytes} bytes, ${files.length} files`);

  if (!values.publish) {
    console.log(`\nnothing was published; what would be lies in ${out}`);
    return;
  }
  // Installed by a stranger, in every runtime, and past publint and the checker of types.
  const tried = [join(root, '.ci', 'tarballs.mjs'), join(out, 'tried')];
  execFileSync(process.execPath, tried, { cwd: root, stdio: 'inherit' });
  for (const { file } of tarballs) {
    const [command, args] = npm(
      'publish',
      join(out, file),
      '--provenance',
      '--access',
      'public',
      '--ignore-scripts',
    );
    execFileSync(command, args, { cwd: root, stdio: 'inherit' });
  }
  git('tag', '--annotate', `v${version}`, '--message', changes.join('\n'));
  console.log(`published ${version}; push the tag v${version}`);
}

if (isMain(import.meta.url)) {
  await main().catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
