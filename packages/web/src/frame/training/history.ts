/** What a run reported, step by step: growing columns that a million steps do not make slow. */
import type { StepReport } from '@hw5/core';

/** The reports as columns of equal length; `validation` is NaN on steps that did not validate. */
export interface Columns {
  readonly step: Float64Array;
  readonly loss: Float64Array;
  readonly validation: Float64Array;
  readonly gradientNorm: Float64Array;
  readonly charactersPerSecond: Float64Array;
}

/** What a validation counted beside the loss (accuracy, exact matches), and after which step. */
export interface Counted {
  readonly step: number;
  readonly metrics: Readonly<Record<string, number>>;
}

const FIRST_CAPACITY = 1024;

function emptyColumns(capacity: number): Columns {
  return {
    step: new Float64Array(capacity),
    loss: new Float64Array(capacity),
    validation: new Float64Array(capacity),
    gradientNorm: new Float64Array(capacity),
    charactersPerSecond: new Float64Array(capacity),
  };
}

export class LossHistory {
  #columns = emptyColumns(FIRST_CAPACITY);
  #length = 0;
  #counted: Counted[] = [];

  /** The history that was kept as columns, with what validations counted. */
  static from(columns: Columns, counted: readonly Counted[] = []): LossHistory {
    const history = new LossHistory();
    while (history.#columns.step.length < columns.step.length) history.#grow();
    for (const name of Object.keys(columns) as (keyof Columns)[]) history.#columns[name].set(columns[name]);
    history.#length = columns.step.length;
    history.#counted = [...counted];
    return history;
  }

  get length(): number {
    return this.#length;
  }

  /** In the order of steps. */
  get counted(): readonly Counted[] {
    return this.#counted;
  }

  /** A copy of the steps up to `step`. */
  upTo(step: number): LossHistory {
    const copy = LossHistory.from(this.columns(), this.#counted);
    copy.truncate(step);
    return copy;
  }

  push(report: StepReport): void {
    if (report.valMetrics !== undefined) {
      this.#counted.push({ step: report.step, metrics: report.valMetrics });
    }
    if (this.#length === this.#columns.step.length) this.#grow();
    const at = this.#length;
    this.#columns.step[at] = report.step;
    this.#columns.loss[at] = report.loss;
    this.#columns.validation[at] = report.valLoss ?? Number.NaN;
    this.#columns.gradientNorm[at] = report.gradientNorm;
    this.#columns.charactersPerSecond[at] = report.tokensPerSecond;
    this.#length = at + 1;
  }

  /** Puts a validation measured after the last step, if that step has none. */
  validateLast(loss: number, metrics?: Counted['metrics']): void {
    const last = this.#length - 1;
    if (last < 0 || !Number.isNaN(this.#columns.validation[last])) return;
    this.#columns.validation[last] = loss;
    if (metrics !== undefined) this.#counted.push({ step: this.#columns.step[last] as number, metrics });
  }

  /** Forgets every step after `step`, when training goes back to an earlier checkpoint. */
  truncate(step: number): void {
    while (this.#length > 0 && (this.#columns.step[this.#length - 1] as number) > step) this.#length -= 1;
    this.#counted = this.#counted.filter((one) => one.step <= step);
  }

  /** Views of the filled part; valid until the next change. */
  columns(): Columns {
    const { step, loss, validation, gradientNorm, charactersPerSecond } = this.#columns;
    return {
      step: step.subarray(0, this.#length),
      loss: loss.subarray(0, this.#length),
      validation: validation.subarray(0, this.#length),
      gradientNorm: gradientNorm.subarray(0, this.#length),
      charactersPerSecond: charactersPerSecond.subarray(0, this.#length),
    };
  }

  #grow(): void {
    const larger = emptyColumns(this.#columns.step.length * 2);
    for (const name of Object.keys(larger) as (keyof Columns)[]) larger[name].set(this.#columns[name]);
    this.#columns = larger;
  }
}
