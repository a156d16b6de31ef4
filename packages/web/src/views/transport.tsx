/** The bar at the bottom: rewind, play or pause, stop, and the slider through training time. Drawn left to right in every language. */
import { useApp } from '../app.js';
import { Icon } from './icons.js';

export function Transport() {
  const { i18n, lab, commands, pinned } = useApp();
  const { t } = i18n;
  const phase = lab.phase.value;
  const running = phase === 'training' || phase === 'pausing';
  const samples = lab.samples.value;
  const newest = samples.length - 1;
  const shown = Math.min(pinned.value ?? newest, newest);
  const sample = samples[shown];
  const playLabel = t(
    running ? 'transport.pause' : lab.step.value > 0 ? 'transport.resume' : 'transport.start',
  );
  const show = (index: number): void => {
    pinned.value = index >= newest ? null : Math.max(0, index);
  };
  const position =
    sample === undefined
      ? ''
      : t('sample.position', { step: sample.step, index: shown + 1, count: samples.length });
  return (
    <section class="transport" dir="ltr" aria-label={t('transport.label')}>
      <div class="transport-buttons">
        <button
          type="button"
          class="wide"
          aria-keyshortcuts="r"
          title={`${t('transport.rewindHint')} (R)`}
          disabled={phase === 'opening' || phase === 'empty'}
          onClick={() => commands.rewind()}
        >
          <Icon name="rewind" />
          <span class="label">{t('transport.rewind')}</span>
        </button>
        <button
          type="button"
          class="primary wide"
          aria-keyshortcuts="Space"
          disabled={phase === 'pausing' || phase === 'opening' || phase === 'empty'}
          onClick={() => commands.togglePlay()}
        >
          <Icon name={running ? 'pause' : 'play'} />
          <span>{playLabel}</span>
        </button>
        <button type="button" class="wide" disabled={phase !== 'training'} onClick={() => commands.stop()}>
          <Icon name="stop" />
          <span class="label">{t('transport.stop')}</span>
        </button>
      </div>
      <div class="scrubber">
        <button
          type="button"
          class="quiet square"
          aria-label={t('sample.previous')}
          title={t('sample.previous')}
          disabled={shown <= 0}
          onClick={() => show(shown - 1)}
        >
          <Icon name="previous" />
        </button>
        <input
          type="range"
          min={0}
          max={Math.max(1, newest)}
          step={1}
          value={Math.max(0, shown)}
          disabled={newest < 1}
          aria-label={t('sample.slider')}
          aria-valuetext={position}
          onInput={(event) => show(Number(event.currentTarget.value))}
        />
        <button
          type="button"
          class="quiet square"
          aria-label={t('sample.next')}
          title={t('sample.next')}
          disabled={shown >= newest}
          onClick={() => show(shown + 1)}
        >
          <Icon name="next" />
        </button>
        <button
          type="button"
          class="quiet square"
          aria-label={t('sample.live')}
          title={t('sample.live')}
          disabled={pinned.value === null}
          onClick={() => show(newest)}
        >
          <Icon name="last" />
        </button>
        <span class="position" dir="auto">
          {position}
        </span>
      </div>
    </section>
  );
}
