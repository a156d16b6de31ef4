/** Attention and the modules on it against PyTorch: outputs, weights and every gradient, in both precisions. */
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type AttentionMode,
  add,
  attention,
  backward,
  ids,
  init,
  mul,
  nn,
  scope,
  sum,
  type Tensor,
  tensor,
} from '../src/index.js';
import { expectClose, type Fixture, fixtures, type Precision, TOLERANCE } from './parity-fixtures.js';

type Cube = Tensor<[number, number, number]>;
type T4 = Tensor<[number, number, number, number]>;
type Inputs = Readonly<Record<string, Tensor>>;

/** The inputs that are no weights of `module`: reals as leaves, the others as ids. */
function inputsOf(fixture: Fixture, module?: nn.Module): Inputs {
  const parameters = module?.namedParameters() ?? new Map();
  const names = fixture.names('in.').filter((name) => !name.startsWith('w_') && !parameters.has(name));
  return Object.fromEntries(
    names.map((name) => {
      const { data, shape } = fixture.get(`in.${name}`);
      return [
        name,
        data instanceof Int32Array ? ids(data, shape) : tensor(data, shape, { requiresGrad: true }),
      ];
    }),
  );
}

function load<M extends nn.Module>(fixture: Fixture, module: M): M {
  const names = [...module.namedParameters().keys()];
  module.loadStateDict(new Map(names.map((name) => [name, fixture.get(`in.${name}`)])));
  return module;
}

/** Weigh the outputs, go back, and compare outputs and every gradient. */
function compare(
  fixture: Fixture,
  precision: Precision,
  outputs: Readonly<Record<string, Tensor>>,
  leaves: Inputs,
  module?: nn.Module,
): void {
  const weigh = ([name, output]: [string, Tensor]): Tensor<[]> =>
    sum(mul(output, tensor(fixture.get(`in.w_${name}`).data, output.shape)));
  backward(
    Object.entries(outputs)
      .map(weigh)
      .reduce((total, term) => add(total, term)),
  );
  const close = (actual: Tensor, key: string): void =>
    expectClose(
      actual.data,
      fixture.get(`${precision}.${key}`),
      TOLERANCE[precision],
      `${fixture.name} ${precision} ${key}`,
    );
  for (const [name, output] of Object.entries(outputs)) close(output, name);
  const all = [...Object.entries(leaves), ...(module?.namedParameters() ?? [])];
  const learning = all.filter(([, leaf]) => leaf.requiresGrad);
  expect(fixture.names(`${precision}.grad.`).sort()).toEqual(learning.map(([name]) => name).sort());
  for (const [name, leaf] of learning) close(leaf.grad!, `grad.${name}`);
}

/** What hides keys in a fixture, as options of attention. */
const hiding = ({ mask, lengths }: Inputs, { causal = false }: { causal?: boolean }) => ({
  causal,
  mask,
  keyLengths: lengths as Tensor<[number]> | undefined,
});

function runModule<M extends nn.Module>(
  fixture: Fixture,
  precision: Precision,
  module: M,
  forward: (module: M, inputs: Inputs) => Readonly<Record<string, Tensor>>,
): void {
  load(fixture, module);
  scope(() => {
    const inputs = inputsOf(fixture, module);
    compare(fixture, precision, forward(module, inputs), inputs, module);
  });
  module.dispose();
}

interface MultiHeadConfig {
  readonly embeddingSize: number;
  readonly numHeads: number;
  readonly keySize: number | null;
  readonly valueSize: number | null;
  readonly bias: boolean;
  readonly causal: boolean;
}

interface DecoderConfig {
  readonly score: 'additive' | nn.DotScore;
  readonly querySize: number;
  readonly keySize: number;
  readonly attentionSize: number;
}

interface BlockConfig {
  readonly embeddingSize: number;
  readonly numHeads: number;
  readonly feedForwardSize: number;
  readonly norm: 'pre' | 'post';
}

describe.each(['f32', 'f64'] as const)('attention parity with PyTorch, %s', (precision) => {
  beforeAll(async () => {
    await init({ precision });
  });

  it.each(fixtures<{ causal: boolean }>('attention'))('$name', (fixture) =>
    scope(() => {
      const inputs = inputsOf(fixture);
      const { q, k, v } = inputs as Readonly<Record<string, T4>>;
      const { output } = attention(q!, k!, v!, hiding(inputs, fixture.config));
      compare(fixture, precision, { y: output }, inputs);
    }),
  );

  it.each(fixtures<{ mode: AttentionMode; temperature: number }>('attention-mode'))('$name', (fixture) =>
    scope(() => {
      const inputs = inputsOf(fixture);
      const { q, k, v } = inputs as Readonly<Record<string, T4>>;
      const { output, weights } = attention(q!, k!, v!, { ...fixture.config, returnWeights: true });
      compare(fixture, precision, { y: output, weights }, inputs);
    }),
  );

  it.each(fixtures<MultiHeadConfig>('multi-head-attention'))('$name', (fixture) => {
    const { embeddingSize, numHeads, keySize, valueSize, bias } = fixture.config;
    const sizes = { keySize: keySize ?? embeddingSize, valueSize: valueSize ?? embeddingSize };
    const module = new nn.MultiHeadAttention(embeddingSize, numHeads, { bias, ...sizes });
    runModule(fixture, precision, module, (attend, inputs) => {
      const { x, key, value } = inputs as Readonly<Record<string, Cube>>;
      const options = { ...hiding(inputs, fixture.config), returnWeights: true } as const;
      const { output, weights } = attend.forward(x!, key, value, options);
      return { y: output, weights };
    });
  });

  it.each(fixtures<DecoderConfig>('decoder-attention'))('$name', (fixture) => {
    const { score, querySize, keySize, attentionSize } = fixture.config;
    const module =
      score === 'additive'
        ? new nn.AdditiveAttention(querySize, keySize, attentionSize)
        : new nn.DotAttention({ score, querySize, keySize });
    runModule(fixture, precision, module, (attend, inputs) => {
      const { query, keys } = inputs as Readonly<Record<string, Cube>>;
      const options = { ...hiding(inputs, {}), returnWeights: true };
      const { output, weights } = attend.forward(query!, attend.memory(keys!), options);
      return { y: output, weights: weights! };
    });
  });

  it.each(fixtures<BlockConfig>('transformer-block'))('$name', (fixture) => {
    const { embeddingSize, numHeads, feedForwardSize, norm } = fixture.config;
    const module = new nn.TransformerBlock(embeddingSize, numHeads, { feedForwardSize, norm });
    runModule(fixture, precision, module, (block, { x }) => ({
      y: block.forward(x as Cube, { causal: true }).output,
    }));
  });
});
