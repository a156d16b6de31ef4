/** The run's reports as CSV (RFC 4180), one line per step, numbers as JavaScript writes them so that none loses a bit. */
import type { Columns } from '../../../frame/training/history.js';

const HEADER = 'step,loss,val_loss,gradient_norm,tokens_per_second,learning_rate';

/** @param rateOf the learning rate that a step was made with */
export function lossCsv(columns: Columns, rateOf: (step: number) => number): string {
  const lines = [HEADER];
  for (let at = 0; at < columns.step.length; at += 1) {
    const validation = columns.validation[at] as number;
    lines.push(
      [
        columns.step[at],
        columns.loss[at],
        Number.isNaN(validation) ? '' : validation,
        columns.gradientNorm[at],
        columns.charactersPerSecond[at],
        rateOf(columns.step[at] as number),
      ].join(','),
    );
  }
  return `${lines.join('\r\n')}\r\n`;
}
