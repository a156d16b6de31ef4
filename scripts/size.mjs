/**
 * What a page has to load, in bytes after minify and gzip -9, against its budget:
 *
 *     node scripts/size.mjs
 *
 * `core` is everything reachable from the main entry of @hw5/core without the file formats, the kernel and comlink.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import { root } from './process.mjs';

const KB = 1024;
const BUDGETS = { kernel: 40 * KB, core: 25 * KB };

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
  const dist = join(root, 'packages', 'core', 'dist');
  const result = await build({
    configFile: false,
    logLevel: 'error',
    root: dist,
    build: {
      write: false,
      minify: true,
      target: 'es2023',
      lib: { entry: join(dist, 'index.js'), formats: ['es'] },
      rollupOptions: {
        external: (id) =>
          id === '@hw5/kernel-wasm' ||
          id === 'comlink' ||
          id.startsWith('node:') ||
          id.includes(`${sep}formats${sep}`) ||
          /^\.\.?\/(.*\/)?formats\//.test(id),
      },
    },
  });
  const chunks = [result].flat().flatMap(({ output }) => output);
  const code = chunks.filter((chunk) => chunk.type === 'chunk').map((chunk) => chunk.code);
  return { name: 'core without formats', size: gzipped(code.join('\n')), budget: BUDGETS.core };
}

let over = 0;
for (const { name, size, budget } of [...kernels(), await core()]) {
  const fits = size > 0 && size <= budget;
  if (!fits) over += 1;
  console.log(
    `${fits ? 'ok  ' : 'OVER'} ${name}: ${(size / KB).toFixed(1)} of ${(budget / KB).toFixed(0)} KB`,
  );
}
process.exitCode = over > 0 ? 1 : 0;
