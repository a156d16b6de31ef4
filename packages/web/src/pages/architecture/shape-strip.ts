/** The shapes that flow through an architecture. B batch, T inputs, S outputs, D input size, H hidden size, K classes. */
import type { Values } from './table.js';

export interface Stage {
  readonly name: 'input' | 'states' | 'summary' | 'decoder' | 'output';
  readonly shape: string;
}

type Choice = Pick<Values, 'shape' | 'bidirectional' | 'readout' | 'loss'>;

export function stages({ shape, bidirectional, readout, loss }: Choice): readonly Stage[] {
  const wide = bidirectional ? '2H' : 'H';
  const input: Stage = { name: 'input', shape: '[B, T, D]' };
  const states: Stage = { name: 'states', shape: `[B, T, ${wide}]` };
  switch (shape) {
    case 'many-to-one':
      return [input, states, { name: 'summary', shape: `[B, ${wide}]` }, { name: 'output', shape: '[B, K]' }];
    case 'one-to-many':
      return [
        { name: 'input', shape: '[B, D]' },
        { name: 'decoder', shape: '[B, S, H]' },
        { name: 'output', shape: '[B, S, K]' },
      ];
    case 'aligned':
      // A CTC loss has one class more: the blank.
      return [input, states, { name: 'output', shape: loss === 'ctc' ? '[B, T, K + 1]' : '[B, T, K]' }];
    case 'encoder-decoder':
      return [
        input,
        states,
        { name: 'summary', shape: readout === 'attention' ? `[B, S, ${wide}]` : `[B, ${wide}]` },
        { name: 'decoder', shape: '[B, S, H]' },
        { name: 'output', shape: '[B, S, K]' },
      ];
  }
}
