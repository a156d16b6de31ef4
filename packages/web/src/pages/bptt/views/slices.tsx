/** ds[t]/dW, which has three or four indices, as the slices that it is made of; and what the gradient needs of them. */
import type { Slices, Unrolled } from '@hw5/core/homework';
import { useMemo, useRef } from 'preact/hooks';
import { colorOf } from '../../../charts/color.js';
import { useTokens } from '../../../charts/tokens.js';
import { FigureCard } from '../../../frame/figure-card.js';
import { useApp } from '../app.js';
import { exact, largest, type Rows, rowsOf, scientific } from '../numbers.js';
import { type Cut, type Cuts, cutsOf, entryOf, movedBy, sliceable, slicesTable } from '../slice-cuts.js';
import { WrtField } from './controls.js';
import { MatrixGrid } from './matrix-grid.js';
import { latexOf } from './numbers.js';

export function SlicesView() {
  const { bench } = useApp();
  const unrolled = bench.unrolled.value;
  const slices = bench.slices.value;
  if (unrolled !== null && slices !== null) return <SlicesFigure unrolled={unrolled} slices={slices} />;
  return bench.refusal.value === null ? <div class="card curve-place" aria-busy="true" /> : null;
}

interface FigureProps {
  readonly unrolled: Unrolled;
  readonly slices: Slices;
}

function SlicesFigure({ unrolled, slices }: FigureProps) {
  const { context } = useApp();
  const { t } = context.i18n;
  const { settings } = context;
  const { of, step, wrt } = slices;
  const by = settings.get('sliceBy');
  const use = Math.min(settings.get('sliceUse'), step);
  const cuts = useMemo(() => cutsOf(slices, by, use), [slices, by, use]);
  const at = Math.min(settings.get('slice'), cuts.list.length) - 1;
  const chosen = cuts.list[at]!;
  const value = `${of}[${step}]`;
  const latex = latexOfCut(unrolled, slices, chosen, cuts.columns, by);
  const facts = {
    of: value,
    wrt,
    entry: entryOf(chosen, cuts.columns),
    norm: scientific(normOf(chosen.rows)),
  };
  const scale = useMemo(() => Math.max(...cuts.list.map(({ rows }) => largest(rows))), [cuts]);
  return (
    <FigureCard
      id="bptt-slices"
      title={t('slices.title', { of: value, wrt })}
      name="bptt-slices"
      honest="computed"
      summary={t('slices.summary', facts)}
      table={() => slicesTable(slices, use)}
      latex={() => `\\[ ${latex} = ${matrixLatex(chosen.rows)} \\]\n`}
    >
      <p class="small">{t('slices.intro', { shape: slices.shape })}</p>
      <SliceControls unrolled={unrolled} slices={slices} use={use} />
      <Pick cuts={cuts} at={at} scale={scale} />
      <div class="matrices">
        <MatrixGrid
          latex={latex}
          name={t('slices.chosen', facts)}
          rows={chosen.rows}
          scale={scale}
          lit
          note={t('slices.norm', facts)}
        />
        <Contraction unrolled={unrolled} slices={slices} at={by === 'value' ? at : -1} />
      </div>
      <Sentences slices={slices} />
    </FigureCard>
  );
}

function SliceControls({ unrolled, slices, use }: FigureProps & { readonly use: number }) {
  const { context } = useApp();
  const { t, format } = context.i18n;
  const { settings } = context;
  const { of, step, wrt } = slices;
  const { steps } = unrolled.derivation;
  const uses = slices.slices[0]?.uses.length ?? 0;
  const by = settings.get('sliceBy');
  return (
    <div class="slice-controls">
      <fieldset class="field long wrt" disabled={context.isLocked('sliceOf')}>
        <legend>{t('slices.of')}</legend>
        <div class="chips" dir="ltr">
          {sliceable(unrolled).map((name) => (
            <button
              key={name}
              type="button"
              aria-pressed={name === of}
              onClick={() => settings.set('sliceOf', name)}
            >
              {name}
            </button>
          ))}
        </div>
      </fieldset>
      <WrtField />
      <div class="sliders">
        <div class="slider">
          <label for="bptt-slice-step">{t('slices.step')}</label>
          <input
            id="bptt-slice-step"
            type="range"
            dir="ltr"
            min={1}
            max={Math.max(2, steps)}
            step={1}
            value={step}
            disabled={context.isLocked('sliceStep') || steps === 1}
            onInput={(event) => settings.preview('sliceStep', Number(event.currentTarget.value))}
            onChange={() => settings.commit()}
          />
          <output dir="ltr">{step}</output>
        </div>
        {uses > 1 && (
          <div class="slider">
            <label for="bptt-slice-use">{t('slices.use', { wrt })}</label>
            <input
              id="bptt-slice-use"
              type="range"
              dir="ltr"
              min={0}
              max={step}
              step={1}
              value={use}
              disabled={context.isLocked('sliceUse')}
              aria-valuetext={use === 0 ? t('slices.use.all') : format.value.integer(use)}
              onInput={(event) => settings.preview('sliceUse', Number(event.currentTarget.value))}
              onChange={() => settings.commit()}
            />
            <output>{use === 0 ? t('slices.use.all') : <bdi dir="ltr">{use}</bdi>}</output>
          </div>
        )}
      </div>
      <fieldset class="field long wrt" disabled={context.isLocked('sliceBy')}>
        <legend>{t('slices.by')}</legend>
        <div class="chips">
          {(['value', 'parameter'] as const).map((name) => (
            <button
              key={name}
              type="button"
              aria-pressed={by === name}
              onClick={() => {
                settings.adopt({ sliceBy: name, slice: 1 });
              }}
            >
              {t(`slices.by.${name}`, { of: `${of}[${step}]`, wrt })}
            </button>
          ))}
        </div>
      </fieldset>
    </div>
  );
}

interface PickProps {
  readonly cuts: Cuts;
  readonly at: number;
  readonly scale: number;
}

/** All slices side by side, in the shape of what is held fixed; one stop for the tab key. */
function Pick({ cuts, at, scale }: PickProps) {
  const { context } = useApp();
  const { t } = context.i18n;
  const { settings } = context;
  const box = useRef<HTMLDivElement>(null);
  // A vector's slices stand in a row: a column of them would be mostly empty.
  const across = cuts.columns === 1 ? cuts.rows : cuts.columns;
  const choose = (index: number): void => {
    settings.set('slice', index + 1);
    box.current?.querySelectorAll<HTMLElement>('[role="radio"]')[index]?.focus();
  };
  return (
    <div class="slice-scroll" dir="ltr">
      <div
        class="slice-pick"
        ref={box}
        role="radiogroup"
        aria-label={t('slices.pick')}
        style={{ '--across': String(across) }}
        onKeyDown={(event) => {
          const next = movedBy(event.key, at, cuts);
          if (next === undefined || context.isLocked('slice')) return;
          event.preventDefault();
          choose(next);
        }}
      >
        {cuts.list.map((cut, index) => {
          const entry = entryOf(cut, cuts.columns);
          return (
            // biome-ignore lint/a11y/useSemanticElements: a picture to choose, not a form's field
            <button
              key={entry}
              type="button"
              role="radio"
              class="slice"
              aria-checked={index === at}
              aria-label={t('slices.one', { entry, norm: scientific(normOf(cut.rows)) })}
              tabIndex={index === at ? 0 : -1}
              disabled={context.isLocked('slice')}
              onClick={() => choose(index)}
            >
              <Thumb rows={cut.rows} scale={scale} />
              <span aria-hidden="true">{entry}</span>
            </button>
          );
        })}
      </div>
      <p class="scale-ends">
        <span class="scale signed-scale" aria-hidden="true" />
        <span class="muted" dir="auto">
          {t('slices.scale', { limit: `±${exact(scale)}` })}
        </span>
      </p>
    </div>
  );
}

/** Longest side of a small picture, px. */
const THUMB = 46;

function Thumb({ rows, scale }: { readonly rows: Rows; readonly scale: number }) {
  const tokens = useTokens();
  const columns = rows[0]?.length ?? 1;
  const cell = Math.min(11, THUMB / Math.max(rows.length, columns));
  const [width, height] = [cell * columns, cell * rows.length];
  const paths = useMemo(() => {
    const byColor = new Map<string, string>();
    for (const [r, row] of rows.entries()) {
      for (const [c, value] of row.entries()) {
        const color = colorOf(value, { kind: 'signed', limit: scale }, tokens);
        const square = `M${(c * cell).toFixed(2)} ${(r * cell).toFixed(2)}h${cell}v${cell}h-${cell}z`;
        byColor.set(color, (byColor.get(color) ?? '') + square);
      }
    }
    return [...byColor];
  }, [rows, scale, tokens]);
  return (
    <svg width={width} height={height} role="presentation">
      {paths.map(([color, d]) => (
        <path key={color} d={d} fill={color} />
      ))}
      <rect x={0.5} y={0.5} width={width - 1} height={height - 1} fill="none" stroke={tokens.line} />
    </svg>
  );
}

/** Weights times slices: one matrix, the gradient of one loss. */
function Contraction({ unrolled, slices, at }: FigureProps & { readonly at: number }) {
  const { context } = useApp();
  const { t } = context.i18n;
  const { of, step, wrt, contracted } = slices;
  if (contracted === null) return null;
  const value = latexOf(unrolled, `${of}[${step}]`);
  const facts = { t: step, of: `${of}[${step}]` };
  const weights = slices.slices.map(({ weight }) => weight ?? 0);
  return (
    <>
      <MatrixGrid
        latex={`\\dfrac{\\partial J_{${step}}}{\\partial ${value}}`}
        name={t('slices.weights', facts)}
        rows={[weights]}
        {...(at >= 0 ? { mark: { row: 0, column: at } } : {})}
        note={t('slices.weightsNote')}
      />
      <MatrixGrid
        latex={`\\sum_{i} \\dfrac{\\partial J_{${step}}}{\\partial (${value})_{i}} \\dfrac{\\partial (${value})_{i}}{\\partial ${latexOf(unrolled, wrt)}}`}
        name={t('slices.sum')}
        rows={rowsOf(contracted.through)}
        note={t(contracted.isAll ? 'slices.sum.all' : 'slices.sum.part', facts)}
      />
    </>
  );
}

function Sentences({ slices }: Pick<FigureProps, 'slices'>) {
  const { bench, context } = useApp();
  const { t, format } = context.i18n;
  const { of, step, wrt, contracted } = slices;
  const count = slices.slices.length;
  const flat = rowsOf(slices.slices[0]!.whole).flat().length;
  const kinks = bench.unrolled.value?.derivation.checks.kinks ?? 0;
  const { integer } = format.value;
  return (
    <>
      <p class="small">
        {contracted === null
          ? t('slices.noLoss', { t: step })
          : t('slices.contracted', { count, flat: integer(flat), full: integer(flat * count) })}
      </p>
      <p class="small">
        {t('slices.differences', { of: `${of}[${step}]`, error: scientific(slices.differences) })}{' '}
        {kinks > 0 && t('check.kinks', { count: kinks })} {t(`slices.layout.${slices.layout}`, { wrt })}
      </p>
    </>
  );
}

/** `\dfrac{\partial (h_{3})_{2}}{\partial W_{hh}}`, or by one entry of W. */
function latexOfCut(
  unrolled: Unrolled,
  { of, step, wrt }: Slices,
  cut: Cut,
  columns: number,
  by: 'value' | 'parameter',
): string {
  const value = latexOf(unrolled, `${of}[${step}]`);
  const parameter = latexOf(unrolled, wrt);
  const entry = entryOf(cut, columns);
  return by === 'value'
    ? `\\dfrac{\\partial (${value})_{${entry}}}{\\partial ${parameter}}`
    : `\\dfrac{\\partial ${value}}{\\partial (${parameter})_{${entry}}}`;
}

function matrixLatex(rows: Rows): string {
  const lines = rows.map((row) => row.map((value) => Number(value.toPrecision(6))).join(' & '));
  return `\\begin{pmatrix} ${lines.join(' \\\\ ')} \\end{pmatrix}`;
}

function normOf(rows: Rows): number {
  return Math.hypot(...rows.flat());
}
