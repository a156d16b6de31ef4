/**
 * What a page has to load, in bytes after minify and gzip -9, against its budget:
 *
 *     node scripts/size.mjs
 *
 * `core` is every module that the main entry of @hw5/core or its worker loads at once, each counted once, without
 * the file formats, the kernel and comlink. What the worker loads on first use (homework, gradcheck, bench, the workers beside it) is told
 * beside it.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { root } from './process.mjs';

const KB = 1024;
const BUDGETS = { kernel: 80 * KB, core: 48 * KB, cdn: 280 * KB };

const gzipped = (bytes) => gzipSync(bytes, { level: 9 }).length;

/** Every kernel build (strict, relaxed, f64), each with its own budget. */
function kernels() {
  const folder = join(root, 'packages', 'kernel-wasm', 'pkg');
  return readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith('.wasm'))
    .sort()
    .map((name) => ({
      name: `kernel ${name}`,
      size: gzipped(readFileSync(join(folder, name))),
      budget: BUDGETS.kernel,
    }));
}

async function core() {
  // Vite's own bundler; Vite itself would bundle the worker apart and count shared modules twice.
  const fromVite = createRequire(createRequire(import.meta.url).resolve('vite'));
  const { rolldown } = await import(pathToFileURL(fromVite.resolve('rolldown')).href);
  const dist = join(root, 'packages', 'core', 'dist');
  const platform = (name) => join(dist, 'platform', `${name}.js`);
  const bundle = await rolldown({
    input: [join(dist, 'index.js'), join(dist, 'session', 'worker.js')],
    external: [/^@hw5\/kernel-wasm/, 'comlink', /(^|[\\/])formats[\\/]/],
    platform: 'browser',
    resolve: {
      alias: {
        '#platform/session': platform('browser-session'),
        '#platform/replica': platform('browser-replica'),
        '#platform': platform('browser'),
      },
    },
    logLevel: 'silent',
  });
  const { output } = await bundle.generate({ format: 'esm', minify: true });
  const chunks = new Map(
    output.filter(({ type }) => type === 'chunk').map((chunk) => [chunk.fileName, chunk]),
  );
  const atOnce = new Set();
  const load = (name) => {
    if (!chunks.has(name) || atOnce.has(name)) return;
    atOnce.add(name);
    chunks.get(name).imports.forEach(load);
  };
  for (const { fileName, isEntry } of chunks.values()) if (isEntry) load(fileName);
  const size = (wanted) =>
    gzipped([...chunks].flatMap(([name, { code }]) => (wanted(name) ? [code] : [])).join('\n'));
  return [
    { name: 'core without formats', size: size((name) => atOnce.has(name)), budget: BUDGETS.core },
    { name: 'core, loaded on first use', size: size((name) => !atOnce.has(name)) },
  ];
}

/** The file for script tags: core with its workers and all that they load on first use. */
function cdn() {
  const file = join(root, 'packages', 'core', 'dist', 'cdn', 'hw5.min.js');
  return [{ name: 'core for script tags', size: gzipped(readFileSync(file)), budget: BUDGETS.cdn }];
}

let over = 0;
for (const { name, size, budget = Number.POSITIVE_INFINITY } of [...kernels(), ...(await core()), ...cdn()]) {
  const fits = size > 0 && size <= budget;
  if (!fits) over += 1;
  const limit = Number.isFinite(budget) ? ` of ${(budget / KB).toFixed(0)}` : '';
  console.log(`${fits ? 'ok  ' : 'OVER'} ${name}: ${(size / KB).toFixed(1)}${limit} KB`);
}
process.exitCode = over > 0 ? 1 : 0;
