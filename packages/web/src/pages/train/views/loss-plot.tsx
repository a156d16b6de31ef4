/** uPlot inside the page: made anew for another theme or language, fed at most ten times a second. */
import { effect, untracked } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { readTokens } from '../../../charts/tokens.js';
import { useApp } from '../app.js';
import { lossRange, lossSeries, type Series } from '../charts/curve.js';
import { lossPlotOptions, type PlotTokens } from '../charts/loss-plot.js';

/** Points of a curve: about one for every two pixels of a large screen. */
const MOST_POINTS = 800;

/** Shortest time between two drawings, ms. */
const DRAW_EVERY = 100;

export function LossPlot({ chance }: { readonly chance: number | undefined }) {
  const { i18n, lab, settings, shade, pinned, counting } = useApp();
  const { t, format, language } = i18n;
  const frame = useRef<HTMLDivElement>(null);
  const theme = shade.value;
  const spoken = language.value;

  useEffect(() => {
    const element = frame.current;
    if (element === null) return;
    const { decimal, integer, precise } = format.peek();
    const series = (): Series => {
      const end = untracked(() => xEnd(lab.step.value, settings.get('steps')));
      return lossSeries(lab.history.columns(), MOST_POINTS, chance, end);
    };
    let current = series();
    const marked = (): number | undefined => {
      const index = pinned.peek();
      return index === null ? undefined : lab.samples.peek()[index]?.step;
    };
    const words = {
      step: t('figure.step'),
      loss: t('figure.unit'),
      integer,
      decimal: (value: number) => decimal(value, 1),
    };
    const size = { width: element.clientWidth, height: element.clientHeight };
    const options = lossPlotOptions(
      plotTokens(),
      words,
      size,
      () => lossRange(current),
      marked,
      () => counting.peek(),
      () =>
        (lab.run.peek()?.config.rateChanges ?? []).map(({ step, learningRate }) => ({
          step,
          label: precise(learningRate),
        })),
    );
    const plot = new uPlot(options, current as uPlot.AlignedData, element);

    let drawn = 0;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const draw = (): void => {
      timer = undefined;
      drawn = performance.now();
      current = series();
      plot.setData(current as uPlot.AlignedData);
    };
    const stop = effect(() => {
      // What the drawing depends on.
      void [lab.curve.value, pinned.value, counting.value, settings.get('steps'), lab.run.value];
      timer ??= setTimeout(draw, Math.max(0, DRAW_EVERY - (performance.now() - drawn)));
    });
    const resized = new ResizeObserver(() =>
      plot.setSize({ width: element.clientWidth, height: element.clientHeight }),
    );
    resized.observe(element);
    return () => {
      stop();
      clearTimeout(timer);
      resized.disconnect();
      plot.destroy();
    };
    // `t` and `format` follow `spoken`; the rest of the app never changes.
  }, [theme, spoken, chance]);

  return (
    <div class="plot-frame" dir="ltr">
      <div ref={frame} class="plot" role="img" aria-label={useSummary(chance)} />
      {lab.history.length === 0 && lab.curve.value >= 0 && (
        <p class="plot-empty" dir="auto">
          {t('figure.empty', { key: 'Space' })}
        </p>
      )}
    </div>
  );
}

/** Where the x axis ends: at twice what is done, so that early curves fill the plot, and at all steps in the end. */
function xEnd(done: number, steps: number): number {
  return Math.max(done, Math.min(steps, Math.max(100, 2 * done)));
}

/** The curve in one sentence, for those who do not see it. Follows the newest validation, not every step. */
function useSummary(chance: number | undefined): string {
  const { i18n, lab } = useApp();
  const { t, format } = i18n;
  const validation = lab.validation.value;
  const report = lab.phase.value === 'training' ? lab.last.peek() : lab.last.value;
  if (report === null) return t('figure.title');
  const { decimal } = format.value;
  return t('figure.summary', {
    step: report.step,
    loss: decimal(report.loss, 2),
    validation: decimal(validation, 2),
    chance: decimal(chance, 2),
  });
}

function plotTokens(): PlotTokens {
  const tokens = readTokens();
  const { muted, grid, train, validation, chance, marker, font } = tokens;
  const [counting, rate] = [tokens['series-3'], tokens['series-4']];
  return { text: muted, grid, train, validation, chance, counting, marker, rate, font };
}
