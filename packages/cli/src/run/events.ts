/** TensorBoard events beside metrics.jsonl: written anew from the metrics when a run goes on, then appended. */
import { appendFileSync } from 'node:fs';
import type { StepReport } from '@hw5/core';
import { tensorboard } from '@hw5/core';
import { fileError } from '../errors.js';
import { replaceFile } from './durable.js';

export class EventWriter {
  readonly #path: string;

  /** @param past what was reported before, up to the checkpoint's step */
  static async open(path: string, past: readonly StepReport[]): Promise<EventWriter> {
    const start = tensorboard.fileVersion(now());
    await replaceFile('events', path, Buffer.concat([start, ...past.map(eventOf)]));
    return new EventWriter(path);
  }

  private constructor(path: string) {
    this.#path = path;
  }

  append(reports: readonly StepReport[]): void {
    try {
      appendFileSync(this.#path, Buffer.concat(reports.map(eventOf)));
    } catch (error) {
      throw fileError('events', this.#path, error);
    }
  }
}

/** What a report says, under TensorBoard's and MLflow's names. */
export function scalarsOf({
  loss,
  valLoss,
  valMetrics,
  gradientNorm,
  updateRatio,
  tokensPerSecond,
}: StepReport): Record<string, number> {
  const given = {
    'loss/train': loss,
    'loss/validation': valLoss,
    'step/gradient_norm': gradientNorm,
    'step/update_ratio': updateRatio,
    'step/tokens_per_second': tokensPerSecond,
    ...Object.fromEntries(
      Object.entries(valMetrics ?? {}).map(([name, value]) => [`validation/${name}`, value]),
    ),
  };
  return Object.fromEntries(
    Object.entries(given).filter((entry): entry is [string, number] => entry[1] !== undefined),
  );
}

function eventOf(report: StepReport): Uint8Array {
  return tensorboard.scalarEvent({ step: report.step, wallTime: now(), scalars: scalarsOf(report) });
}

function now(): number {
  return Date.now() / 1000;
}
