/** The live table of a sweep: one line for the sweep, one for each run in training. */
import { MultiBar, type SingleBar } from 'cli-progress';
import { clock, loss } from '../report/format.js';
import type { Terminal } from '../terminal.js';
import { type Display, SweepPace, shownParams, shownProgress, shownTrial } from './display.js';
import type { Study, Trial } from './study.js';
import type { Progressed } from './train-here.js';

type Payload =
  | { readonly study: Study; readonly pace: SweepPace }
  | { readonly trial: Trial; readonly progressed: Progressed | undefined };

const BAR = 14;

export function openLiveTable(study: Study, terminal: Terminal): Display {
  const { style } = terminal;
  const fit = (text: string): string =>
    text.length < terminal.columns ? text : `${text.slice(0, terminal.columns - 2)}…`;
  const bars = new MultiBar({
    stream: terminal.stream,
    format: (_options, _params, payload: Payload) => {
      if ('study' in payload) {
        const { counts, best } = shownProgress(payload.study);
        return style.bold(fit(`${counts}  ETA ${clock(payload.pace.secondsLeft())}  ${best}`));
      }
      const { trial, progressed } = payload;
      const share = progressed === undefined ? 0 : progressed.step / progressed.steps;
      const filled = Math.round(share * BAR);
      const bar = '━'.repeat(filled) + '─'.repeat(BAR - filled);
      const where =
        progressed === undefined
          ? 'begins'
          : `step ${progressed.step}/${progressed.steps}  loss ${loss(progressed.loss)}`;
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
  const flying = new Map<string, { readonly bar: SingleBar; readonly trial: Trial }>();
  let open = true;
  bars.create(1, 0, { study, pace: new SweepPace(study) } satisfies Payload);
  const stop = (): void => {
    process.off('exit', stop);
    if (open) bars.stop();
    open = false;
  };
  process.on('exit', stop);
  return {
    onStart(trial, { id }) {
      flying.set(id, { trial, bar: bars.create(1, 0, { trial, progressed: undefined } satisfies Payload) });
    },
    onProgress(id, progressed) {
      const known = flying.get(id);
      known?.bar.update(0, { trial: known.trial, progressed } satisfies Payload);
    },
    onEnd({ id }) {
      const known = flying.get(id);
      if (known !== undefined) bars.remove(known.bar);
      flying.delete(id);
    },
    onTrial: (trial) => bars.log(`${fit(shownTrial(study, trial))}\n`),
    onNote: (text) => (open ? bars.log(`${text}\n`) : terminal.line(text)),
    stop,
  };
}
