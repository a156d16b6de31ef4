/** The learning rate of the steps to come: live while the run trains. What was changed, and when, stands below it. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { usePage } from '../../../frame/context.js';
import { useApp } from '../app.js';
import { table } from '../table.js';

/** The slider's stops: 20 for a factor of ten, from 1e-6 to 1. */
const STOPS = { min: -120, max: 0, perDecade: 20 } as const;

/** A change is made when the slider has rested for this long, ms: it is one change, not one for each stop on the way. */
const RESTED = 350;

const stopOf = (rate: number): number => Math.round(STOPS.perDecade * Math.log10(rate));
const rateOf = (stop: number): number => Number((10 ** (stop / STOPS.perDecade)).toPrecision(2));

export function Rate() {
  const { i18n, lab, commands, settings } = useApp();
  const { isLocked, isHidden } = usePage();
  const { t, format } = i18n;
  const [dragged, setDragged] = useState<number | null>(null);
  const [typed, setTyped] = useState<string | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  if (isHidden('learningRate')) return null;
  const run = lab.run.value;
  const begun = lab.step.value > 0 || lab.phase.value === 'training';
  const now = begun ? lab.rate.value : settings.get('learningRate');
  const shown = dragged ?? now;
  const disabled =
    isLocked('learningRate') || lab.phase.value === 'lost' || (begun && run?.trainable !== true);
  const parsed = typed === null ? undefined : table.learningRate.parse(typed);
  const problem = parsed !== undefined && 'problem' in parsed ? parsed.problem : undefined;

  const give = async (rate: number): Promise<void> => {
    clearTimeout(timer.current);
    if (rate !== now) await commands.setRate(rate);
    // It may have been dragged on meanwhile.
    setDragged((at) => (at === rate ? null : at));
  };
  const take = (): void => {
    if (parsed === undefined || !('value' in parsed)) return;
    setTyped(null);
    void give(parsed.value);
  };
  const changes = run?.config.rateChanges ?? [];
  return (
    <section class="rate" aria-labelledby="rate-title" id="rate">
      <h3 id="rate-title">{t('rate.title')}</h3>
      <div class="rate-controls">
        <input
          type="range"
          aria-label={t('rate.slider')}
          aria-valuetext={format.value.precise(shown)}
          aria-describedby="rate-help"
          data-testid="rate-slider"
          min={STOPS.min}
          max={STOPS.max}
          step={1}
          value={Math.max(STOPS.min, Math.min(STOPS.max, stopOf(shown)))}
          disabled={disabled}
          onInput={(event) => {
            const rate = rateOf(Number(event.currentTarget.value));
            setTyped(null);
            setDragged(rate);
            clearTimeout(timer.current);
            timer.current = setTimeout(() => void give(rate), RESTED);
          }}
        />
        <input
          type="text"
          inputMode="decimal"
          dir="ltr"
          autocomplete="off"
          aria-label={t('rate.now')}
          aria-describedby={problem === undefined ? 'rate-help' : 'rate-help rate-problem'}
          aria-invalid={problem !== undefined}
          data-testid="rate"
          value={typed ?? table.learningRate.format(shown)}
          disabled={disabled}
          onInput={(event) => setTyped(event.currentTarget.value)}
          onBlur={take}
          onKeyDown={(event) => {
            if (event.key === 'Enter') take();
            if (event.key === 'Escape' && typed !== null) {
              event.preventDefault();
              setTyped(null);
            }
          }}
        />
      </div>
      {problem !== undefined && (
        <p class="problem" id="rate-problem">
          {t(problem.key, problem.facts)}
        </p>
      )}
      <p class="small" id="rate-help">
        {t(begun ? 'rate.help' : 'rate.helpBefore')}
      </p>
      {changes.length > 0 && (
        <>
          <ul class="rate-changes" data-testid="rate-changes">
            {changes.map(({ step, learningRate }) => (
              <li key={step}>
                {t(step < lab.step.value ? 'rate.since' : 'rate.planned', {
                  step: format.value.integer(step),
                  rate: format.value.precise(learningRate),
                })}
              </li>
            ))}
          </ul>
          <p class="small">{t('rate.honest')}</p>
          <button
            type="button"
            class="quiet"
            disabled={disabled || settings.get('rates').length === 0}
            onClick={() => settings.set('rates', [])}
          >
            {t('rate.forget')}
          </button>
        </>
      )}
    </section>
  );
}
