/** Question 3a on the current numbers: each product written out, the sums, the choice, the output; or, in Predict, cells to fill in. */
import { Fragment } from 'preact';
import { useState } from 'preact/hooks';
import { arrowsInTable, Pinnable } from '../../frame/pins/pinnable.js';
import { ScrollBox } from '../../frame/scroll-box.js';
import { latinNumber } from '../../i18n/digits.js';
import { texNumber } from '../../math/tex-number.js';
import type { Guess, Judged, Typed } from './by-hand.js';
import type { AttentionModel } from './model.js';
import { mathNumber, subscript } from './numbers.js';

export function ByHandTable({ model }: { readonly model: AttentionModel }) {
  const { t } = model.context.i18n;
  const result = model.computed.value;
  if (result === null) return <p class="waiting">{t(model.unfit.value ? 'hand.unfit' : 'computing')}</p>;
  const { report } = result;
  const predicting = model.context.mode.value === 'predict';
  const shown = predicting ? { scores: 0, weights: false, output: false } : model.shown.value;
  const open = !model.secret.value;
  const hard = report.weights.every((weight) => weight === 0 || weight === 1);
  return (
    <ScrollBox class="scroll-x" label={t('hand.caption')}>
      <table class="by-hand" dir="ltr" onKeyDown={arrowsInTable}>
        <caption class="hidden">{t('hand.caption')}</caption>
        <thead>
          <tr>
            <th scope="col">i</th>
            <th scope="col">
              k<sub>i</sub>
            </th>
            <th scope="col">
              k<sub>i</sub> · q
            </th>
            <th scope="col">
              s<sub>i</sub>
            </th>
            <th scope="col">
              p<sub>i</sub>
            </th>
            <th scope="col">
              v<sub>i</sub>
            </th>
          </tr>
        </thead>
        <tbody>
          {report.keys.map((key, i) => {
            const known = predicting ? open : i < shown.scores;
            const chosen = (predicting ? open : shown.weights) && report.weights[i]! > 0;
            return (
              <tr key={i} class={chosen ? 'chosen' : model.position.value === i + 1 ? 'current' : ''}>
                <th scope="row">{i + 1}</th>
                <td class="hue-input">({key.map((entry) => mathNumber(entry)).join(', ')})</td>
                <td class="products">
                  {known
                    ? key
                        .map(
                          (entry, d) =>
                            `${d === 0 ? mathNumber(entry) : factor(entry)}·${factor(report.query[d]!)}`,
                        )
                        .join(' + ')
                    : '…'}
                </td>
                <td>
                  {predicting ? (
                    <Cell
                      model={model}
                      label={t('hand.scoreOf', { key: i + 1 })}
                      typed={model.guess.value.scores[i]}
                      right={model.judged.value?.scores[i]}
                      truth={report.scores[i]!}
                      write={(guess, value) => ({ ...guess, scores: guess.scores.with(i, value) })}
                    />
                  ) : (
                    <strong>
                      {known ? (
                        <Pinnable
                          label={t('hand.scoreOf', { key: i + 1 })}
                          value={report.scores[i]!}
                          formula={scoreFormula(i + 1, key, report.query, report.scores[i]!)}
                          inTabOrder={i === 0}
                        >
                          {mathNumber(report.scores[i]!)}
                        </Pinnable>
                      ) : (
                        '…'
                      )}
                    </strong>
                  )}
                </td>
                <td class="hue-attention">
                  {(predicting ? open : shown.weights) ? (
                    <Pinnable
                      label={t('hand.weightOf', { key: i + 1 })}
                      value={report.weights[i]!}
                      inTabOrder={predicting && i === 0}
                    >
                      {mathNumber(report.weights[i]!, hard ? 1 : 3)}
                    </Pinnable>
                  ) : (
                    '…'
                  )}
                </td>
                <td class="hue-output">({report.values[i]!.map((entry) => mathNumber(entry)).join(', ')})</td>
              </tr>
            );
          })}
        </tbody>
        <tfoot>
          {predicting && (
            <tr>
              <th scope="row" colSpan={3}>
                <bdi>{t('hand.which')}</bdi>
              </th>
              <td colSpan={3}>
                <Cell
                  model={model}
                  label={t('hand.which')}
                  typed={model.guess.value.index}
                  right={model.judged.value?.index}
                  truth={report.index + 1}
                  write={(guess, value) => ({ ...guess, index: value })}
                />
              </td>
            </tr>
          )}
          <tr>
            <th scope="row" colSpan={3}>
              o = Σ p<sub>i</sub> v<sub>i</sub>
            </th>
            <td colSpan={3} class="hue-output output">
              {predicting
                ? report.output.map((entry, d) => (
                    <Cell
                      key={d}
                      model={model}
                      label={t('hand.outputOf', { entry: d + 1 })}
                      typed={model.guess.value.output[d]}
                      right={model.judged.value?.output[d]}
                      truth={entry}
                      write={(guess, value) => ({ ...guess, output: guess.output.with(d, value) })}
                    />
                  ))
                : shown.output
                  ? [
                      '(',
                      ...report.output.map((entry, d) => (
                        <Fragment key={d}>
                          {d > 0 && ', '}
                          <Pinnable
                            label={t('hand.outputOf', { entry: d + 1 })}
                            value={entry}
                            formula={outputFormula(d, report.weights, report.values, entry)}
                            inTabOrder={false}
                          >
                            {mathNumber(entry)}
                          </Pinnable>
                        </Fragment>
                      )),
                      ')',
                    ]
                  : '…'}
            </td>
          </tr>
        </tfoot>
      </table>
      {predicting && <PredictButtons model={model} />}
      {report.ties.length > 1 && open && (
        <p class="remark">
          {t('hand.tie', { keys: report.ties.map((i) => `k${subscript(i + 1)}`).join(', ') })}
        </p>
      )}
    </ScrollBox>
  );
}

/** s_1 = 1 \cdot 0.5 + ... = 2 */
function scoreFormula(i: number, key: readonly number[], query: readonly number[], score: number): string {
  const inMath = (value: number): string => (value < 0 ? `(${texNumber(value)})` : texNumber(value));
  const products = key.map((entry, d) => `${inMath(entry)} \\cdot ${inMath(query[d]!)}`).join(' + ');
  return `s_{${i}} = ${products} = ${texNumber(score, 6)}`;
}

/** o_1 = 0.5 \cdot 2 + ... = 2 */
function outputFormula(
  d: number,
  weights: readonly number[],
  values: readonly (readonly number[])[],
  entry: number,
): string {
  const inMath = (value: number): string => (value < 0 ? `(${texNumber(value, 3)})` : texNumber(value, 3));
  const terms = weights.map((weight, i) => `${inMath(weight)} \\cdot ${inMath(values[i]![d]!)}`);
  return `o_{${d + 1}} = ${terms.join(' + ')} = ${texNumber(entry, 6)}`;
}

const factor = (value: number): string => (value < 0 ? `(${mathNumber(value)})` : mathNumber(value));

interface CellProps {
  readonly model: AttentionModel;
  readonly label: string;
  readonly typed: Typed;
  readonly right: boolean | undefined;
  readonly truth: number;
  readonly write: (guess: Guess, value: Typed) => Guess;
}

function Cell({ model, label, typed, right, truth, write }: CellProps) {
  const { t } = model.context.i18n;
  const judged = model.judged.value as Judged | null;
  // What is being typed: a result that arrives meanwhile draws the table anew, and must not take it away.
  const [draft, setDraft] = useState<string | undefined>(undefined);
  const written = typed === undefined || Number.isNaN(typed) ? '' : String(typed);
  const mark = right === undefined ? '' : right ? 'right' : 'wrong';
  return (
    <span class={`cell ${mark}`}>
      <input
        type="text"
        inputMode="decimal"
        dir="ltr"
        size={5}
        maxLength={20}
        autocomplete="off"
        aria-label={label}
        aria-invalid={right === false}
        readOnly={judged !== null}
        value={draft ?? written}
        onInput={(event) => setDraft(event.currentTarget.value)}
        onChange={(event) => {
          setDraft(undefined);
          const text = latinNumber(event.currentTarget.value);
          const value = text === '' ? undefined : Number(text);
          model.guess.value = write(model.guess.peek(), value);
        }}
      />
      {right === true && (
        <span>
          ✓<span class="hidden">{t('hand.right')}</span>
        </span>
      )}
      {right === false && (
        <span>
          ✗<span class="hidden">{t('hand.wrong')}</span> {mathNumber(truth)}
        </span>
      )}
    </span>
  );
}

function PredictButtons({ model }: { readonly model: AttentionModel }) {
  const { t } = model.context.i18n;
  const judged = model.judged.value;
  return (
    <p class="predict-buttons" aria-live="polite">
      {judged === null ? (
        <button type="button" class="primary" onClick={() => model.commitGuess()}>
          {t('hand.commit')}
        </button>
      ) : (
        <>
          <strong>{t('hand.worth', { percent: Math.round(judged.worth * 100) })}</strong>{' '}
          <button type="button" onClick={() => model.guessAgain()}>
            {t('hand.again')}
          </button>
        </>
      )}
    </p>
  );
}
