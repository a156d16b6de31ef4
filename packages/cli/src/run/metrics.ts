/** metrics.jsonl: one JSON object per training step, appended while training. */
import { closeSync, fdatasync, openSync, readFileSync, writeSync } from 'node:fs';
import { promisify } from 'node:util';
import type { StepReport } from '@hw5/core';
import { fileError } from '../errors.js';
import { replaceFile } from './durable.js';

/** Read all whole records; a last line that a crash cut short is left out. */
export function readMetrics(path: string): StepReport[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw fileError('metrics', path, error);
  }
  return text.split('\n').flatMap((line) => {
    const report = parse(line);
    return report === undefined ? [] : [report];
  });
}

function parse(line: string): StepReport | undefined {
  try {
    const value: unknown = JSON.parse(line);
    const isReport = typeof value === 'object' && value !== null && 'step' in value && 'loss' in value;
    return isReport ? (value as StepReport) : undefined;
  } catch {
    return undefined;
  }
}

/** Drop what was recorded after the checkpoint's step (it will be trained again) and return the rest. */
export async function truncateMetrics(path: string, step: number): Promise<StepReport[]> {
  const kept = readMetrics(path).filter((report) => report.step <= step);
  await replaceFile('metrics', path, kept.map(toLine).join(''));
  return kept;
}

/** Appends reports; each call is one write, so a crash costs at most the last line. */
export class MetricsWriter {
  readonly #path: string;
  readonly #file: number;
  #open = true;

  constructor(path: string) {
    this.#path = path;
    try {
      this.#file = openSync(path, 'a');
    } catch (error) {
      throw fileError('metrics', path, error);
    }
  }

  append(reports: readonly StepReport[]): void {
    const bytes = Buffer.from(reports.map(toLine).join(''));
    try {
      for (let offset = 0; offset < bytes.length; ) offset += writeSync(this.#file, bytes, offset);
    } catch (error) {
      throw fileError('metrics', this.#path, error);
    }
  }

  /** Resolves when everything appended is on the disk. */
  async sync(): Promise<void> {
    try {
      await promisify(fdatasync)(this.#file);
    } catch (error) {
      throw fileError('metrics', this.#path, error);
    }
  }

  close(): void {
    if (this.#open) closeSync(this.#file);
    this.#open = false;
  }
}

function toLine(report: StepReport): string {
  return `${JSON.stringify(report)}\n`;
}
