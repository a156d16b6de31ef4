/** `hw5 import`: a model made elsewhere, described, and where it is a language model, as a run. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { basename, extname } from 'node:path';
import type { CharLMConfig, Receipt, RunFacts, Session } from '@hw5/core';
import type { Command } from 'commander';
import { oneOf, realNumber, wholeNumber } from '../args.js';
import { CliError, fileError, withHint } from '../errors.js';
import { addExamples, addJson } from '../help.js';
import { receiptText } from '../report/receipt.js';
import { CheckpointStore } from '../run/checkpoints.js';
import { runConfig } from '../run/config.js';
import { makeRunFolder, refuseExistingRun, runFiles } from '../run/folder.js';
import { lockRun } from '../run/lock.js';
import { readVocabulary } from '../run/vocabulary.js';
import { withSession } from '../session.js';
import { out, self } from '../terminal.js';
import { readText, type Text } from '../text.js';
import { removeIfEmpty, writeNewRun } from '../train/open.js';
import { planDefaults } from '../train/plan.js';

interface Options {
  readonly vocab?: string;
  readonly data?: string;
  readonly out?: string;
  readonly batch?: number;
  readonly seq?: number;
  readonly lr?: number;
  readonly precision?: 'f32' | 'f64';
  readonly json?: true;
}

const positive = { rule: 'a number greater than 0', allows: (value: number) => value > 0 };
/** Larger models do not fit the kernel's memory of 4 GiB. */
const MOST_BYTES = 2 ** 31;

export function define(command: Command): void {
  command
    .argument('<file>', 'safetensors, .npz, .pt (weights) or ONNX')
    .option(
      '--vocab <file>',
      'characters in id order: a JSON list, a JSON table to ids, or a text whose characters they are',
    )
    .option('--data <file>', 'a text to go on learning from, and to evaluate with')
    .option('--out <folder>', 'where the run is kept (default: runs/NAME-0)')
    .option('--batch <n>', 'parallel streams to go on with (default: 32)', wholeNumber('--batch', { min: 1 }))
    .option(
      '--seq <n>',
      'characters per window to go on with (default: 64)',
      wholeNumber('--seq', { min: 1 }),
    )
    .option('--lr <x>', "Adam's step size to go on with (default: 0.002)", realNumber('--lr', positive))
    .option('--precision <p>', 'f32 or f64 (default: f32)', oneOf('--precision', ['f32', 'f64']));
  addJson(command, 'the receipt and the run');
  addExamples(command, [
    ['import model.pt', 'what is in it: tensors, gates, biases'],
    ['import model.safetensors --vocab stoi.json --out mine', 'then: hw5 generate mine'],
    [
      'import model.onnx --vocab stoi.json --data book.txt --out mine',
      'then: hw5 train char-lm --resume mine',
    ],
  ]);
  command.action(async (path: string, options: Options) => {
    const file = readFile(path);
    const vocabulary = options.vocab === undefined ? undefined : await readVocabulary(options.vocab);
    const text = options.data === undefined ? undefined : await readText(options.data);
    const precision = options.precision ?? planDefaults.precision;
    await withSession({ precision }, async (session) => {
      const { receipt, facts } = await importing(session, {
        file,
        vocabulary,
        text: text?.text,
        config: settingsOf(options),
      });
      const run = facts && (await keep(session, facts, path, text, { ...options, precision }));
      if (run === undefined && options.out !== undefined) {
        throw new CliError('DATA', `import: ${receipt.notes.at(-1) ?? 'no run was made'}`);
      }
      if (options.json) {
        out.line(
          JSON.stringify({ receipt, ...(run === undefined ? {} : { run, hash: await session.hash() }) }),
        );
        return;
      }
      show(receipt, run);
    });
  });
}

/** What was given of the settings of training. */
function settingsOf({ batch, seq, lr }: Options): Partial<CharLMConfig> {
  return {
    ...(batch === undefined ? {} : { batchSize: batch }),
    ...(seq === undefined ? {} : { sequenceLength: seq }),
    ...(lr === undefined ? {} : { learningRate: lr }),
  };
}

function show(receipt: Receipt, run: string | undefined): void {
  out.line(receiptText(receipt, out));
  if (run === undefined) return;
  const { style } = out;
  out.line(`${style.bold('run'.padEnd(10))} ${run}`);
  out.line(style.dim(`try: ${self} generate ${run}`));
}

async function importing(session: Session, request: Parameters<Session['importModel']>[0]) {
  try {
    return await session.importModel(request);
  } catch (error) {
    throw withHint(error, 'hw5 reads safetensors, .npz, .pt (weights alone) and ONNX');
  }
}

/** The imported model as a run folder. @returns the folder */
async function keep(
  session: Session,
  facts: RunFacts,
  path: string,
  text: Text | undefined,
  { out: target, precision }: Options & { readonly precision: 'f32' | 'f64' },
): Promise<string> {
  const checkpoint = await session.checkpoint();
  const files = runFiles(makeRunFolder(target, basename(path, extname(path)), facts.config.seed));
  const lock = lockRun(files.folder);
  try {
    refuseExistingRun(files);
    const config = runConfig({
      task: 'char-lm',
      steps: planDefaults.steps,
      model: facts.config,
      precision,
      fast: false,
      data:
        text === undefined
          ? { imported: path }
          : { source: text.source ?? basename(files.text), sha256: text.sha256 },
      checkpointEvery: planDefaults.checkpointEvery,
      sampleEvery: planDefaults.sampleEvery,
      patience: planDefaults.patience,
      keepBest: false,
      tensorboard: false,
    });
    const copy = text !== undefined && text.source === undefined ? text.bytes : undefined;
    await writeNewRun(files, config, { copy }, checkpoint, CheckpointStore.create(files));
  } finally {
    lock.release();
    removeIfEmpty(files.folder);
  }
  return files.folder;
}

function readFile(path: string): Uint8Array {
  let descriptor: number;
  try {
    descriptor = openSync(path, 'r');
  } catch (error) {
    throw fileError('import', path, error);
  }
  try {
    const facts = fstatSync(descriptor);
    if (facts.isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' });
    if (facts.size > MOST_BYTES) {
      throw new CliError('DATA', `import: file must be at most 2 GiB, got ${facts.size} bytes in ${path}`);
    }
    const bytes = new Uint8Array(facts.size);
    let read = 0;
    while (read < bytes.length) {
      const count = readSync(descriptor, bytes, read, bytes.length - read, null);
      if (count === 0) break;
      read += count;
    }
    return bytes.subarray(0, read);
  } catch (error) {
    throw error instanceof CliError ? error : fileError('import', path, error);
  } finally {
    closeSync(descriptor);
  }
}
