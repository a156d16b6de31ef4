/** Sequence classifiers and taggers beside PyTorch: first logits and gradients, fifty losses, final weights. */
import { beforeAll, describe, expect, it } from 'vitest';
import {
  backward,
  crossEntropy,
  ids,
  init,
  optim,
  type Pooling,
  RandomStream,
  SequenceClassifier,
  type Steps,
  scope,
  Tagger,
  tensor,
} from '../src/index.js';
import { expectClose, type Fixture, fixtures, TOLERANCE } from './parity-fixtures.js';

interface Config {
  readonly task: 'classify' | 'tag';
  readonly cell: 'rnn' | 'gru' | 'lstm';
  readonly numLayers: number;
  readonly bidirectional: boolean;
  readonly pooling: Pooling | null;
  readonly numClasses: number;
  readonly hiddenSize: number;
  readonly learningRate: number;
  readonly vocabularySize?: number;
  readonly embeddingSize?: number;
  readonly inputSize?: number;
}

/** Largest difference of a loss; of a final weight relative to the largest entry of its tensor. */
const LIMITS = { f32: 1e-4, f64: 1e-9 } as const;

function modelOf(config: Config): SequenceClassifier | Tagger {
  const { task, pooling, inputSize, vocabularySize, embeddingSize, ...rest } = config;
  const steps =
    inputSize === undefined
      ? { vocabularySize: vocabularySize!, embeddingSize: embeddingSize! }
      : { inputSize };
  const streams = { random: new RandomStream(0, 'init'), dropoutRandom: new RandomStream(0, 'dropout') };
  const options = { ...steps, ...rest, ...streams };
  return task === 'tag' ? new Tagger(options) : new SequenceClassifier({ ...options, pooling: pooling! });
}

/** Entry `step` of a tensor whose first axis is steps. */
function at(fixture: Fixture, name: string, step: number) {
  const { data, shape } = fixture.get(name);
  const rest = shape.slice(1);
  const size = data.length / shape[0]!;
  const part = data.subarray(step * size, (step + 1) * size);
  return part instanceof Int32Array ? ids(part, rest) : tensor(part, rest);
}

describe.each(['f32', 'f64'] as const)('models, 50 steps beside PyTorch, %s', (precision) => {
  beforeAll(async () => {
    await init({ precision });
  });

  it.each(fixtures<Config>('models'))('$name', (fixture) => {
    const model = modelOf(fixture.config);
    const names = fixture.names('in.weight.');
    expect([...model.namedParameters().keys()].sort()).toEqual(names.sort());
    model.loadStateDict(new Map(names.map((name) => [name, fixture.get(`in.weight.${name}`)])));
    const optimiser = new optim.Adam(model, { learningRate: fixture.config.learningRate });
    const losses = fixture.get(`${precision}.losses`).data;
    for (const [step, expected] of losses.entries()) {
      scope(() => {
        optimiser.zeroGrad();
        const logits = model.forward(
          at(fixture, 'in.x', step) as Steps,
          at(fixture, 'in.lengths', step).data as Int32Array,
        );
        const loss = crossEntropy(logits, at(fixture, 'in.targets', step));
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
      expectClose(
        parameter.data,
        fixture.get(`${precision}.weight.${name}`),
        LIMITS[precision],
        `final ${name}`,
      );
    }
    optimiser.dispose();
  });
});
