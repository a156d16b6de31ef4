/** The live progress bar: cli-progress draws, this file lays out one line that fits the terminal. */

import type { StepReport } from '@hw5/core';
import { MultiBar, type SingleBar } from 'cli-progress';
import type { Terminal } from '../terminal.js';
import { clock, compact, loss } from './format.js';
import { Pace, type Progress, restartNote } from './progress.js';

interface Payload {
  readonly report?: StepReport;
  readonly valLoss?: number;
}

/** Narrowest bar that still says something, and the widest that is not a waste of a wide window. */
const barColumns = { min: 8, max: 40 };

export function openBar(terminal: Terminal, unit: string): Progress {
  const pace = new Pace();
  const bars = new MultiBar({
    stream: terminal.stream,
    format: (_options, { value, total }, payload: Payload) =>
      line(terminal, unit, pace, value, total, payload),
    hideCursor: true,
    clearOnComplete: true,
    forceRedraw: true,
    fps: 10,
    // Signals are this program's own business; the default would leave before the run is saved.
    gracefulExit: false,
    linewrap: false,
  });
  let bar: SingleBar | undefined;
  let valLoss: number | undefined;
  // Also on the way out of a second Ctrl-C: the reader wants the cursor back.
  const stop = (): void => {
    process.off('exit', stop);
    if (bar === undefined) return;
    bar = undefined;
    bars.stop();
  };
  process.on('exit', stop);
  const note = (text: string): void => {
    if (bar === undefined) terminal.line(text);
    else bars.log(`${text}\n`);
  };
  return {
    start(done, total) {
      pace.start(done, total);
      bar = bars.create(total, done, {});
    },
    report(report) {
      valLoss = report.valLoss ?? valLoss;
      bar?.update(report.step, { report, valLoss });
    },
    note,
    restart: (step, reason) => note(restartNote(step, reason)),
    stop,
  };
}

/** `━━━━━───── 120/400  loss 2.3104  val 2.4011  31.2k char/s  ETA 0:42` */
function line(
  terminal: Terminal,
  unit: string,
  pace: Pace,
  value: number,
  total: number,
  payload: Payload,
): string {
  const { style } = terminal;
  const { report, valLoss } = payload;
  const parts: { readonly label: string; readonly value: string; readonly unit?: string }[] = [];
  if (report !== undefined) {
    parts.push({ label: 'loss', value: loss(report.loss) });
    if (valLoss !== undefined) parts.push({ label: 'val', value: loss(valLoss) });
    parts.push({ label: '', value: compact(report.tokensPerSecond), unit });
    parts.push({ label: 'ETA', value: clock(pace.secondsLeft(value)) });
  }
  const count = `${String(value).padStart(String(total).length)}/${total}`;
  const plainParts = parts.map(({ label, value, unit }) => [label, value, unit].filter(Boolean).join(' '));
  const taken = [count, ...plainParts].join('  ').length + 3;
  const width = Math.max(barColumns.min, Math.min(barColumns.max, terminal.columns - taken));
  const filled = Math.round((total === 0 ? 1 : value / total) * width);
  const colouredParts = parts.map(({ label, value, unit }) =>
    [style.dim(label), value, style.dim(unit ?? '')].filter((text) => text !== '').join(' '),
  );
  const bar = style.cyan('━'.repeat(filled)) + style.dim('─'.repeat(width - filled));
  return [`${bar} ${style.bold(count)}`, ...colouredParts].join('  ');
}
