/** A derivation with a mistake in it: the result is off; measure on the way, and name the line. */
import type { Hunt } from '@hw5/core/homework';
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { useApp } from '../app.js';
import { Formula } from '../formula.js';
import { largest, rowsOf, scientific } from '../numbers.js';
import { MatrixGrid } from './matrix-grid.js';
import { Panel } from './panel.js';

/** What each measurement takes from a point. */
const MEASUREMENT = 0.08;
/** What each wrong accusation takes. */
const ACCUSATION = 0.34;

export function HuntView() {
  const { bench, context } = useApp();
  const { t } = context.i18n;
  const { settings } = context;
  const hunt = bench.hunt.value;
  return (
    <Panel id="bptt-hunt" title={t('hunt.title')}>
      <p class="small">{t('hunt.intro')}</p>
      <div class="row">
        <label>
          {t('hunt.level')}{' '}
          <select
            value={String(settings.get('level'))}
            disabled={context.isLocked('level')}
            onChange={(event) => settings.set('level', Number(event.currentTarget.value))}
          >
            {[1, 2, 3].map((level) => (
              <option key={level} value={String(level)}>
                {t(`hunt.level.${level as 1 | 2 | 3}`)}
              </option>
            ))}
          </select>
        </label>
        <button type="button" onClick={() => settings.set('hunt', settings.get('hunt') + 1)}>
          {t('hunt.next')}
        </button>
      </div>
      {hunt?.evidence && <Case key={`${hunt.level} ${hunt.seed}`} hunt={hunt} />}
    </Panel>
  );
}

function Case({ hunt }: { readonly hunt: Hunt }) {
  const { bench, context } = useApp();
  const { t, format, language } = context.i18n;
  const measured = useSignal<ReadonlySet<string>>(new Set());
  const accused = useSignal<readonly number[]>([]);
  const verdict = useSignal<Hunt | null>(null);
  const evidence = hunt.evidence!;
  const result = evidence.measured.at(-1)!;
  const solution = verdict.value?.solution ?? null;
  const scale = largest(rowsOf(evidence.differences));
  const worth = Math.max(0, 1 - MEASUREMENT * measured.value.size - ACCUSATION * accused.value.length);
  useEffect(() => {
    verdict.value = null;
  }, [hunt, verdict]);
  const accuse = async (line: number): Promise<void> => {
    if (solution !== null || accused.value.includes(line)) return;
    const earned = worth;
    const found = await bench.accuse(line);
    if (found.solution === null) {
      accused.value = [...accused.value, line];
      verdict.value = found;
      return;
    }
    verdict.value = found;
    context.score.add(earned);
  };
  return (
    <>
      <h3>{t('hunt.given')}</h3>
      <ul class="given-equations" dir="ltr">
        {hunt.given.map((line) => (
          <li key={line}>
            <code>{line}</code>
          </li>
        ))}
      </ul>
      <h3>{t('hunt.symptom', { wrt: hunt.wrt })}</h3>
      <div class="matrices">
        <MatrixGrid
          latex="a"
          name={t('hunt.said')}
          rows={rowsOf(result.said)}
          scale={scale}
          note={t('hunt.said')}
        />
        <MatrixGrid
          latex={`n = \\dfrac{J(+\\varepsilon) - J(-\\varepsilon)}{2\\varepsilon}`}
          name={t('hunt.differences')}
          rows={rowsOf(evidence.differences)}
          scale={scale}
          note={t('hunt.differences')}
        />
        <MatrixGrid
          latex={`|a - n| \\, / \\max |n|`}
          name={t('hunt.errors')}
          rows={rowsOf(result.errors)}
          tone="error"
          write={scientific}
          note={t('hunt.errors')}
        />
      </div>
      <h3>{t('hunt.lines')}</h3>
      <p class="small">{t('hunt.how', { worth: format.value.decimal(worth, 2) })}</p>
      <ol class="hunt-lines">
        {hunt.lines.map((line) => {
          const own = evidence.measured.filter((each) => each.line === line.number && each.t !== undefined);
          const wrong = accused.value.includes(line.number);
          const found = solution?.line === line.number;
          return (
            <li key={line.number} class={`${wrong ? 'cleared' : ''} ${found ? 'found' : ''}`}>
              <div class="hunt-line">
                <Formula latex={line.latex} />
                <button
                  type="button"
                  disabled={solution !== null || wrong}
                  aria-label={wrong || found ? undefined : t('hunt.accuseLine', { line: line.number })}
                  onClick={() => void accuse(line.number)}
                >
                  {wrong ? t('hunt.cleared') : found ? t('hunt.found') : t('hunt.accuse')}
                </button>
              </div>
              <div class="probes" dir="ltr">
                {own.map((each) => {
                  const key = `${each.line} ${each.t}`;
                  const seen = measured.value.has(key) || solution !== null;
                  const isOff = each.worst > 1e-9;
                  const text = `t=${each.t}: ${seen ? (isOff ? `\u2717 ${scientific(each.worst)}` : '\u2713') : '?'}`;
                  return (
                    <button
                      key={key}
                      type="button"
                      class={`probe ${seen ? (isOff ? 'off' : 'right') : ''}`}
                      aria-label={`${text} ${t('hunt.measureAt', { line: line.number, t: each.t ?? 0 })}`}
                      disabled={seen}
                      onClick={() => {
                        measured.value = new Set([...measured.value, key]);
                      }}
                    >
                      {text}
                    </button>
                  );
                })}
              </div>
            </li>
          );
        })}
      </ol>
      <div aria-live="polite" class="hunt-verdict">
        {solution !== null && (
          <>
            <p>
              <strong>{t('hunt.solved', { worth: format.value.decimal(worth, 2) })}</strong>{' '}
              {solution.text[language.value]}
            </p>
            <Formula latex={solution.right.latex} display />
          </>
        )}
        {solution === null && accused.value.length > 0 && (
          <p>{t('hunt.holds', { line: accused.value.at(-1) ?? 0 })}</p>
        )}
      </div>
    </>
  );
}
