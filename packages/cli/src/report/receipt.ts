/** The receipt of an export or import as a table for people. */
import type { Receipt } from '@hw5/core';
import { printable, type Terminal } from '../terminal.js';
import { table } from './table.js';

const delta = (value: number): string => (value === 0 ? '0' : value.toExponential(1));
const sizes = (shape: readonly number[]): string => (shape.length === 0 ? '' : `[${shape.join(', ')}]`);

/** Lines: the model, a row per tensor, what a reader must know of gates, biases and vocabulary. */
export function receiptText(receipt: Receipt, out: Pick<Terminal, 'style'>): string {
  const { style } = out;
  const arrow = receipt.direction === 'export' ? '->' : '<-';
  const rows = receipt.tensors.map(({ name, shape, file, fileShape, change, maxDelta }) => [
    printable(name),
    sizes(shape),
    arrow,
    printable(file),
    sizes(fileShape),
    printable(change),
    delta(maxDelta),
  ]);
  const facts: [string, string | undefined][] = [
    ['max |Δ|', `${delta(receipt.maxDelta)} over all tensors`],
    [
      'answers',
      receipt.outputs &&
        `max |Δ| ${delta(receipt.outputs.maxDelta)} (${receipt.outputs.compared}, run by hw5's importer)`,
    ],
    ['gates', receipt.gates && `${receipt.gates.here} here, ${receipt.gates.file} in the file`],
    ['biases', receipt.bias],
    [
      'GRU',
      receipt.linearBeforeReset === true
        ? 'resets after the hidden product (linear_before_reset = 1, reset_after)'
        : undefined,
    ],
    [
      'vocabulary',
      receipt.vocabulary &&
        `${receipt.vocabulary.size} ${receipt.vocabulary.order}: ${printable(receipt.vocabulary.first.map((token) => JSON.stringify(token)).join(' '))}${receipt.vocabulary.size > receipt.vocabulary.first.length ? ' ...' : ''}`,
    ],
    ...receipt.notes.map((note): [string, string] => ['note', printable(note)]),
  ];
  const below = facts.flatMap(([name, value]) =>
    value === undefined ? [] : [`${style.bold(name.padEnd(10))} ${value}`],
  );
  const heads = ['here', '', '', 'file', '', 'change', 'max |Δ|'];
  const columns = heads.map((title, i) => ({
    title,
    align: i === 6 ? ('right' as const) : ('left' as const),
  }));
  return [
    `${style.bold('model'.padEnd(10))} ${printable(receipt.model)}`,
    table(columns, rows, style),
    ...below,
  ].join('\n');
}
