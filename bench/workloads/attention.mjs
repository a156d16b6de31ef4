// One self-attention layer of `heads` heads: projections of x [B, T, D] to queries, keys and values (with biases),
// softmax(Q K^T / sqrt(D / heads)) V, output projection; mean squared error against `targets` [B, T, D]. There is one
// batch, and x learns like a weight, so that later losses prove its gradient too.
export const attention = {
  name: 'attention',
  /** Projections, scores and weighted sums; `inference` has no gradients. */
  products: ({ B, T, D }, training) => (training === 'inference' ? 1 : 3) * B * T * D * (4 * D + 2 * T),
  weights({ B, T, D }) {
    const bound = Math.sqrt(3 / D);
    return {
      x: { shape: [B, T, D], bound: 1 },
      in_proj_weight: { shape: [3 * D, D], bound },
      in_proj_bias: { shape: [3 * D], bound: 0.1 },
      'out_proj.weight': { shape: [D, D], bound },
      'out_proj.bias': { shape: [D], bound: 0.1 },
    };
  },
  batches: ({ B, T, D }, draw) => ({ targets: { shape: [B, T, D], data: draw(B * T * D, 1) } }),
};
