#!/usr/bin/env node
/**
 * Says which sources and tools the committed pkg/ belongs to.
 *
 *   node scripts/manifest.mjs --check          fails when pkg/ is stale or an artefact was changed
 *   node scripts/manifest.mjs --compare DIR    fails when DIR was built by the same tools and differs
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { artefacts, variants } from './variants.mjs';

export const crate = resolve(dirname(fileURLToPath(import.meta.url)), '..');
export const pkg = join(crate, 'pkg');

const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

/** Everything that decides the artefacts apart from the tools. */
function sourceFiles() {
  const rust = readdirSync(join(crate, 'src'), { recursive: true })
    .filter((path) => path.endsWith('.rs'))
    .map((path) => join('src', path));
  return [...rust, 'Cargo.toml', 'Cargo.lock', join('scripts', 'variants.mjs')].sort();
}

/** One hash over the names and contents of the sources; the same with any checkout's line endings. */
export function hashSources() {
  const hash = createHash('sha256');
  for (const path of sourceFiles()) {
    const text = readFileSync(join(crate, path), 'utf8').replaceAll('\r\n', '\n');
    hash.update(`${path.split(sep).join('/')}\n${sha256(text)}\n`);
  }
  return hash.digest('hex');
}

/** Path, size and hash of every artefact under a folder laid out like pkg/. */
function describeArtefacts(folder) {
  const described = {};
  for (const variant of Object.keys(variants)) {
    for (const file of artefacts) {
      const bytes = readFileSync(join(folder, variant, file));
      described[`${variant}/${file}`] = {
        bytes: bytes.length,
        gzipBytes: gzipSync(bytes, { level: 9 }).length,
        sha256: sha256(bytes),
      };
    }
  }
  return described;
}

export function writeManifest(folder, tools) {
  const manifest = { sources: hashSources(), tools, artefacts: describeArtefacts(folder) };
  writeFileSync(join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

export function readManifest(folder) {
  return JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
}

/** What is wrong with a built folder, one line each; empty when it belongs to the sources. */
export function findProblems(folder) {
  const manifest = readManifest(folder);
  const problems = [];
  const sources = hashSources();
  if (manifest.sources !== sources) {
    problems.push(`sources: hash must be ${manifest.sources}, got ${sources}; run scripts/build.mjs`);
  }
  for (const [path, { sha256: hash }] of Object.entries(describeArtefacts(folder))) {
    const expected = manifest.artefacts[path]?.sha256;
    if (expected !== hash) problems.push(`${path}: sha256 must be ${expected}, got ${hash}`);
  }
  return problems;
}

/**
 * Compares a fresh build with the committed one. `same` is undefined where the tools differ, because then
 * different bytes prove nothing.
 */
export function compareManifests(committed, fresh) {
  const different = Object.keys(committed.artefacts).filter(
    (path) => committed.artefacts[path].sha256 !== fresh.artefacts[path]?.sha256,
  );
  if (different.length === 0) return { same: true, message: 'fresh build is byte-identical to pkg' };
  const tools = Object.keys(committed.tools).filter((tool) => committed.tools[tool] !== fresh.tools[tool]);
  if (tools.length > 0) {
    const changes = tools.map((tool) => `${committed.tools[tool]} -> ${fresh.tools[tool]}`);
    return { same: undefined, message: `not comparable, other tools: ${changes.join(', ')}` };
  }
  return { same: false, message: `fresh build differs from pkg in ${different.join(', ')}` };
}

function main() {
  const { values } = parseArgs({ options: { check: { type: 'boolean' }, compare: { type: 'string' } } });
  if (values.check) {
    const problems = findProblems(pkg);
    for (const problem of problems) console.error(`manifest: ${problem}`);
    if (problems.length === 0)
      console.log(`pkg belongs to the sources (${relative(process.cwd(), pkg) || '.'})`);
    process.exitCode = problems.length === 0 ? 0 : 1;
  } else if (values.compare !== undefined) {
    const { same, message } = compareManifests(readManifest(pkg), readManifest(resolve(values.compare)));
    console.log(message);
    process.exitCode = same === false ? 1 : 0;
  } else {
    console.error('manifest: one of --check and --compare DIR must be given');
    process.exitCode = 1;
  }
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) main();
