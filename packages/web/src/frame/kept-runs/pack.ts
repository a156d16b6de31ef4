/** A run of a page as it is kept on the device, and back. */
import type { RunFacts } from '@hw5/core';
import type { Signal } from '@preact/signals';
import { buckets } from '../training/buckets.js';
import { type Columns, LossHistory } from '../training/history.js';
import type { RunControl } from '../training/run-control.js';
import type { RunState } from '../training/run-options.js';
import type { KeptFiles, KeptPage, KeptRun } from './store.js';

/** A run and what brings it back. `S`: its source, `G`: what the page gathered, as plain data. */
export interface KeptWork<S = unknown, G = unknown> {
  readonly run: Omit<KeptRun, 'color'>;
  readonly files: KeptFiles<S, G>;
}

/** What a page has to say about its run. */
export interface PackedFacts<G> {
  readonly id: string;
  readonly page: KeptPage;
  readonly parent?: KeptRun['parent'];
  /** Name of what it learns from. */
  readonly text: string;
  /** Steps that it is to do in all. */
  readonly steps: number;
  /** What it wrote last. */
  readonly sample: string;
  readonly vocabularySize?: number;
  readonly gathered: G;
  /** Bytes of the source on the device, about. */
  readonly sourceSize: number;
}

type KeptState = RunState & Pick<RunFacts, 'config'>;

/** Points of a kept curve, enough for a comparison. */
const CURVE_POINTS = 200;

const copyOf = (columns: Columns): Columns =>
  Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, column.slice()])) as never;

/** Steps that a checkpoint has done: in its safetensors header, as JSON under the metadata key `hw5`. */
function stepOf(checkpoint: Uint8Array): number {
  const length = Number(new DataView(checkpoint.buffer, checkpoint.byteOffset).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(checkpoint.subarray(8, 8 + length)));
  return JSON.parse(header.__metadata__.hw5).progress.step;
}

/**
 * What brings the run back as it stands, or, while it trains, as it was between two steps: the only entry of a list, which is
 * empty when there is nothing to keep.
 */
export async function pack<F extends KeptState, S, G>(
  control: RunControl<F, S>,
  facts: (step: number) => PackedFacts<G>,
): Promise<readonly KeptWork<S, G>[]> {
  const [run, source, hash] = [control.run.value, control.source.value, control.hash.value];
  if (run === null || !run.trainable || source === null || control.step.value === 0) return [];
  if (hash === null && !control.isTraining) return [];
  const checkpoint = await control.checkpoint();
  // Somebody has trained on or begun another run meanwhile: that will be kept in its turn.
  if (checkpoint === undefined || control.run.value !== run || control.hash.value !== hash) return [];
  const step = stepOf(checkpoint);
  const history = control.history.upTo(step);
  const columns = copyOf(history.columns());
  const { counted } = history;
  const { gathered, sourceSize, parent, vocabularySize, ...told } = facts(step);
  const kept = {
    run: {
      ...told,
      ...(parent === undefined ? {} : { parent }),
      ...(vocabularySize === undefined ? {} : { vocabularySize }),
      changed: Date.now(),
      config: run.config,
      step,
      hash: hash ?? '',
      loss: columns.loss.at(-1),
      validation: control.validation.value,
      curve: buckets(columns, CURVE_POINTS).map(
        ({ to, loss, validation }) => [to, loss, validation] as const,
      ),
      size: checkpoint.byteLength + sourceSize + 5 * columns.step.byteLength,
    },
    files: { id: told.id, checkpoint, source, columns, counted, gathered },
  };
  return [kept];
}

/** Brings a run back as it was kept; training goes on bit for bit. @returns whether it was done */
export async function unpack<F extends KeptState, S>(
  control: RunControl<F, S> & { readonly id: Signal<string> },
  { run, files }: KeptWork<S>,
): Promise<boolean> {
  control.source.value = files.source;
  await control.load(files.checkpoint);
  if (control.run.value?.step !== run.step) return false;
  control.id.value = run.id;
  control.validation.value = run.validation;
  control.history = LossHistory.from(files.columns, files.counted);
  control.curve.value += 1;
  return true;
}
