// The workloads in jax-js: `loss(params, batch)` and `forward(params)`, arrays by the problem's names. `times(x, w)` is
// x W^T whatever way the weights lie. Every function owns its arguments: jax-js's rule, hence the many `.ref`.
import { lax, nn, numpy as np, tree } from '@jax-js/jax';

// dotProductAttention uses iterator helpers, which Node has from 22 on.
const iterators = Object.getPrototypeOf(Object.getPrototypeOf([].values()));
iterators.map ??= function* map(convert) {
  for (const item of this) yield convert(item);
};
iterators.filter ??= function* filter(wanted) {
  for (const item of this) if (wanted(item)) yield item;
};

/** Rows of the table [V, E], all steps at once: taken step by step, the gradient does not compile. */
const embedding = (table, ids) => np.take(table, ids, 0);

/** Sum over rows of -ln softmax(logits)[target]. */
const crossEntropy = (logits, targets, V) =>
  nn
    .logSoftmax(logits)
    .mul(lax.stopGradient(nn.oneHot(targets, V)))
    .sum()
    .neg();

/** The weights under `prefix`: `{ ih, hh, biasIh, biasHh }`, and how their names end. */
const recurrent = (params, prefix, suffix) => ({
  ih: params[`${prefix}.weight_ih${suffix}`],
  hh: params[`${prefix}.weight_hh${suffix}`],
  biasIh: params[`${prefix}.bias_ih${suffix}`],
  biasHh: params[`${prefix}.bias_hh${suffix}`],
});

/** Block k of H columns of z; leaves z to the caller. */
const block = (z, k, H) => z.ref.slice([], [k * H, (k + 1) * H]);

/** One step of each cell: (w, x [B, I], state, H) -> next state; state[0] is h [B, H]. */
function cells(times) {
  const sum = (w, x, h) => times(x, w.ih.ref).add(times(h, w.hh.ref)).add(w.biasIh.ref).add(w.biasHh.ref);
  return {
    rnn: { states: 1, step: (w, x, [h]) => [np.tanh(sum(w, x, h))] },
    gru: {
      states: 1,
      step(w, x, [h], H) {
        const a = times(x, w.ih.ref).add(w.biasIh.ref);
        const b = times(h.ref, w.hh.ref).add(w.biasHh.ref);
        const r = nn.sigmoid(block(a, 0, H).add(block(b, 0, H)));
        const z = nn.sigmoid(block(a, 1, H).add(block(b, 1, H)));
        const n = np.tanh(block(a, 2, H).add(r.mul(block(b, 2, H))));
        tree.dispose([a, b]);
        return [n.ref.add(z.mul(h.sub(n)))];
      },
    },
    lstm: {
      states: 2,
      step(w, x, [h, c], H) {
        const z = sum(w, x, h);
        const [i, f, g, o] = [0, 1, 2, 3].map((k) => block(z, k, H));
        z.dispose();
        const next = nn
          .sigmoid(f)
          .mul(c)
          .add(nn.sigmoid(i).mul(np.tanh(g)));
        return [nn.sigmoid(o).mul(np.tanh(next.ref)), next];
      },
    },
  };
}

const zeroState = ({ states }, B, H) => Array.from({ length: states }, () => np.zeros([B, H]));

/** Hoisting the input products or the logits out of the loop over time is slower here. */
function charLM({ cell: name, T, B, V, H }, times) {
  const cell = cells(times)[name];
  return {
    loss(params, { x, targets }) {
      const inputs = embedding(params['embedding.weight'].ref, x);
      const w = recurrent(params, name, '_l0');
      let state = zeroState(cell, B, H);
      let total = np.zeros([]);
      for (let t = 0; t < T; t++) {
        state = cell.step(w, inputs.ref.slice(t), state, H);
        const logits = times(state[0].ref, params['head.weight'].ref).add(params['head.bias'].ref);
        total = total.add(crossEntropy(logits, targets.ref.slice(t), V));
      }
      tree.dispose([state, inputs, targets, params]);
      return total.div(T * B);
    },
  };
}

function forecast({ cell: name, T, B, I, H }, times) {
  const cell = cells(times)[name];
  return {
    loss(params, { x, targets }) {
      const w = recurrent(params, name, '_l0');
      let state = zeroState(cell, B, H);
      let total = np.zeros([]);
      for (let t = 0; t < T; t++) {
        state = cell.step(w, x.ref.slice(t), state, H);
        const y = times(state[0].ref, params['head.weight'].ref).add(params['head.bias'].ref);
        total = total.add(np.square(y.sub(targets.ref.slice(t))).sum());
      }
      tree.dispose([state, x, targets, params]);
      return total.div(T * B * I);
    },
  };
}

/** Padded steps keep the state, so that the reverse direction starts at every row's own end. */
function sentiment({ T, B, H }, times) {
  const { lstm } = cells(times);
  const lastState = (w, inputs, lengths, order) => {
    let state = zeroState(lstm, B, H);
    for (const t of order) {
      const inside = lengths.ref.greater(t).reshape([B, 1]);
      const next = lstm.step(w, inputs.ref.slice(t), tree.ref(state), H);
      state = next.map((value, i) => np.where(inside.ref, value, state[i]));
      inside.dispose();
    }
    state[1].dispose();
    return state[0];
  };
  return {
    loss(params, { x, lengths, labels }) {
      const inputs = embedding(params['embedding.weight'].ref, x);
      const steps = Array.from({ length: T }, (_, t) => t);
      const forward = lastState(recurrent(params, 'lstm', '_l0'), inputs, lengths, steps);
      const reverse = lastState(recurrent(params, 'lstm', '_l0_reverse'), inputs, lengths, steps.reverse());
      const features = np.concatenate([forward, reverse], 1);
      const z = times(features, params['head.weight'].ref).add(params['head.bias'].ref).reshape([B]);
      tree.dispose([inputs, lengths, params]);
      return nn.softplus(z.ref).sub(z.mul(labels)).mean();
    },
  };
}

function seq2seq({ S, T, B, V, H }, times) {
  const { gru } = cells(times);
  return {
    loss(params, { source, input, targets }) {
      const inputs = embedding(params['source_embedding.weight'].ref, source);
      const encoder = recurrent(params, 'encoder', '_l0');
      let state = zeroState(gru, B, H);
      const states = [];
      for (let s = 0; s < S; s++) {
        state = gru.step(encoder, inputs.ref.slice(s), state, H);
        states.push(state[0].ref);
      }
      const memory = np.stack(states, 1);
      const keys = times(memory.ref, params['attention.key.weight'].ref);
      const outputs = embedding(params['target_embedding.weight'].ref, input);
      const decoder = recurrent(params, 'decoder', '_l0');
      let total = np.zeros([]);
      for (let t = 0; t < T; t++) {
        const query = times(state[0].ref, params['attention.query.weight'].ref).reshape([B, 1, H]);
        const scores = times(np.tanh(query.add(keys.ref)), params['attention.score.weight'].ref);
        const weights = nn.softmax(scores.reshape([B, 1, S]));
        const context = np.matmul(weights, memory.ref).reshape([B, H]);
        state = gru.step(decoder, np.concatenate([outputs.ref.slice(t), context], 1), state, H);
        const logits = times(state[0].ref, params['head.weight'].ref).add(params['head.bias'].ref);
        total = total.add(crossEntropy(logits, targets.ref.slice(t), V));
      }
      tree.dispose([state, memory, keys, inputs, outputs, targets, params]);
      return total.div(T * B);
    },
  };
}

function attention({ B, T, heads, D }, times) {
  const forward = ({ x, in_proj_weight: w, in_proj_bias: b, ...out }) => {
    const projected = times(x, w)
      .add(b)
      .reshape([B, T, 3, heads, D / heads]);
    const [q, k, v] = [0, 1, 2].map((part) => projected.ref.slice([], [], part));
    projected.dispose();
    const mixed = nn.dotProductAttention(q, k, v).reshape([B, T, D]);
    return times(mixed, out['out_proj.weight']).add(out['out_proj.bias']);
  };
  return {
    forward,
    // Two means: its single sum over a million numbers is off by 1e-4.
    loss: (params, { targets }) => np.square(forward(params).sub(targets)).mean(-1).mean(),
  };
}

export const MODELS = { 'char-lm': charLM, forecast, sentiment, seq2seq, attention };
