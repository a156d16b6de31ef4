/**
 * What is fuzzed: a parser, its seeds, and how it is called. Add a parser by adding a line. Seeds are the committed files of
 * scripts/fuzz/corpus/NAME and, where there are some, fixtures.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadCheckpoint, resolveConfig, safetensors } from '@hw5/core';
import { loadHuggingFace, parseCsv, parseJsonLines } from '@hw5/core/data';
import { check, derive } from '@hw5/core/homework';
import { importFile } from '@hw5/core/interop';
import { readNpz } from '@hw5/core/npz';
import { loadOnnx } from '@hw5/core/onnx';
import { readTorch } from '@hw5/core/torch';
import { root } from '../process.mjs';

const fixtures = (folder, ending) =>
  readdirSync(join(root, 'fixtures', folder))
    .filter((name) => name.endsWith(ending))
    .map((name) => readFileSync(join(root, 'fixtures', folder, name)));
const committed = (name) => {
  const folder = join(root, 'scripts/fuzz/corpus', name);
  return readdirSync(folder).map((file) => readFileSync(join(folder, file)));
};
const text = (bytes) => new TextDecoder().decode(bytes);
const scratch = mkdtempSync(join(tmpdir(), 'hw5-fuzz-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));

/** @type {Record<string, { seeds: () => Uint8Array[], run: (bytes: Uint8Array) => unknown }>} */
export const targets = {
  safetensors: {
    seeds: () => fixtures('interop', '.safetensors'),
    run: (bytes) => {
      safetensors.read(bytes);
      importFile({ file: bytes });
    },
  },
  onnx: {
    seeds: () => fixtures('interop', '.onnx'),
    run: (bytes) => {
      loadOnnx(bytes).dispose();
      importFile({ file: bytes });
    },
  },
  npz: {
    seeds: () => [...fixtures('interop', '.npz'), ...fixtures('npy', '.npz')],
    run: (bytes) => {
      readNpz(bytes);
      importFile({ file: bytes });
    },
  },
  pt: {
    seeds: () => [...fixtures('interop', '.pt'), ...fixtures('torch-files', '.pt')],
    run: (bytes) => {
      readTorch(bytes);
      importFile({ file: bytes });
    },
  },
  csv: { seeds: () => committed('csv'), run: (bytes) => parseCsv(text(bytes)) },
  'json-lines': { seeds: () => committed('json-lines'), run: (bytes) => parseJsonLines(text(bytes), 'fuzz') },
  config: { seeds: () => committed('config'), run: (bytes) => resolveConfig(json(bytes)) },
  checkpoint: {
    seeds: () => committed('checkpoint'),
    run: (bytes) => loadCheckpoint(withMetadata(bytes)).dispose(),
  },
  tokenizer: {
    seeds: () => committed('tokenizer'),
    run: async (bytes) =>
      (await loadHuggingFace({ tokenizer: json(bytes), config: { pad_token: '<pad>' } })).encode(
        'a cat, گربه',
      ),
  },
  derive: { seeds: () => committed('derive'), run: (bytes) => derive({ cell: text(bytes) }) },
  check: {
    seeds: () => committed('check'),
    run: (bytes) => {
      for (const question of ['q1a', 'q2a', 'q2b', 'q2c', 'q3a']) check(question, text(bytes));
    },
  },
  address: {
    seeds: () => committed('address'),
    run: async (bytes) => (await lab()).checkAddress(text(bytes)),
  },
  journal: {
    seeds: () => committed('journal'),
    run: async (bytes) => {
      const { Journal } = await import('../../packages/cli/dist/sweep/journal.js');
      const path = join(scratch, `journal-${process.pid}`);
      writeFileSync(path, bytes);
      return new Journal(path);
    },
  },
};

/** Sources of the lab, which is no package: Vite reads them as it does for a page, without a server that listens. */
const lab = memo(async () => {
  const { createServer } = await import('vite');
  const server = await createServer({
    root: join(root, 'packages/web'),
    configFile: false,
    logLevel: 'error',
    server: { middlewareMode: true, hmr: false, watch: null },
    optimizeDeps: { noDiscovery: true },
  });
  return server.ssrLoadModule('/fuzz/address.ts');
});

function memo(make) {
  let made;
  return () => (made ??= make());
}

/** JSON is parsed by the engine; what comes of it is ours. */
function json(bytes) {
  try {
    return JSON.parse(text(bytes));
  } catch {
    return {};
  }
}

/** The weights of a small model under our names, with moments of zero. */
const small = new Map(
  [...safetensors.read(readFileSync(join(root, 'fixtures/interop/lstm.safetensors'))).tensors].flatMap(
    ([name, tensor]) => {
      const own = name
        .replace('net.emb', 'embedding')
        .replace('net.layers', 'lstm')
        .replace('net.out', 'head');
      const zeros = { shape: tensor.shape, data: new Float32Array(tensor.data.length) };
      return [
        [own, tensor],
        [`optimizer.exp_avg.${own}`, zeros],
        [`optimizer.exp_avg_sq.${own}`, zeros],
      ];
    },
  ),
);
/** A checkpoint whose description is `bytes`. */
const withMetadata = (bytes) => safetensors.write(small, new Map([['hw5', text(bytes)]]));
