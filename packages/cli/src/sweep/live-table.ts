/** The live table of a sweep: one line for the sweep, one for each run in training. */
import { MultiBar, type SingleBar } from 'cli-progress';
import { clock, loss } from '../report/format.js';
import type { Terminal } from '../terminal.js';
import { type Display, SweepPace, shownParams, shownProgress, shownTrial } from './display.js';
import type { Study, Trial } from './study.js';
import type { Progressed } from './train-here.js';

type Payload =
  | { readonly study: Study; readonly pace: SweepPace }
  | { readonly trial: Trial; readonly progressed: Progressed };

const BAR = 14;

export function openLiveTable(study: Study, terminal: Terminal): Display {
  const { style } = terminal;
  const fit = (text: string): string =>
    text.length < terminal.columns ? text : `${text.slice(0, terminal.columns - 2)}…`;
  /** Lines for runs, such that the table never scrolls. */
  const room = (): number => Math.max(1, (terminal.stream.rows ?? 24) - 4);
  const bars = new MultiBar({
    stream: terminal.stream,
    format: (_options, _params, payload: Payload) => {
      if ('study' in payload) {
        const { counts, best } = shownProgress(payload.study);
        return style.bold(fit(`${counts}  ETA ${clock(payload.pace.secondsLeft())}  ${best}`));
      }
      const { trial, progressed } = payload;
      const filled = Math.round((progressed.step / progressed.steps) * BAR);
      const bar = '━'.repeat(filled) + '─'.repeat(BAR - filled);
      const where = `step ${progressed.step}/${progressed.steps}  loss ${loss(progressed.loss)}`;
      return fit(`#${String(trial.number).padEnd(4)} ${bar} ${where}  ${shownParams(trial.params)}`);
    },
    hideCursor: true,
    clearOnComplete: true,
    forceRedraw: true,
    fps: 5,
    // Signals are this program's own business; the default would leave before the runs are saved.
    gracefulExit: false,
    linewrap: false,
  });
  const flying = new Map<string, Trial>();
  const lines = new Map<string, SingleBar>();
  let open = true;
  bars.create(1, 0, { study, pace: new SweepPace(study) } satisfies Payload);
  const stop = (): void => {
    process.off('exit', stop);
    if (open) {
      bars.update(); // what was logged last
      bars.stop();
    }
    open = false;
  };
  process.on('exit', stop);
  return {
    onStart(trial, { id }) {
      flying.set(id, trial);
    },
    onProgress(id, progressed) {
      const trial = flying.get(id);
      if (trial === undefined || !open) return;
      const payload = { trial, progressed } satisfies Payload;
      const line = lines.get(id);
      if (line !== undefined) line.update(0, payload);
      else if (lines.size < room()) lines.set(id, bars.create(1, 0, payload));
    },
    onEnd({ id }) {
      const line = lines.get(id);
      if (line !== undefined) bars.remove(line);
      lines.delete(id);
      flying.delete(id);
    },
    onTrial: (trial) => bars.log(`${fit(shownTrial(study, trial))}\n`),
    onNote: (text) => (open ? bars.log(`${text}\n`) : terminal.line(text)),
    stop,
  };
}
