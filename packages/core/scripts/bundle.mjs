/**
 * Bundles what tsc has compiled one by one, so that little has to be found and loaded:
 *
 * - `dist/node`: what Node, Deno and Bun import. All that the main entry needs at once is one file, and what it loads
 *   on first use stays apart. Bundlers for pages get the single modules in `dist`, which they shake best.
 * - `dist/cdn`: the main entry, its workers and all that they load as one minified file for a script tag, and the
 *   kernels beside it, of which a page fetches one.
 */
import { copyFileSync, readFileSync, rmSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const folder = fileURLToPath(new URL('..', import.meta.url));
const source = (path) => join(folder, 'src', path);
const { exports, dependencies, peerDependencies } = JSON.parse(
  readFileSync(join(folder, 'package.json'), 'utf8'),
);

/** Sources name each other by what they become: `./x.js` is x.ts. */
const extensionAlias = { '.js': ['.ts'] };
const transform = { target: 'es2023' };
/** Errors are told by the names of their classes; maps lead to the sources in the package. */
const output = { keepNames: true, sourcemap: true, sourcemapExcludeSources: true };

async function bundleForNode() {
  const entries = Object.values(exports).flatMap((target) => target.node ?? []);
  const names = [...entries, './dist/node/session/worker.js', './dist/node/session/replica.js'].map((path) =>
    path.slice('./dist/node/'.length, -'.js'.length),
  );
  const packages = Object.keys({ ...dependencies, ...peerDependencies });
  const bundle = await rolldown({
    input: Object.fromEntries(names.map((name) => [name, source(`${name}.ts`)])),
    external: (id) =>
      id.startsWith('node:') || packages.some((name) => id === name || id.startsWith(`${name}/`)),
    platform: 'node',
    resolve: {
      extensionAlias,
      alias: {
        '#platform/session': source('platform/node-workers.ts'),
        '#platform/replica': source('platform/node-workers.ts'),
        '#platform': source('platform/node.ts'),
      },
    },
    transform,
  });
  let atOnce;
  await bundle.write({
    dir: join(folder, 'dist', 'node'),
    // Workers are started as `../session/worker.js`, which is right from shared/ as it is from src/platform/.
    chunkFileNames: 'shared/[name].js',
    codeSplitting: {
      groups: [
        {
          debugName: 'core',
          name(id, context) {
            atOnce ??= staticClosure(source('index.ts'), context);
            return atOnce.has(id) ? 'core' : null;
          },
        },
      ],
    },
    minifyInternalExports: false,
    ...output,
  });
  await bundle.close();
}

/** A module and all that it imports, and so on, without what is loaded on first use. */
function staticClosure(entry, context) {
  const found = new Set();
  const visit = (id) => {
    if (found.has(id)) return;
    found.add(id);
    context.getModuleInfo(id)?.importedIds.forEach(visit);
  };
  visit(entry);
  return found;
}

async function bundleForCdn() {
  const out = join(folder, 'dist', 'cdn');
  const kernels = new Map();
  const bundle = await rolldown({
    input: { 'hw5.min': source('cdn.ts') },
    platform: 'browser',
    external: Object.keys(peerDependencies),
    resolve: {
      extensionAlias,
      alias: {
        '#platform/session': source('platform/cdn.ts'),
        '#platform/replica': source('platform/cdn.ts'),
        '#platform': source('platform/browser.ts'),
      },
    },
    transform,
    plugins: [
      {
        name: 'kernels-beside',
        transform(code, id) {
          if (relative(folder, id).split(sep).join('/') !== '../kernel-wasm/index.js') return;
          const beside = code.replace(/\.\/pkg\/(\w+)\/kernel_bg\.wasm/g, (path, variant) => {
            kernels.set(`kernel-${variant}.wasm`, join(folder, '..', 'kernel-wasm', path));
            return `./kernel-${variant}.wasm`;
          });
          return { code: beside, map: null };
        },
      },
    ],
  });
  await bundle.write({ dir: out, codeSplitting: false, minify: true, ...output });
  await bundle.close();
  if (kernels.size !== 3) throw new Error(`bundle: kernel-wasm must name 3 kernels, got ${kernels.size}`);
  for (const [name, path] of kernels) copyFileSync(path, join(out, name));
}

for (const name of ['node', 'cdn']) rmSync(join(folder, 'dist', name), { recursive: true, force: true });
await Promise.all([bundleForNode(), bundleForCdn()]);
