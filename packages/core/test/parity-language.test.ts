/** Language models beside PyTorch: first logits and gradients, fifty losses with AdamW and smoothed labels, final weights. */
import { beforeAll, describe, expect, it } from 'vitest';
import {
  backward,
  CharLM,
  crossEntropy,
  ids,
  init,
  optim,
  RandomStream,
  scope,
  TransformerLM,
} from '../src/index.js';
import { expectClose, type Fixture, fixtures, TOLERANCE } from './parity-fixtures.js';

interface Config {
  readonly cell: 'rnn' | 'gru' | 'lstm' | 'transformer';
  readonly positions: 'learned' | 'sinusoidal' | null;
  readonly vocabularySize: number;
  readonly embeddingSize: number;
  readonly hiddenSize: number;
  readonly numLayers: number;
  readonly numHeads: number;
  readonly contextSize: number;
  readonly learningRate: number;
  readonly weightDecay: number;
  readonly labelSmoothing: number;
}

/** Largest difference of a loss; of a final weight relative to the largest entry of its tensor. */
const LIMITS = { f32: 1e-4, f64: 1e-9 } as const;

function modelOf({ config }: Fixture<Config>): CharLM | TransformerLM {
  const { cell, positions, numHeads, contextSize, hiddenSize } = config;
  const { vocabularySize, embeddingSize, numLayers } = config;
  const streams = { random: new RandomStream(0, 'init'), dropoutRandom: new RandomStream(0, 'dropout') };
  const shared = { vocabularySize, embeddingSize, numLayers, dropout: 0, ...streams };
  return cell === 'transformer'
    ? new TransformerLM({
        ...shared,
        numHeads,
        contextSize,
        feedForwardSize: hiddenSize,
        positions: positions!,
      })
    : new CharLM({ ...shared, cell, hiddenSize });
}

/**
 * Biases of queries and values. A bias of all keys adds the same to every score of a query, which softmax takes out: its
 * gradient is rounding alone, and Adam makes steps of rounding.
 */
function withoutKeys(bias: Float64Array): Float64Array {
  const third = bias.length / 3;
  return Float64Array.of(...bias.subarray(0, third), ...bias.subarray(2 * third));
}

describe.each(['f32', 'f64'] as const)('language models, 50 steps beside PyTorch, %s', (precision) => {
  beforeAll(async () => {
    await init({ precision });
  });

  it.each(fixtures<Config>('language-models'))('$name', (fixture) => {
    const model = modelOf(fixture);
    const names = fixture.names('in.weight.');
    expect([...model.namedParameters().keys()].sort()).toEqual(names.sort());
    model.loadStateDict(new Map(names.map((name) => [name, fixture.get(`in.weight.${name}`)])));
    const { learningRate, weightDecay, labelSmoothing } = fixture.config;
    const optimiser = new optim.AdamW(model, { learningRate, weightDecay });
    const losses = fixture.get(`${precision}.losses`).data;
    expect(losses.length).toBe(50);
    const [, T, B] = fixture.get('in.x').shape as [number, number, number];
    const at = (name: string, step: number) =>
      ids(fixture.get(name).data.subarray(step * T * B, (step + 1) * T * B), [T, B]);
    for (const [step, expected] of losses.entries()) {
      scope(() => {
        optimiser.zeroGrad();
        const { logits } = model.forward(at('in.x', step));
        const loss = crossEntropy(logits, at('in.targets', step), { labelSmoothing });
        backward(loss);
        if (step === 0) {
          expectClose(logits.data, fixture.get(`${precision}.logits`), TOLERANCE[precision], 'logits');
          for (const [name, { grad }] of model.namedParameters()) {
            expectClose(grad!.data, fixture.get(`${precision}.grad.${name}`), TOLERANCE[precision], name);
          }
        }
        optimiser.step();
        expect(Math.abs(loss.item() - expected), `loss of step ${step + 1}`).toBeLessThanOrEqual(
          LIMITS[precision],
        );
      });
    }
    for (const [name, parameter] of model.namedParameters()) {
      const { data, shape } = fixture.get(`${precision}.weight.${name}`);
      const part = name.endsWith('in_proj_bias') ? withoutKeys : <A>(all: A): A => all;
      expectClose(
        part(parameter.data as Float64Array),
        { data: part(data as Float64Array), shape },
        LIMITS[precision],
        `final ${name}`,
      );
    }
    optimiser.dispose();
  });
});
