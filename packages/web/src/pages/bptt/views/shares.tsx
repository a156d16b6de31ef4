/** Each path's share of the gradient, and what truncation leaves out. */
import { useApp } from '../app.js';

/** A part needs this share of the bar to hold its name. */
const LEGIBLE = 0.14;

/** Shares add up to 1; those that pull against the sum stand left of the line. */
export function Shares() {
  const { bench, context, hover, pin, path, hidden } = useApp();
  const { t, format } = context.i18n;
  const unrolled = bench.unrolled.value;
  if (unrolled === null || unrolled.shares.length === 0 || unrolled.shares.length > 45) return null;
  if (hidden.value) return <p class="small">{t('predict.hidden')}</p>;
  const { shares } = unrolled;
  const chosen = path.value;
  const against = shares.filter(({ share }) => share < 0);
  const along = shares.filter(({ share }) => share >= 0);
  const left = against.reduce((sum, { share }) => sum - share, 0);
  const right = along.reduce((sum, { share }) => sum + share, 0);
  const bar = (list: typeof shares) =>
    list.map(({ t: at, k, share }) => (
      <button
        key={`${at} ${k}`}
        type="button"
        class={`share ${share < 0 ? 'against' : ''} ${chosen?.t === at && chosen.k === k ? 'chosen' : ''}`}
        style={{ flexGrow: String(Math.abs(share)) }}
        title={`(${at}, ${k}) ${(share * 100).toFixed(1)} %`}
        aria-label={t('shares.one', { path: `${at},${k}`, percent: format.value.decimal(share * 100, 1) })}
        onPointerEnter={() => {
          hover.value = { kind: 'path', t: at, k };
        }}
        onPointerLeave={() => {
          hover.value = null;
        }}
        onClick={() => pin({ kind: 'path', t: at, k })}
      >
        {Math.abs(share) > LEGIBLE * (left + right) ? `${at},${k}` : ''}
      </button>
    ));
  return (
    <div class="shares">
      <h3>{t('shares.title')}</h3>
      <div class="share-bar" dir="ltr">
        <div class="side against-side" style={{ flexGrow: String(left) }}>
          {bar(against)}
        </div>
        <div class="side along-side" style={{ flexGrow: String(right) }}>
          {bar(along)}
        </div>
      </div>
      <p class="small">{t('shares.help')}</p>
    </div>
  );
}

export function TruncationControl() {
  const { bench, context, hidden } = useApp();
  const { t, format } = context.i18n;
  const { settings } = context;
  const unrolled = bench.unrolled.value;
  if (unrolled === null || unrolled.truncations.length < 2 || context.isHidden('window')) return null;
  const { steps } = unrolled.derivation;
  const window = settings.get('window') === 0 ? steps : Math.min(settings.get('window'), steps);
  const { bias } = unrolled.truncations[window - 1]!;
  return (
    <div class="truncation">
      <label for="bptt-window">{t('window.label')}</label>
      <input
        id="bptt-window"
        type="range"
        min={1}
        max={steps}
        step={1}
        value={window}
        dir="ltr"
        disabled={context.isLocked('window')}
        aria-valuetext={t('window.text', { window, steps })}
        onInput={(event) => settings.preview('window', windowOf(event.currentTarget.value, steps))}
        onChange={() => settings.commit()}
      />
      <p class="small" aria-live="polite">
        {window === steps
          ? t('window.all', { steps })
          : t('window.bias', { window, percent: hidden.value ? '?' : format.value.decimal(bias * 100, 2) })}
      </p>
    </div>
  );
}

function windowOf(text: string, steps: number): number {
  const window = Number(text);
  return window >= steps ? 0 : window;
}
