/** `hw5 export`: a trained model in the formats of others, with a receipt. */
import { existsSync, mkdirSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import type { ExportFormat, RunData } from '@hw5/core';
import type { Command } from 'commander';
import { oneOf } from '../args.js';
import { CliError, fileError } from '../errors.js';
import { addExamples, addJson } from '../help.js';
import { bytes as formatBytes } from '../report/format.js';
import { receiptText } from '../report/receipt.js';
import { replaceFile } from '../run/durable.js';
import type { SavedModel } from '../run/folder.js';
import { withModel } from '../run/model.js';
import { out } from '../terminal.js';
import { sameSource } from '../train/source.js';

interface Options {
  readonly to: ExportFormat;
  readonly out?: string;
  readonly force?: true;
  readonly json?: true;
}

const formats = ['safetensors', 'onnx', 'pytorch', 'npz', 'keras'] as const;

export function define(command: Command): void {
  command
    .argument('<run>', 'a run folder, or a checkpoint file')
    .requiredOption(
      '--to <format>',
      'safetensors or npz (PyTorch names), onnx, pytorch (a program that checks itself), keras (layers in .npz)',
      oneOf('--to', formats),
    )
    .option('--out <path>', 'a folder, or a file of the format (default: export-FORMAT in the run folder)')
    .option('--force', 'write over files that are there');
  addJson(command, 'the files and the receipt');
  addExamples(command, [
    ['export runs/panbeh-0 --to onnx', 'for onnxruntime, with the difference of its answers'],
    ['export runs/panbeh-0 --to pytorch --out torch', 'then: python torch/model.py'],
    ['export runs/panbeh-0 --to safetensors --out panbeh.safetensors', 'the weights alone'],
  ]);
  command.action(async (path: string, { to, out: target, force, json }: Options) => {
    const { saved, files, receipt } = await withModel(
      path,
      async ({ session, saved }) => ({ saved, ...(await session.exportRun(to)) }),
      to === 'pytorch' ? ownData : undefined,
    );
    const places = placesOf(target, files.keys(), saved, to);
    if (target !== undefined && force !== true) refuseExisting(places.values());
    const written: { readonly file: string; readonly bytes: number }[] = [];
    for (const [name, content] of files) {
      const file = places.get(name)!;
      makeFolder(dirname(file));
      await replaceFile('out', file, content);
      written.push({ file, bytes: content.length });
    }
    if (json) {
      out.line(JSON.stringify({ files: written, receipt }));
      return;
    }
    out.line(receiptText(receipt, out));
    for (const { file, bytes } of written) {
      out.line(`${out.style.bold('written'.padEnd(10))} ${file} (${formatBytes(bytes)})`);
    }
  });
}

/** A run's text, so that its validation part goes along; a run without it is exported all the same. */
async function ownData({ run }: SavedModel): Promise<RunData | undefined> {
  if (run === undefined) return undefined;
  try {
    return await sameSource(undefined, run.config, run.files);
  } catch (error) {
    if (error instanceof CliError) return undefined;
    throw error;
  }
}

/** Where each file goes: into a folder, or, with `--out model.onnx`, under that name with the others beside it. */
function placesOf(
  target: string | undefined,
  names: Iterable<string>,
  { run, checkpoint }: SavedModel,
  to: ExportFormat,
): Map<string, string> {
  const all = [...names];
  const ending = target === undefined ? '' : extname(target);
  const main = all.filter((name) => ending !== '' && extname(name) === ending);
  if (target !== undefined && main.length === 1) {
    const stem = basename(target, ending);
    const beside = (name: string): string => join(dirname(target), `${stem}.${name}`);
    return new Map(all.map((name) => [name, resolve(name === main[0] ? target : beside(name))]));
  }
  const folder = target ?? join(run?.files.folder ?? dirname(checkpoint), `export-${to}`);
  return new Map(all.map((name) => [name, resolve(join(folder, name))]));
}

function refuseExisting(files: Iterable<string>): void {
  for (const file of files) {
    if (!existsSync(file)) continue;
    throw new CliError(
      'FILE',
      `out: file must not be there yet, got ${file}`,
      'write over it with --force, or choose another --out',
    );
  }
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    throw fileError('out', path, error, 'choose another --out');
  }
}
