/** The bar at the bottom: rewind, play or pause, stop, and the slider through time. Drawn left to right in every language. */
import { useFrame } from './context.js';
import { Icon } from './icons.js';
import type { Track, Transport } from './page.js';
import { seekBy } from './seek.js';

export function TransportBar({ transport }: { readonly transport: Transport }) {
  const { t } = useFrame().i18n;
  const { play, stop, rewind, newSeed, track } = transport;
  return (
    <section class="transport" dir="ltr" aria-label={transport.label()}>
      <div class="transport-buttons">
        {rewind !== undefined && (
          <button
            type="button"
            class="wide"
            aria-keyshortcuts="r"
            title={`${rewind.hint()} (R)`}
            disabled={!rewind.enabled.value}
            onClick={() => rewind.act()}
          >
            <Icon name="rewind" />
            <span class="label">{t('transport.rewind')}</span>
          </button>
        )}
        <button
          type="button"
          class="primary wide"
          aria-keyshortcuts="Space"
          disabled={!play.enabled.value}
          onClick={() => play.toggle()}
        >
          <Icon name={play.running.value ? 'pause' : 'play'} />
          <span>{play.label()}</span>
        </button>
        {stop !== undefined && (
          <button type="button" class="wide" disabled={!stop.enabled.value} onClick={() => stop.act()}>
            <Icon name="stop" />
            <span class="label">{t('transport.stop')}</span>
          </button>
        )}
        {newSeed !== undefined && (
          <button
            type="button"
            class="wide"
            aria-keyshortcuts="n"
            title={`${t('transport.newSeed')} (N)`}
            onClick={() => newSeed()}
          >
            <Icon name="dice" />
            <span class="label">{t('transport.newSeed')}</span>
          </button>
        )}
      </div>
      <Scrubber track={track} />
    </section>
  );
}

function Scrubber({ track }: { readonly track: Track }) {
  const { t } = useFrame().i18n;
  const last = track.length.value - 1;
  const position = Math.min(track.position.value, Math.max(0, last));
  const ticks = track.ticks?.() ?? [];
  return (
    <div class="scrubber">
      <button
        type="button"
        class="quiet square"
        aria-label={t('transport.previous')}
        title={`${t('transport.previous')} (←)`}
        disabled={position <= 0}
        onClick={() => seekBy(track, -1)}
      >
        <Icon name="previous" />
      </button>
      <div class="track">
        <input
          type="range"
          min={0}
          max={Math.max(1, last)}
          step={1}
          value={Math.max(0, position)}
          disabled={last < 1}
          aria-label={track.label()}
          aria-valuetext={track.text()}
          onInput={(event) => track.seek(Number(event.currentTarget.value), true)}
          onChange={(event) => track.seek(Number(event.currentTarget.value), false)}
        />
        {last > 0 && ticks.length > 0 && (
          <div class="ticks" aria-hidden="true">
            {ticks.map(({ at, label }) => (
              <bdi key={at} ref={(mark) => mark?.style.setProperty('--at', String(at / last))}>
                {label}
              </bdi>
            ))}
          </div>
        )}
      </div>
      <button
        type="button"
        class="quiet square"
        aria-label={t('transport.next')}
        title={`${t('transport.next')} (→)`}
        disabled={position >= last}
        onClick={() => seekBy(track, 1)}
      >
        <Icon name="next" />
      </button>
      <button
        type="button"
        class="quiet square"
        aria-label={t('transport.last')}
        title={`${t('transport.last')} (End)`}
        disabled={last < 1}
        onClick={() => track.seek(last, false)}
      >
        <Icon name="last" />
      </button>
      <span class="position" dir="auto">
        {track.text()}
      </span>
    </div>
  );
}
