/** The programs that `hw5 export --to pytorch` writes, run by PyTorch where HW5_PYTHON names a Python that has it. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { read, write } from '../src/formats/safetensors.js';
import { exportRun } from '../src/interop/index.js';
import { init } from '../src/kernel/load.js';
import { CharLMRun } from '../src/train/char-lm-run.js';
import { ClassifyRun } from '../src/train/classify-run.js';
import type { Run } from '../src/train/run.js';
import { Seq2SeqRun } from '../src/train/seq2seq-run.js';
import { TagRun } from '../src/train/tag-run.js';

const python = process.env.HW5_PYTHON;
const cells = ['rnn', 'gru', 'lstm'] as const;
const sizes = { embeddingSize: 3, hiddenSize: 4 };
const TEXT = 'ab cd, باران. '.repeat(40);

const transformer = (positions: 'learned' | 'sinusoidal') => (): Run =>
  CharLMRun.create(TEXT, {
    ...{ cell: 'transformer', embeddingSize: 4, hiddenSize: 6, numLayers: 2, numHeads: 2, positions },
    ...{ batchSize: 2, sequenceLength: 8 },
  });

const runs: Readonly<Record<string, () => Run>> = {
  'transformer learned': transformer('learned'),
  'transformer sinusoidal': transformer('sinusoidal'),
  ...Object.fromEntries(
    cells.flatMap((cell): [string, () => Run][] => [
      [
        `char-lm ${cell}`,
        () => CharLMRun.create(TEXT, { cell, ...sizes, numLayers: 2, batchSize: 2, sequenceLength: 8 }),
      ],
      [
        `tag ${cell}`,
        () =>
          TagRun.create(
            { task: 'part-of-speech', train: 20, validation: 4 },
            { ...sizes, cell, numLayers: 2 },
          ),
      ],
      ...(['last', 'mean', 'max', 'attention'] as const).map((pooling): [string, () => Run] => [
        `classify ${cell} ${pooling}`,
        () =>
          ClassifyRun.create(
            { task: 'sentiment', train: 20, validation: 4 },
            { ...sizes, cell, pooling, bidirectional: pooling !== 'mean' },
          ),
      ]),
      ...(['additive', 'dot'] as const).flatMap((attention) =>
        [false, true].map((bidirectional): [string, () => Run] => [
          `seq2seq ${cell} ${attention}${bidirectional ? ' both' : ''}`,
          () =>
            Seq2SeqRun.create(
              { task: 'dates', train: 20, validation: 4 },
              { ...sizes, cell, attention, bidirectional },
            ),
        ]),
      ),
    ]),
  ),
};

beforeAll(async () => void (await init()));

/** Runs the program of every folder in one Python, which takes seconds to load PyTorch: [exit code, output] by folder. */
const DRIVER = `
import contextlib, io, json, runpy, sys
results = {}
for folder in sys.argv[1:]:
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        try:
            runpy.run_path(folder + '/model.py', run_name='__main__')
            code = None
        except SystemExit as exit:
            code = exit.code
    results[folder] = [code, output.getvalue()]
print(json.dumps(results))
`;

describe.skipIf(python === undefined)('PyTorch (only where HW5_PYTHON names a Python that has it)', () => {
  test('every program reproduces the numbers, and notices a weight that was changed', () => {
    const root = mkdtempSync(join(tmpdir(), 'hw5-pytorch-'));
    try {
      for (const [name, make] of Object.entries(runs)) {
        const run = make();
        for (let step = 0; step < 2; step += 1) run.trainStep();
        for (const folder of [name, `${name} changed`]) {
          mkdirSync(join(root, folder));
          for (const [file, bytes] of exportRun(run, 'pytorch').files)
            writeFileSync(join(root, folder, file), bytes);
        }
        const path = join(root, `${name} changed`, 'model.safetensors');
        const { tensors, metadata } = read(new Uint8Array(readFileSync(path)));
        const recurrent = [...tensors.keys()].find((key) => /(weight_hh(_l0)?|in_proj_weight)$/.test(key))!;
        (tensors.get(recurrent)!.data as Float32Array)[0]! += 0.5;
        writeFileSync(path, write(tensors, metadata));
        run.dispose();
      }
      const folders = Object.keys(runs).flatMap((name) => [join(root, name), join(root, `${name} changed`)]);
      const { status, stdout, stderr } = spawnSync(python!, ['-c', DRIVER, ...folders], { encoding: 'utf8' });
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      for (const [folder, [code, output]] of Object.entries(
        JSON.parse(stdout) as Record<string, [number, string]>,
      )) {
        expect({ folder, code }).toEqual({ folder, code: folder.endsWith('changed') ? 1 : 0 });
        expect(output).toMatch(/^logits: max \|delta\| \S+ (<=|>) /);
        if (folder.includes('char-lm')) expect(output).toMatch(/validation loss: max \|delta\| \S+ (<=|>) /);
      }
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  });
});
