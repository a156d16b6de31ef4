// The workloads in tf.layers, where it has the layers: `loss(batch)` and `variables`. A recurrent layer has one bias.
import * as tf from '@tensorflow/tfjs';

/** A recurrent layer with PyTorch's gate order and activations. */
function recurrent(cell, units, returnSequences, inputShape) {
  const options = {
    units,
    inputShape,
    returnSequences,
    recurrentActivation: 'sigmoid',
    // The default, orthogonal, takes long and is overwritten anyway.
    recurrentInitializer: 'zeros',
  };
  if (cell === 'lstm') return tf.layers.lstm(options);
  if (cell === 'rnn') return tf.layers.simpleRNN({ ...options, activation: 'tanh' });
  // PyTorch's GRU resets after the product with the hidden state; without `resetAfter` it is another net.
  return tf.layers.gru({ ...options, resetAfter: true });
}

const recurrentWeights = (w, prefix, suffix = '_l0') => [
  w[`${prefix}.weight_ih${suffix}`],
  w[`${prefix}.weight_hh${suffix}`],
  w[`${prefix}.bias_ih${suffix}`].add(w[`${prefix}.bias_hh${suffix}`]),
];

/** A sequential model whose layers get their weights once it is built. */
function sequential(layers, weights) {
  const model = tf.sequential({ layers });
  for (const [i, values] of weights.entries()) layers[i].setWeights(values);
  return { model, variables: model.trainableWeights.map((weight) => weight.val), biases: 1 };
}

function charLM({ cell, V, E, H, T, B }, w) {
  const { model, ...rest } = sequential(
    [
      tf.layers.dense({ units: E, useBias: false, inputShape: [T, V] }),
      recurrent(cell, H, true),
      tf.layers.dense({ units: V }),
    ],
    [[w['embedding.weight']], recurrentWeights(w, cell), [w['head.weight'], w['head.bias']]],
  );
  return {
    ...rest,
    loss({ x, targets }) {
      const logits = model.apply(tf.oneHot(x.transpose(), V), { training: true });
      const labels = tf.oneHot(targets.transpose().reshape([B * T]), V);
      return tf.losses.softmaxCrossEntropy(labels, logits.reshape([B * T, V]));
    },
  };
}

function forecast({ cell, I, H, T }, w) {
  const { model, ...rest } = sequential(
    [recurrent(cell, H, true, [T, I]), tf.layers.dense({ units: I })],
    [recurrentWeights(w, cell), [w['head.weight'], w['head.bias']]],
  );
  return {
    ...rest,
    loss({ x, targets }) {
      const y = model.apply(x.transpose([1, 0, 2]), { training: true });
      return tf.losses.meanSquaredError(targets.transpose([1, 0, 2]), y);
    },
  };
}

/** Padding is a row of zeros, which the first layer masks. */
function sentiment({ V, E, H, T, B }, w) {
  const { model, ...rest } = sequential(
    [
      tf.layers.masking({ maskValue: 0, inputShape: [T, V] }),
      tf.layers.dense({ units: E, useBias: false }),
      tf.layers.bidirectional({ layer: recurrent('lstm', H, false), mergeMode: 'concat' }),
      tf.layers.dense({ units: 1 }),
    ],
    [
      [],
      [w['embedding.weight']],
      [...recurrentWeights(w, 'lstm'), ...recurrentWeights(w, 'lstm', '_l0_reverse')],
      [w['head.weight'], w['head.bias']],
    ],
  );
  return {
    ...rest,
    loss({ x, lengths, labels }) {
      const rows = tf.where(
        tf
          .range(0, T, 1, 'int32')
          .reshape([1, T])
          .less(lengths.reshape([B, 1])),
        x.transpose(),
        -1,
      );
      const z = model.apply(tf.oneHot(rows, V), { training: true });
      return tf.losses.sigmoidCrossEntropy(labels.reshape([B, 1]), z);
    },
  };
}

const noAttention = () => {
  throw new Error('tf.layers has no attention layer');
};

export const LAYERS = {
  'char-lm': charLM,
  forecast,
  sentiment,
  seq2seq: noAttention,
  attention: noAttention,
};
