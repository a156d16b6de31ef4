/**
 * The reference of @hw5/core as a static site, from the doc comments and examples of its sources:
 *
 *     npm run docs [-- --out FOLDER]     FOLDER defaults to docs/site/dist
 *
 * TypeDoc needs a compiler of its own, so both are installed here, once, and `npm ci` in the root stays small. Broken
 * links and whatever else TypeDoc complains about fail the build.
 */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { npm, root, run } from '../../scripts/process.mjs';
import { installReason } from '../../scripts/setup.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const core = join(root, 'packages', 'core');

/** The source behind every subpath; the file for script tags is the main entry again. */
function entryPoints() {
  const { exports } = JSON.parse(readFileSync(join(core, 'package.json'), 'utf8'));
  return Object.entries(exports)
    .filter(([path, { types }]) => types !== undefined && path !== './cdn')
    .map(([, { types }]) => join(core, types.replace('./dist/', 'src/').replace(/\.d\.ts$/, '.ts')));
}

async function build(out) {
  const reason = installReason(here);
  if (reason) {
    console.error(`docs: installing TypeDoc into docs/site/node_modules (${reason})`);
    const [command, args] = npm('ci', '--ignore-scripts', '--no-audit', '--no-fund');
    const code = await run(command, args, { cwd: here });
    if (code !== 0) throw new Error(`docs: npm ci must exit with 0, got ${code}`);
  }
  const installed = (path) => pathToFileURL(join(here, 'node_modules', ...path)).href;
  const { Application } = await import(installed(['typedoc', 'dist', 'index.js']));
  const app = await Application.bootstrapWithPlugins({
    name: '@hw5/core',
    out,
    entryPoints: entryPoints(),
    tsconfig: join(core, 'tsconfig.json'),
    readme: join(core, 'README.md'),
    // Sources are shown without links: the reference knows no address of the repository.
    disableSources: true,
    excludeInternal: true,
    // The kernel's functions are internal as a whole.
    excludeExternals: true,
    externalPattern: ['**/node_modules/**', '**/kernel-wasm/**'],
    // Types that signatures name but no entry exports are described beside them.
    plugin: [installed(['typedoc-plugin-missing-exports', 'index.js'])],
    placeInternalsInOwningModule: true,
    treatWarningsAsErrors: true,
    validation: { notExported: false, invalidLink: true, invalidPath: true, rewrittenLink: true },
  });
  const project = await app.convert();
  if (project === undefined || app.logger.hasErrors())
    throw new Error('docs: the sources must convert, see above');
  app.validate(project);
  await app.generateOutputs(project);
  if (app.logger.hasErrors() || app.logger.hasWarnings())
    throw new Error(
      `docs: TypeDoc must have nothing to complain about, got ${app.logger.errorCount} errors and ${app.logger.warningCount} warnings`,
    );
}

const { values } = parseArgs({ options: { out: { type: 'string', default: join(here, 'dist') } } });
try {
  await build(resolve(values.out));
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
