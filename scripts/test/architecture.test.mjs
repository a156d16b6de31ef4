/** The rules of docs/architecture.md, section "Who may import whom". */
import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { importsOf, sourcesIn } from '../imports.mjs';
import { root } from '../process.mjs';

const packageFolder = (name) => join(root, 'packages', name);
const sourcesOf = (name) => sourcesIn(join(packageFolder(name), 'src'));
const manifestOf = (name) => JSON.parse(readFileSync(join(packageFolder(name), 'package.json'), 'utf8'));

/** Core from bottom to top: a unit imports values only from the lines above its own. */
const CORE_LAYERS = [
  ['errors'],
  ['shape'],
  ['platform'],
  ['link', 'kernel'],
  ['tensor'],
  ['tape'],
  ['random'],
  ['ops'],
  ['nn'],
  ['optim', 'data', 'metrics', 'formats', 'sample', 'models', 'inspect', 'parallel', 'gradcheck', 'homework'],
  ['train', 'gradcheck-all', 'onnx', 'experiments'],
  ['bench', 'interop'],
  ['session'],
  ['index'],
  ['cdn'],
];
const unitOf = (path) => path.split('/')[0].replace(/\.[jt]sx?$/, '');
const levelOf = (unit) => CORE_LAYERS.findIndex((layer) => layer.includes(unit));

/** Value imports that go to the same layer or a higher one. */
function upwardImports(sources) {
  const found = [];
  for (const { file, imports } of sources) {
    for (const { from, typeOnly } of imports) {
      const local = from.startsWith('#platform') ? 'platform' : from;
      if (
        typeOnly ||
        unitOf(local) === unitOf(file) ||
        (levelOf(unitOf(local)) < 0 && !local.endsWith('.js'))
      )
        continue;
      if (levelOf(unitOf(local)) >= levelOf(unitOf(file))) found.push(`${file} -> ${from}`);
    }
  }
  return found;
}

const isBuiltin = (from) => from.startsWith('node:') || builtinModules.includes(from);
/** Files that a page loads as they are; they tie no code together. */
const ASSET = /\.(css|svg|json|txt)(\?\w+)?$/;
const packageOf = (from) => from.split('/', from.startsWith('@') ? 2 : 1).join('/');

describe('core', () => {
  const sources = sourcesOf('core');

  test('has a layer for every unit', () => {
    const units = new Set(sources.map(({ file }) => unitOf(file)));
    expect([...units].filter((unit) => levelOf(unit) < 0)).toEqual([]);
    expect(units.size).toBeGreaterThan(5);
  });

  test('imports only downwards', () => {
    expect(upwardImports(sources)).toEqual([]);
  });

  test('touches Node only in platform/', () => {
    const outside = sources.filter(({ file }) => !file.startsWith('platform/'));
    expect(
      outside.filter(({ imports }) => imports.some(({ from }) => isBuiltin(from))).map(({ file }) => file),
    ).toEqual([]);
  });

  test('knows the built kernel only in kernel/, and no page anywhere', () => {
    const usesKernel = ({ imports }) => imports.some(({ from }) => from.startsWith('@hw5/kernel-wasm'));
    expect(
      sources
        .filter(usesKernel)
        .filter(({ file }) => !file.startsWith('kernel/'))
        .map(({ file }) => file),
    ).toEqual([]);
    const touchesPage = /^[^*/\n]*\b(document|window|localStorage)\./m;
    expect(sources.filter(({ source }) => touchesPage.test(source)).map(({ file }) => file)).toEqual([]);
  });
});

describe.each(['core', 'cli', 'web'])('%s', (name) => {
  const sources = sourcesOf(name);

  test('imports other packages by name, and only those it declares', () => {
    const { dependencies } = manifestOf(name);
    const undeclared = sources.flatMap(({ file, imports }) =>
      imports
        .filter(({ from }) => !from.startsWith('#') && !isBuiltin(from) && !ASSET.test(from))
        .filter(
          ({ from }) =>
            from.startsWith('../') ||
            (/^[@\w]/.test(from) && !isLocal(from, sources) && !(packageOf(from) in dependencies)),
        )
        .map(({ from }) => `${file} -> ${from}`),
    );
    expect(undeclared).toEqual([]);
  });
});

/** Resolved relative imports look like `shape.js` or `report/chart.js`; styles and other assets keep their ending. */
function isLocal(from, sources) {
  const stem = from.replace(/\.[jt]sx?$/, '');
  return (
    /\.(css|svg|json)$/.test(from) ||
    sources.some(({ file }) => [stem, `${stem}/index`].includes(file.replace(/\.[jt]sx?$/, '')))
  );
}

describe('packages', () => {
  test('depend only downwards: web and cli on core, core on kernel-wasm, kernel-wasm on nothing', () => {
    const ours = (name) =>
      Object.keys(manifestOf(name).dependencies ?? {}).filter((dependency) => dependency.startsWith('@hw5/'));
    expect(ours('web')).toEqual(['@hw5/core']);
    expect(ours('cli')).toEqual(['@hw5/core']);
    expect(ours('core')).toEqual(['@hw5/kernel-wasm']);
    expect(ours('kernel-wasm')).toEqual([]);
    expect(readdirSync(join(root, 'packages')).sort()).toEqual(['cli', 'core', 'kernel-wasm', 'web']);
  });

  test('pin every dependency to one version', () => {
    const loose = ['kernel-wasm', 'core', 'cli', 'web'].flatMap((name) => {
      const { dependencies = {}, devDependencies = {} } = manifestOf(name);
      return Object.entries({ ...dependencies, ...devDependencies }).filter(
        ([, version]) => !/^\d+\.\d+\.\d+$/.test(version),
      );
    });
    expect(loose).toEqual([]);
  });
});

describe('the kernel in Rust', () => {
  const folder = join(packageFolder('kernel-wasm'), 'src');
  const files = readdirSync(folder, { recursive: true }).filter((file) => file.endsWith('.rs'));
  const using = (pattern) =>
    files.filter((file) => pattern.test(readFileSync(join(folder, file), 'utf8'))).sort();

  test('has intrinsics only in simd.rs (and memory.size in abi/region.rs), wasm-bindgen only in abi', () => {
    expect(using(/^\s*(pub )?use (core|std)::arch\b/m)).toEqual(['abi/region.rs', 'simd.rs']);
    const binding = using(/^\s*(#\[wasm_bindgen\b|use wasm_bindgen\b)/m);
    expect(binding.length).toBeGreaterThan(0);
    expect(binding.filter((file) => !/^abi(\.rs|[\\/])/.test(file))).toEqual([]);
  });
});

describe('these rules', () => {
  test('read imports of all kinds', () => {
    const source = `
      import type { A } from './a.js';
      import { type B, type C } from './b.js';
      import { type D, e } from './d.js';
      import * as f from './f.js';
      import './g.js';
      export * from './h.js';
      const i = await import('./i.js');
      // import { no } from './comment.js';
    `;
    expect(importsOf(source)).toEqual([
      { from: './a.js', typeOnly: true },
      { from: './b.js', typeOnly: true },
      { from: './d.js', typeOnly: false },
      { from: './f.js', typeOnly: false },
      { from: './h.js', typeOnly: false },
      { from: './g.js', typeOnly: false },
      { from: './i.js', typeOnly: false },
    ]);
  });

  test('catch an import that goes up, and one across a layer', () => {
    const planted = (file, from, typeOnly = false) => [{ file, imports: [{ from, typeOnly }] }];
    expect(upwardImports(planted('shape.ts', 'tensor.js'))).toHaveLength(1);
    expect(upwardImports(planted('data/text.ts', 'optim/adam.js'))).toHaveLength(1);
    expect(upwardImports(planted('kernel/load.ts', '#platform'))).toHaveLength(0);
    expect(upwardImports(planted('ops/lstm.ts', 'tape.js'))).toHaveLength(0);
    expect(upwardImports(planted('train/train.ts', 'session/protocol.js', true))).toHaveLength(0);
  });
});
