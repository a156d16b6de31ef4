/** The shapes that flow through an architecture. B batch, T inputs, S outputs, D input size, H hidden size, K classes. */
import { lossSteps } from './loss-steps.js';
import type { Values } from './table.js';

export interface Stage {
  readonly name: 'input' | 'states' | 'summary' | 'decoder' | 'output';
  readonly shape: string;
}

type Choice = Pick<Values, 'shape' | 'bidirectional' | 'readout' | 'loss' | 'mask' | 'inputs'>;

export function stages(choice: Choice): readonly Stage[] {
  const { shape, bidirectional, readout, loss, inputs } = choice;
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
      if (loss === 'ctc') return [input, states, { name: 'output', shape: '[B, T, K + 1]' }];
      return [input, states, { name: 'output', shape: taught(lossSteps(choice), inputs) }];
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

/** What reaches the loss: all steps, the last, or so many of them. */
function taught(steps: readonly number[], inputs: number): string {
  if (steps.length === inputs) return `[B, T, K]`;
  if (steps.length === 1 && steps[0] === inputs) return `[B, K]`;
  return `[B, ${steps.length}, K]`;
}
