/** What if it had looked elsewhere? A row of attention is edited, and the decoder goes on from it, beside the true answer. */
import type { StepEdit, TextAnswer } from '@hw5/core';
import { HeatMap } from '../../charts/heat-map.js';
import { FigureCard } from '../../frame/figure-card.js';
import { ScaleLegend } from '../../frame/legend.js';
import { EDIT_FORMS, parseEdits, partsAt, SHARPEST } from './edits.js';
import type { Seq2SeqModel } from './model.js';
import { focusOf, visible } from './tokens.js';

const scale = { kind: 'unit', limit: 1, hue: 'attention' } as const;
/** Stands beside an edited row. */
const PENCIL = '✎';

export function WhatIfFigure({ model }: { readonly model: Seq2SeqModel }) {
  const { t } = model.context.i18n;
  const { answer, answers, whatIf } = model;
  if (answer === undefined || answers === undefined || model.secret) return null;
  const edited = whatIf?.answer;
  const rows = new Set(whatIf?.edits.map(({ step }) => step));
  const marked = (token: string, n: number): string => `${rows.has(n) ? `${PENCIL} ` : ''}${visible(token)}`;
  const summary =
    edited === undefined
      ? t('whatIf.none')
      : t(edited.output === answer.output ? 'whatIf.same' : 'whatIf.summary', {
          truth: answer.output,
          edited: edited.output,
          n: partsAt(answer, edited) + 1,
        });
  const source = answers.source.map(visible);
  const at = Math.min(model.at.value, (edited ?? answer).steps.length - 1);
  return (
    <FigureCard
      id="what-if"
      title={t('whatIf.title')}
      name="what-if"
      honest="computed"
      summary={summary}
      legend={<ScaleLegend scale={scale} />}
      table={() => ({
        columns: ['#', t('whatIf.true'), 'P', t('whatIf.edited'), 'P', t('whatIf.row')],
        rows: Array.from({ length: Math.max(answer.steps.length, edited?.steps.length ?? 0) }, (_, n) => [
          n + 1,
          visible(answer.steps[n]?.token ?? ''),
          answer.steps[n]?.probability ?? Number.NaN,
          visible(edited?.steps[n]?.token ?? ''),
          edited?.steps[n]?.probability ?? Number.NaN,
          whatIf?.edits.find(({ step }) => step === n)?.kind ?? '',
        ]),
      })}
    >
      <p class="remark">{t('whatIf.lead')}</p>
      <Editor model={model} answer={answer} source={answers.source} />
      {edited !== undefined && (
        <>
          <dl class="both-answers">
            <dt>{t('whatIf.true')}</dt>
            <dd>
              <bdi class="answer">{answer.output === '' ? '∅' : answer.output}</bdi>
            </dd>
            <dt>{t('whatIf.edited')}</dt>
            <dd data-testid="what-if">
              <Changed truth={answer} edited={edited} />
            </dd>
          </dl>
          <HeatMap
            values={edited.alignment}
            scale={scale}
            label={summary}
            rowLabels={edited.steps.map(({ token }, n) => marked(token, n))}
            columnLabels={source}
            largestCell={44}
            selected={{ row: at, column: focusOf(edited)[at] ?? 0 }}
            onSelect={({ row }) => model.seek(row)}
          />
        </>
      )}
      <p class="remark">{summary}</p>
    </FigureCard>
  );
}

/** The edited answer; what it writes otherwise than the true one stands out. */
function Changed({ truth, edited }: { readonly truth: TextAnswer; readonly edited: TextAnswer }) {
  const from = partsAt(truth, edited);
  const tokens = edited.steps.map(({ token }) => visible(token));
  if (edited.output === truth.output) return <bdi class="answer">{edited.output}</bdi>;
  return (
    <bdi class="answer">
      {tokens.slice(0, from).join('')}
      <mark>{tokens.slice(from).join('')}</mark>
    </bdi>
  );
}

interface EditorProps {
  readonly model: Seq2SeqModel;
  readonly answer: TextAnswer;
  readonly source: readonly string[];
}

function Editor({ model, answer, source }: EditorProps) {
  const { t, format } = model.context.i18n;
  const { isLocked, settings } = model.context;
  const written = settings.get('edits');
  const step = Math.min(model.at.value, answer.steps.length - 1);
  const edits = model.edits.value;
  const edit = edits.find((each) => each.step === step);
  const factor = edit?.kind === 'power' ? edit.factor : 1;
  if (isLocked('edits')) return null;
  const token = visible(answer.steps[step]?.token ?? '');
  return (
    <div class="editor">
      <fieldset class="tokens" dir="ltr">
        <legend>
          <bdi>{t('whatIf.place', { n: step + 1, token })}</bdi>
        </legend>
        {source.map((letter, place) => (
          <button
            key={place}
            type="button"
            aria-pressed={edit?.kind === 'place' && edit.place === place}
            aria-label={t('step.place', { n: place + 1, token: visible(letter) })}
            onClick={() => model.edit({ step, kind: 'place', place })}
          >
            <bdi>{visible(letter)}</bdi>
          </button>
        ))}
      </fieldset>
      <div class="ways">
        <button
          type="button"
          aria-pressed={edit?.kind === 'argmax'}
          onClick={() => model.edit({ step, kind: 'argmax' })}
        >
          {t('whatIf.argmax')}
        </button>
        <label class="power">
          {t('whatIf.power')}
          <input
            type="range"
            min={-Math.log2(SHARPEST)}
            max={Math.log2(SHARPEST)}
            step="0.5"
            value={Math.log2(factor)}
            aria-valuetext={t('whatIf.factor', { factor })}
            onChange={(event) =>
              model.edit({ step, kind: 'power', factor: rounded(2 ** event.currentTarget.valueAsNumber) })
            }
          />
          <output>{format.value.precise(factor)}</output>
        </label>
      </div>
      {parseEdits(written) === undefined && (
        <p class="problem">
          {t('whatIf.unreadable', { got: written.slice(0, 40), forms: EDIT_FORMS })}{' '}
          <button type="button" onClick={() => model.unedit()}>
            {t('whatIf.undoAll')}
          </button>
        </p>
      )}
      {edits.length > 0 && (
        <ul class="edits">
          {edits.map((each) => (
            <li key={each.step}>
              <button type="button" class="quiet" onClick={() => model.seek(each.step)}>
                {PENCIL} <Done edit={each} model={model} source={source} />
              </button>
              <button type="button" onClick={() => model.unedit(each.step)}>
                {t('whatIf.undo')}
                <span class="hidden"> {format.value.integer(each.step + 1)}</span>
              </button>
            </li>
          ))}
          {edits.length > 1 && (
            <li>
              <button type="button" onClick={() => model.unedit()}>
                {t('whatIf.undoAll')}
              </button>
            </li>
          )}
        </ul>
      )}
    </div>
  );
}

/** An edit in words. */
function Done({ edit, model, source }: Pick<EditorProps, 'model' | 'source'> & { readonly edit: StepEdit }) {
  const { t } = model.context.i18n;
  const n = edit.step + 1;
  if (edit.kind === 'argmax') return <>{t('whatIf.did.argmax', { n })}</>;
  if (edit.kind === 'power') return <>{t('whatIf.did.power', { n, factor: edit.factor })}</>;
  return (
    <>{t('whatIf.did.place', { n, place: edit.place + 1, token: visible(source[edit.place] ?? '∅') })}</>
  );
}

const rounded = (value: number): number => Number(value.toPrecision(3));
