#!/usr/bin/env node
/**
 * Everything about the Rust sources: format, lints, and the one test suite in five builds: through the
 * portable twin in f32 and f64, and in Node as wasm in the strict, relaxed and f64 builds.
 *
 *   node scripts/test-rust.mjs
 *   node scripts/test-rust.mjs --miri     instead, in Miri: the tests that go through the unsafe code of the portable twin
 *
 * Needs the toolchain of scripts/toolchain.sh.
 */
import { spawnSync } from 'node:child_process';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { crate } from './manifest.mjs';
import { variants } from './variants.mjs';

const tools = process.env.HW5_TOOLS ?? join(homedir(), '.cache', 'hw5-tools');
const path = [join(tools, 'bin'), process.env.PATH].join(delimiter);
const target = 'wasm32-unknown-unknown';

if (process.argv.includes('--miri')) {
  // All else is safe Rust, and Miri takes minutes for what the tests above do in a second.
  const unsafeCode = ['simd::', 'workspace::', 'gemm::tests::tile_edges', 'step::'];
  // Miri varies the last bits of powi on purpose, with which a test makes its expected values.
  run('Miri', ['+nightly', 'miri', 'test', '--lib', '--', ...unsafeCode], {
    MIRIFLAGS: '-Zmiri-deterministic-floats',
    CARGO_TARGET_DIR: join(crate, 'target', 'miri'),
  });
  process.exit();
}
runTool('fmt', 'format', ['--check']);
runTool('clippy', 'lints, native', ['--all-targets', '--locked', '--', '-D', 'warnings']);
runTool('clippy', 'lints, native f64', [
  '--all-targets',
  '--locked',
  '--features',
  'f64',
  '--',
  '-D',
  'warnings',
]);
run('tests, native', ['test', '--locked']);
run('tests, native f64', ['test', '--locked', '--features', 'f64']);
for (const [name, { rustflags, features }] of Object.entries(variants)) {
  const build = [
    '--locked',
    '--target',
    target,
    ...(features.length > 0 ? ['--features', features.join(',')] : []),
  ];
  const env = {
    CARGO_ENCODED_RUSTFLAGS: rustflags.join('\x1f'),
    CARGO_TARGET_DIR: join(crate, 'target', `test-${name}`),
    CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER: 'wasm-bindgen-test-runner',
    // Node 20 has relaxed SIMD behind a flag; newer ones have it without and ignore nothing they do not know.
    NODE_ARGS: Number(process.versions.node.split('.')[0]) < 22 ? '--experimental-wasm-relaxed-simd' : '',
  };
  runTool('clippy', `lints, wasm ${name}`, [...build, '--all-targets', '--', '-D', 'warnings'], env);
  run(`tests, wasm ${name}`, ['test', ...build, '--lib'], env);
}

/** Debian's compiler comes without clippy and rustfmt: says so, and goes on to the tests. */
function runTool(tool, title, args, env = {}) {
  const { status } = spawnSync('cargo', [tool, '--version'], {
    env: { ...process.env, PATH: path },
    stdio: 'ignore',
  });
  if (status === 0) run(title, [tool, ...args], env);
  else console.log(`\n# ${title}: not run, this cargo has no ${tool}`);
}

function run(title, args, env = {}) {
  console.log(`\n# ${title}`);
  const { status, error } = spawnSync('cargo', args, {
    cwd: crate,
    env: { ...process.env, PATH: path, ...env },
    stdio: 'inherit',
  });
  if (error !== undefined)
    throw new Error(`test-rust: cargo must be installed, run scripts/toolchain.sh`, { cause: error });
  if (status !== 0) {
    console.error(`test-rust: ${title} must pass, got exit status ${status}`);
    process.exit(1);
  }
}
