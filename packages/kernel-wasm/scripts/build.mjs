#!/usr/bin/env node
/**
 * Builds pkg/{strict,relaxed,f64} from the Rust sources and writes pkg/manifest.json.
 *
 *   node scripts/build.mjs                     into pkg/
 *   node scripts/build.mjs --out DIR           into another folder (compare it with manifest.mjs --compare DIR)
 *   node scripts/build.mjs --verify            builds into a temporary folder and compares with pkg/
 *
 * Needs the toolchain of scripts/toolchain.sh; its `bin` folder is put first on the PATH.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { compareManifests, crate, pkg, readManifest, writeManifest } from './manifest.mjs';
import { artefacts, variants } from './variants.mjs';

const { values: options } = parseArgs({
  options: { out: { type: 'string' }, verify: { type: 'boolean', default: false } },
});
const tools = process.env.HW5_TOOLS ?? join(homedir(), '.cache', 'hw5-tools');
const env = { ...process.env, PATH: [join(tools, 'bin'), process.env.PATH].join(delimiter) };
const temporary = mkdtempSync(join(tmpdir(), 'hw5-kernel-'));
try {
  const out = options.verify ? join(temporary, 'pkg') : resolve(options.out ?? pkg);
  for (const [name, variant] of Object.entries(variants)) build(name, variant, out);
  writeManifest(out, toolVersions());
  if (options.verify) {
    const verdict = compareManifests(readManifest(pkg), readManifest(out));
    console.log(verdict.message);
    process.exitCode = verdict.same === false ? 1 : 0;
  }
} finally {
  rmSync(temporary, { recursive: true, force: true });
}

function build(name, { rustflags, features, wasmOpt }, out) {
  const staging = join(temporary, name);
  const cargoHome = process.env.CARGO_HOME ?? join(homedir(), '.cargo');
  const flags = [
    ...rustflags,
    // Panic messages hold source paths; without their machine's prefix every machine builds the same bytes.
    `--remap-path-prefix=${cargoHome}=/cargo`,
    `--remap-path-prefix=${crate}=/kernel-wasm`,
  ];
  run(
    'wasm-pack',
    [
      ...['build', crate, '--release', '--target', 'web', '--mode', 'no-install', '--no-opt'],
      ...['--out-dir', staging, '--out-name', 'kernel', '--', '--locked'],
      ...(features.length > 0 ? ['--features', features.join(',')] : []),
    ],
    {
      CARGO_ENCODED_RUSTFLAGS: flags.join('\x1f'),
      CARGO_TARGET_DIR: join(crate, 'target', name),
    },
  );
  const wasm = join(staging, 'kernel_bg.wasm');
  run('wasm-opt', [...wasmOpt, wasm, '-o', wasm]);
  const to = join(out, name);
  mkdirSync(to, { recursive: true });
  for (const file of artefacts) copyFileSync(join(staging, file), join(to, file));
}

function run(command, args, extra = {}) {
  try {
    execFileSync(command, args, { env: { ...env, ...extra }, stdio: ['ignore', 'inherit', 'inherit'] });
  } catch (error) {
    if (error.code === 'ENOENT') {
      throw new Error(`build: ${command} must be installed, run scripts/toolchain.sh first`, {
        cause: error,
      });
    }
    throw error;
  }
}

function toolVersions() {
  const version = (command) =>
    execFileSync(command, ['--version'], { env, encoding: 'utf8' }).trim().split('\n')[0];
  return {
    rustc: version('rustc'),
    'wasm-pack': version('wasm-pack'),
    'wasm-bindgen': version('wasm-bindgen'),
    binaryen: version('wasm-opt'),
  };
}
