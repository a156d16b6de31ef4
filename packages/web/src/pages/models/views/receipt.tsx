/** A receipt: what each tensor is called here and there, what was done to it, and what else a reader must know. */
import type { Receipt } from '@hw5/core';
import type { ComponentChildren } from 'preact';
import { FigureCard } from '../../../frame/figure-card.js';
import { ScrollBox } from '../../../frame/scroll-box.js';
import { visible } from '../../train/gate-rows.js';
import type { Key } from '../en.js';
import { changesOf } from '../gates.js';
import type { ModelsModel } from '../model.js';
import { GateMap } from './gate-map.js';

interface ReceiptProps {
  readonly model: ModelsModel;
  readonly receipt: Receipt;
  readonly title: string;
  readonly name: string;
}

const shapeOf = (shape: readonly number[]): string => (shape.length === 0 ? '–' : `[${shape.join(', ')}]`);

export function ReceiptCard({ model, receipt, title, name }: ReceiptProps) {
  const { t, format } = model.context.i18n;
  const delta = (value: number): string => format.value.precise(value);
  const { gates, outputs, vocabulary } = receipt;
  const said = (change: string): string =>
    changesOf(change)
      .map((part) => {
        if (part.kind === 'other') return part.text;
        if (part.kind === 'gates') return t('change.gates', { from: part.from, to: part.to });
        return t(`change.${part.kind}` as Key);
      })
      .join('; ');
  const facts: readonly (readonly [string, ComponentChildren])[] = [
    [
      t('receipt.model'),
      <bdi key="model" lang="en" dir="ltr">
        {receipt.model}
      </bdi>,
    ],
    [
      t('receipt.delta'),
      t('receipt.deltaOf', { delta: delta(receipt.maxDelta), count: receipt.tensors.length }),
    ],
    ...(outputs === undefined
      ? []
      : [
          [
            t('receipt.answers'),
            <>
              {t('receipt.answersOf', { delta: delta(outputs.maxDelta) })}{' '}
              <bdi lang="en" dir="ltr" class="small">
                ({outputs.compared})
              </bdi>
            </>,
          ] as const,
        ]),
    ...(gates === undefined ? [] : [[t('receipt.gates'), t('receipt.gatesOf', gates)] as const]),
    ...(receipt.bias === undefined
      ? []
      : [
          [
            t('receipt.bias'),
            <bdi key="bias" lang="en" dir="ltr">
              {receipt.bias}
            </bdi>,
          ] as const,
        ]),
    ...(receipt.linearBeforeReset === true ? [[t('receipt.reset'), t('receipt.resetOf')] as const] : []),
  ];
  const columns = [
    t('receipt.here'),
    t('receipt.shape'),
    t('receipt.file'),
    t('receipt.fileShape'),
    t('receipt.change'),
    t('receipt.deltaColumn'),
  ];
  return (
    <FigureCard
      title={title}
      name={name}
      honest="computed"
      summary={t('receipt.summary', { count: receipt.tensors.length, delta: delta(receipt.maxDelta) })}
      table={() => ({
        columns,
        rows: receipt.tensors.map((row) => [
          row.name,
          shapeOf(row.shape),
          row.file,
          shapeOf(row.fileShape),
          said(row.change),
          row.maxDelta,
        ]),
      })}
    >
      <dl class="receipt" data-testid={`receipt-${receipt.direction}`}>
        {facts.map(([term, value]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {gates !== undefined && <GateMap model={model} gates={gates} />}
      {vocabulary !== undefined && (
        <div>
          <p>
            {t('receipt.vocabulary')}: {t('receipt.vocabularyOf', { size: vocabulary.size })}
          </p>
          <ul class="tokens" dir="ltr">
            {vocabulary.first.map((token, at) => (
              <li key={at}>
                <bdi>{visible(token)}</bdi>
              </li>
            ))}
            {vocabulary.size > vocabulary.first.length && <li>…</li>}
          </ul>
        </div>
      )}
      {receipt.notes.length > 0 && (
        <div>
          <p>{t('receipt.notes')}</p>
          <ul class="notes" lang="en" dir="ltr">
            {receipt.notes.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        </div>
      )}
      <ScrollBox class="table-frame tensors-frame" label={t('receipt.table', { title })}>
        <table dir="ltr" class="tensors">
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column} scope="col">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {receipt.tensors.map((row) => (
              <tr key={row.name}>
                <th scope="row">
                  <code>{row.name}</code>
                </th>
                <td>
                  <code>{shapeOf(row.shape)}</code>
                </td>
                <td>
                  <code>{row.file}</code>
                </td>
                <td class={shapeOf(row.shape) === shapeOf(row.fileShape) ? undefined : 'other'}>
                  <code>{shapeOf(row.fileShape)}</code>
                </td>
                <td>
                  <bdi>{said(row.change)}</bdi>
                </td>
                <td>{delta(row.maxDelta)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollBox>
    </FigureCard>
  );
}
