/** The loss plot's look as uPlot options: a pure function of colours, words and size. */
import type { Options } from 'uplot';

/** Colours and the font, as the page's theme tokens say them at the moment of drawing. */
export interface PlotTokens {
  readonly text: string;
  readonly grid: string;
  readonly train: string;
  readonly validation: string;
  readonly chance: string;
  readonly counting: string;
  readonly marker: string;
  readonly rate: string;
  readonly font: string;
}

export interface PlotWords {
  readonly step: string;
  readonly loss: string;
  readonly integer: (value: number) => string;
  readonly decimal: (value: number) => string;
}

export interface PlotSize {
  readonly width: number;
  readonly height: number;
}

/** Smallest distance between grid lines, CSS pixels. */
const TICK_SPACE_X = 70;
const TICK_SPACE_Y = 34;

/**
 * @param range of the y axis
 * @param marker the step under the sample slider, drawn as a vertical line; `undefined` = none
 * @param level a loss to compare with, drawn as a dotted line across; `undefined` = none
 * @param changes steps at which the learning rate was changed, and the new one in words: dashed lines down
 */
export function lossPlotOptions(
  tokens: PlotTokens,
  words: PlotWords,
  size: PlotSize,
  range: () => [number, number],
  marker: () => number | undefined,
  level: () => number | undefined = () => undefined,
  changes: () => readonly { readonly step: number; readonly label: string }[] = () => [],
): Options {
  const axis = {
    stroke: tokens.text,
    font: `12px ${tokens.font}`,
    labelFont: `12px ${tokens.font}`,
    grid: { stroke: tokens.grid, width: 1 },
    ticks: { stroke: tokens.grid, width: 1, size: 4 },
  };
  return {
    ...size,
    padding: [10, 16, 0, 0],
    legend: { show: false },
    cursor: { drag: { x: false, y: false }, points: { size: 7 } },
    scales: { x: { time: false }, y: { range: () => range() } },
    axes: [
      {
        ...axis,
        label: words.step,
        labelSize: 20,
        size: 30,
        space: TICK_SPACE_X,
        incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 2e5, 5e5],
        values: (_, ticks) => ticks.map(words.integer),
      },
      {
        ...axis,
        label: words.loss,
        labelSize: 22,
        size: 42,
        space: TICK_SPACE_Y,
        values: (_, ticks) => ticks.map(words.decimal),
      },
    ],
    series: [
      {},
      { stroke: tokens.train, width: 2, points: { show: false } },
      {
        stroke: tokens.validation,
        width: 2,
        spanGaps: true,
        points: { show: true, size: 8, width: 2, fill: tokens.validation },
      },
      { stroke: tokens.chance, width: 1.5, dash: [6, 5], points: { show: false } },
    ],
    hooks: {
      draw: [
        (plot) => {
          const loss = level();
          if (loss === undefined) return;
          const y = Math.round(plot.valToPos(loss, 'y', true));
          const { ctx, bbox } = plot;
          const pixel = bbox.width / Math.max(1, plot.over.clientWidth);
          ctx.save();
          ctx.strokeStyle = tokens.counting;
          ctx.lineWidth = 2 * pixel;
          ctx.setLineDash([2 * pixel, 4 * pixel]);
          ctx.beginPath();
          ctx.moveTo(bbox.left, y);
          ctx.lineTo(bbox.left + bbox.width, y);
          ctx.stroke();
          ctx.restore();
        },
        (plot) => {
          const { ctx, bbox } = plot;
          const pixel = bbox.width / Math.max(1, plot.over.clientWidth);
          for (const { step, label } of changes()) {
            const x = Math.round(plot.valToPos(step, 'x', true));
            if (x < bbox.left || x > bbox.left + bbox.width) continue;
            ctx.save();
            ctx.strokeStyle = tokens.rate;
            ctx.lineWidth = 1.5 * pixel;
            ctx.setLineDash([5 * pixel, 4 * pixel]);
            ctx.beginPath();
            ctx.moveTo(x, bbox.top);
            ctx.lineTo(x, bbox.top + bbox.height);
            ctx.stroke();
            ctx.fillStyle = tokens.text;
            ctx.font = `${12 * pixel}px ${tokens.font}`;
            ctx.direction = 'ltr';
            // Beside the line, on the side where there is room, and low, where a loss that falls comes last.
            const room = bbox.left + bbox.width - x > ctx.measureText(label).width + 8 * pixel;
            ctx.textAlign = room ? 'left' : 'right';
            ctx.fillText(label, x + (room ? 4 : -4) * pixel, bbox.top + bbox.height - 7 * pixel);
            ctx.restore();
          }
        },
        (plot) => {
          const step = marker();
          if (step === undefined) return;
          const x = Math.round(plot.valToPos(step, 'x', true));
          const { ctx, bbox } = plot;
          ctx.save();
          ctx.strokeStyle = tokens.marker;
          ctx.lineWidth = 2 * (bbox.width / Math.max(1, plot.over.clientWidth));
          ctx.beginPath();
          ctx.moveTo(x, bbox.top);
          ctx.lineTo(x, bbox.top + bbox.height);
          ctx.stroke();
          ctx.restore();
        },
      ],
    },
  };
}
