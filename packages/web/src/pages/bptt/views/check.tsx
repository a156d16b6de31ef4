/** The gradient check taken apart: the V over step sizes, each entry at one of them, three methods, all parameters. */
import type { Probe } from '@hw5/core/homework';
import { useRef } from 'preact/hooks';
import { useWidth } from '../../../charts/width.js';
import { FigureCard } from '../../../frame/figure-card.js';
import { Legend } from '../../../frame/legend.js';
import { useApp } from '../app.js';
import { scientific } from '../numbers.js';
import { bands, best, CURVE, curvePath, exponentAt, X, xOf, Y, yOf } from '../v-curve.js';
import { GradientNumbers } from './numbers.js';
import { Panel } from './panel.js';

/** Below this width every other number of an axis is left out, px. */
const NARROW = 480;

export function CheckView() {
  const { context } = useApp();
  const { t } = context.i18n;
  return (
    <>
      <VCurve />
      <Panel id="bptt-entries" title={t('check.entries')}>
        <p class="small">{t('check.entriesHelp')}</p>
        <GradientNumbers />
      </Panel>
      <Panel id="bptt-methods" title={t('check.methods')}>
        <Methods />
        <Kinks />
        <AllParameters />
      </Panel>
    </>
  );
}

function VCurve() {
  const { bench } = useApp();
  const probe = bench.probe.value;
  if (probe !== null) return <Curve probe={probe} />;
  return bench.refusal.value === null ? <div class="card curve-place" aria-busy="true" /> : null;
}

function Curve({ probe }: { readonly probe: Probe }) {
  const { context } = useApp();
  const { t } = context.i18n;
  const { settings } = context;
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame);
  const exponent = settings.get('epsilon');
  const locked = context.isLocked('epsilon');
  const { curve } = probe;
  const set = (value: number, done: boolean): void => {
    if (locked) return;
    settings.preview('epsilon', Math.min(X.from, Math.max(X.to, value)));
    if (done) settings.commit();
  };
  const at = (event: PointerEvent): number => {
    const box = (event.currentTarget as SVGElement).getBoundingClientRect();
    return exponentAt(event.clientX - box.left, width);
  };
  const now = curve.find((point) => Math.abs(Math.log10(point.epsilon) - exponent) < 0.02);
  const exponents = (from: number, to: number, step: number): number[] =>
    Array.from(
      { length: Math.floor(Math.abs(to - from) / step) + 1 },
      (_, i) => from + Math.sign(to - from) * i * step,
    );
  const facts = {
    epsilon: scientific(10 ** exponent),
    f64: scientific(probe.f64.worst),
    f32: scientific(probe.f32.worst),
  };
  return (
    <FigureCard
      id="bptt-curve"
      title={t('curve.title')}
      name="gradient-check"
      honest="computed"
      summary={t('curve.now', facts)}
      table={{
        columns: ['epsilon', 'f32', 'f64'],
        rows: curve.map(({ epsilon, f32, f64 }) => [epsilon, f32, f64]),
      }}
      legend={
        <Legend
          items={[
            { name: t('curve.f64'), color: 'series-1' },
            { name: t('curve.f32'), color: 'series-2', dash: 'dashed' },
          ]}
        />
      }
    >
      <p class="small">{t('curve.intro')}</p>
      <div class="curve" dir="ltr" ref={frame}>
        <svg
          width={width}
          height={CURVE.height}
          role="img"
          aria-label={t('curve.summary', {
            f64: scientific(best(curve, 'f64')?.epsilon ?? 0),
            f32: scientific(best(curve, 'f32')?.epsilon ?? 0),
          })}
          onPointerDown={(event) => {
            event.currentTarget.setPointerCapture(event.pointerId);
            set(at(event), false);
          }}
          onPointerMove={(event) => {
            if (event.buttons !== 0) set(at(event), false);
          }}
          onPointerUp={() => settings.commit()}
        >
          {bands.map(({ from, to, key }) => {
            const [top, bottom] = [yOf(to), yOf(from)];
            return (
              <g key={key} class={`band ${key.replace('.', '-')}`}>
                <rect x={CURVE.left} y={top} width={width - CURVE.left - CURVE.right} height={bottom - top} />
              </g>
            );
          })}
          {exponents(X.from, X.to, width < NARROW ? 2 : 1).map((e) => (
            <g key={e} class="tick">
              <line x1={xOf(e, width)} x2={xOf(e, width)} y1={CURVE.top} y2={CURVE.height - CURVE.bottom} />
              <text x={xOf(e, width)} y={CURVE.height - CURVE.bottom + 18}>
                {power(e)}
              </text>
            </g>
          ))}
          {exponents(Y.from, Y.to - 1, 3).map((e) => (
            <g key={e} class="tick vertical">
              <line x1={CURVE.left} x2={width - CURVE.right} y1={yOf(10 ** e)} y2={yOf(10 ** e)} />
              <text x={CURVE.left - 8} y={yOf(10 ** e) + 4}>
                {power(e)}
              </text>
            </g>
          ))}
          <text class="axis" x={(CURVE.left + width - CURVE.right) / 2} y={CURVE.height - 6}>
            {t('curve.x')}
          </text>
          <path class="line-f32" d={curvePath(curve, 'f32', width)} />
          <path class="line-f64" d={curvePath(curve, 'f64', width)} />
          <line
            class="marker"
            x1={xOf(exponent, width)}
            x2={xOf(exponent, width)}
            y1={CURVE.top}
            y2={CURVE.height - CURVE.bottom}
          />
          <circle class="dot-f32" cx={xOf(exponent, width)} cy={yOf(now?.f32 ?? probe.f32.worst)} r={5} />
          <circle class="dot-f64" cx={xOf(exponent, width)} cy={yOf(now?.f64 ?? probe.f64.worst)} r={5} />
        </svg>
        <ul class="legend bptt-legend bands" dir="auto">
          {bands.map(({ key }) => (
            <li key={key} class={key.replace('.', '-')}>
              {t(key)}
            </li>
          ))}
        </ul>
        <div class="epsilon">
          <label for="bptt-epsilon" dir="auto">
            {t('curve.epsilon')}
          </label>
          <input
            id="bptt-epsilon"
            type="range"
            min={-X.from}
            max={-X.to}
            step={0.25}
            value={-exponent}
            disabled={locked}
            aria-valuetext={scientific(10 ** exponent)}
            onInput={(event) => set(-Number(event.currentTarget.value), false)}
            onChange={() => settings.commit()}
          />
          <output>{scientific(10 ** exponent)}</output>
        </div>
        <p class="small" dir="auto">
          {t('curve.now', facts)}
        </p>
      </div>
    </FigureCard>
  );
}

const raised = [
  '\u2070',
  '\u00b9',
  '\u00b2',
  '\u00b3',
  '\u2074',
  '\u2075',
  '\u2076',
  '\u2077',
  '\u2078',
  '\u2079',
];

function power(exponent: number): string {
  const digits = [...String(Math.abs(exponent))].map((digit) => raised[Number(digit)]).join('');
  return `10${exponent < 0 ? '\u207b' : ''}${digits}`;
}

/** Differences at a kink prove nothing, and the page says so. */
function Kinks() {
  const { bench, context } = useApp();
  const kinks = bench.unrolled.value?.derivation.checks.kinks ?? 0;
  return kinks === 0 ? null : <p class="small">{context.i18n.t('check.kinks', { count: kinks })}</p>;
}

function Methods() {
  const { bench, context } = useApp();
  const { t } = context.i18n;
  const unrolled = bench.unrolled.value;
  if (unrolled === null) return null;
  const { checks, wrt } = unrolled.derivation;
  return (
    <table class="data methods">
      <caption>{t('check.caption', { wrt })}</caption>
      <thead>
        <tr>
          <th>{t('check.method')}</th>
          <th>{t('check.relative')}</th>
          <th>{t('check.allowed')}</th>
          <th>{t('check.verdict')}</th>
        </tr>
      </thead>
      <tbody>
        {checks.rows.map(({ method, relative, tolerance, passed }) => (
          <tr key={method}>
            <th scope="row">{t(`method.${method}`)}</th>
            <td dir="ltr">{scientific(relative)}</td>
            <td dir="ltr">{`< ${scientific(tolerance)}`}</td>
            <td class={passed ? 'passed' : 'failed'}>{t(passed ? 'check.passed' : 'check.failed')}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Every parameter by three methods, with its worst entry. */
export function AllParameters() {
  const { bench, context } = useApp();
  const { t } = context.i18n;
  const checks = bench.checks.value;
  return (
    <div class="all-parameters">
      <button type="button" class="primary" onClick={() => void proveAll(bench, context)}>
        {t('check.all')}
      </button>
      <div aria-live="polite">
        {checks !== null && (
          <table class="data">
            <caption>{t('check.allCaption')}</caption>
            <thead>
              <tr>
                <th>{t('check.parameter')}</th>
                <th>{t('method.reverse')}</th>
                <th>{t('method.forward')}</th>
                <th>{t('method.differences')}</th>
                <th>{t('check.worst')}</th>
              </tr>
            </thead>
            <tbody>
              {checks.parameters.map(({ name, rows, worst, passed }) => (
                <tr key={name}>
                  <th scope="row">
                    <bdi>{name}</bdi> {passed ? '\u2713' : '\u2717'}
                  </th>
                  {rows.map(({ method, relative, passed: fine }) => (
                    <td key={method} class={fine ? 'passed' : 'failed'} dir="ltr">
                      {scientific(relative)}
                    </td>
                  ))}
                  <td dir="ltr">{`(${worst.row + 1}, ${worst.column + 1})  ${scientific(worst.relative)}`}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </div>
    </div>
  );
}

type App = ReturnType<typeof useApp>;

/** Checks all parameters and stamps the page with what was found. */
export async function proveAll(bench: App['bench'], { proof }: App['context']): Promise<void> {
  const found = await bench.checkAll();
  if (found === undefined) return;
  const worst = (method: string): number =>
    Math.max(
      0,
      ...found.parameters
        .flatMap(({ rows }) => rows.filter((row) => row.method === method))
        .map((row) => row.relative),
    );
  const exact = Math.max(worst('reverse'), worst('forward'));
  proof.value = {
    passed: found.passed,
    key: found.passed ? 'proof.agree' : 'proof.disagree',
    facts: {
      parameters: found.parameters.length,
      exact: scientific(exact),
      differences: scientific(worst('differences')),
    },
  };
}
