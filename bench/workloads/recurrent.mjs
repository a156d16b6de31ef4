// Names, shapes and bounds of a recurrent layer's weights, as PyTorch has them.

/** Blocks of H rows in a weight. */
export const GATES = { rnn: 1, gru: 3, lstm: 4 };

/** Weights of one direction: `{ name: { shape, bound } }`. */
export function recurrentWeights(cell, I, H, suffix = '_l0') {
  const G = GATES[cell];
  const bound = 1 / Math.sqrt(H);
  return {
    [`weight_ih${suffix}`]: { shape: [G * H, I], bound },
    [`weight_hh${suffix}`]: { shape: [G * H, H], bound },
    [`bias_ih${suffix}`]: { shape: [G * H], bound },
    [`bias_hh${suffix}`]: { shape: [G * H], bound },
  };
}

/** The same weights with every name under `prefix`. */
export const under = (prefix, weights) =>
  Object.fromEntries(Object.entries(weights).map(([name, value]) => [`${prefix}.${name}`, value]));

/** Weights of a linear layer with bias. */
export function linearWeights(I, O) {
  const bound = 1 / Math.sqrt(I);
  return { weight: { shape: [O, I], bound }, bias: { shape: [O], bound } };
}
