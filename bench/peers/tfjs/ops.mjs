// The workloads in tf ops: `loss(batch)`, `forward()` and `variables`. Time first, so that a step is a block of rows.
import * as tf from '@tensorflow/tfjs';

/** A matrix product whose gradient transposes first: the wasm backend's product of transposed operands is slow. */
const product = tf.customGrad((a, b, save) => {
  save([a, b]);
  return {
    value: tf.matMul(a, b),
    gradFunc: (dy, [left, right]) => [tf.matMul(dy, right.transpose()), tf.matMul(left.transpose(), dy)],
  };
});

/** Rows of the table by ids; the wasm backend lacks the gradient (UnsortedSegmentSum), but can scatter. */
const lookUp = tf.customGrad((table, ids, save) => {
  save([ids]);
  const { shape } = table;
  return {
    value: tf.gather(table, ids),
    gradFunc: (dy, [rows]) => [tf.scatterND(rows.expandDims(1), dy, shape), tf.zerosLike(rows)],
  };
});

/** Ids of any shape -> [size, E]. */
const embedding = (table, ids) => lookUp(table, ids.flatten());

const recurrent = (v, prefix, suffix = '_l0') => ({
  ih: v[`${prefix}.weight_ih${suffix}`],
  hh: v[`${prefix}.weight_hh${suffix}`],
  biasIh: v[`${prefix}.bias_ih${suffix}`],
  biasHh: v[`${prefix}.bias_hh${suffix}`],
});

const blocks = (z, count) => tf.split(z, count, 1);

/** A step of each cell: (input products [B, G*H] with their bias, w, state) -> next state; state[0] is h [B, H]. */
const CELLS = {
  rnn: { states: 1, step: (a, w, [h]) => [a.add(product(h, w.hh)).add(w.biasHh).tanh()] },
  gru: {
    states: 1,
    step(a, w, [h]) {
      const [ar, az, an] = blocks(a, 3);
      const [br, bz, bn] = blocks(product(h, w.hh).add(w.biasHh), 3);
      const r = ar.add(br).sigmoid();
      const z = az.add(bz).sigmoid();
      const n = an.add(r.mul(bn)).tanh();
      return [n.add(z.mul(h.sub(n)))];
    },
  },
  lstm: {
    states: 2,
    step(a, w, [h, c]) {
      const [i, f, g, o] = blocks(a.add(product(h, w.hh)).add(w.biasHh), 4);
      const next = f.sigmoid().mul(c).add(i.sigmoid().mul(g.tanh()));
      return [o.sigmoid().mul(next.tanh()), next];
    },
  },
};

const zeroState = ({ states }, B, H) => Array.from({ length: states }, () => tf.zeros([B, H]));

/** Input products of all steps in one, then the recurrence: x [T*B, I] -> h of each step. */
function unroll(cell, x, w, T, B, H) {
  let state = zeroState(cell, B, H);
  return tf.split(product(x, w.ih).add(w.biasIh), T, 0).map((a) => {
    state = cell.step(a, w, state);
    return state[0];
  });
}

const linear = (x, v, name) => product(x, v[`${name}.weight`]).add(v[`${name}.bias`]);
const crossEntropy = (logits, targets, V) =>
  tf.losses.softmaxCrossEntropy(tf.oneHot(targets.flatten(), V), logits);

function charLM({ cell, V, H, T, B }, v) {
  return ({ x, targets }) => {
    const inputs = embedding(v['embedding.weight'], x);
    const output = unroll(CELLS[cell], inputs, recurrent(v, cell), T, B, H);
    return crossEntropy(linear(tf.concat(output, 0), v, 'head'), targets, V);
  };
}

function forecast({ cell, I, H, T, B }, v) {
  return ({ x, targets }) => {
    const output = unroll(CELLS[cell], x.reshape([T * B, I]), recurrent(v, cell), T, B, H);
    return tf.losses.meanSquaredError(targets.reshape([T * B, I]), linear(tf.concat(output, 0), v, 'head'));
  };
}

/** Padded steps keep the state, so that the reverse direction starts at every row's own end. */
function sentiment({ T, B, H }, v) {
  const lastState = (inputs, inside, w, reverse) => {
    const products = tf.split(product(inputs, w.ih).add(w.biasIh), T, 0);
    const steps = products.map((_, t) => (reverse ? T - 1 - t : t));
    let state = zeroState(CELLS.lstm, B, H);
    for (const t of steps) {
      const next = CELLS.lstm.step(products[t], w, state);
      state = next.map((value, i) => state[i].add(inside[t].mul(value.sub(state[i]))));
    }
    return state[0];
  };
  return ({ x, lengths, labels }) => {
    const inputs = embedding(v['embedding.weight'], x);
    const masks = tf
      .range(0, T, 1, 'int32')
      .reshape([T, 1, 1])
      .less(lengths.reshape([1, B, 1]));
    const inside = tf.unstack(masks.toFloat(), 0);
    const features = tf.concat(
      [
        lastState(inputs, inside, recurrent(v, 'lstm'), false),
        lastState(inputs, inside, recurrent(v, 'lstm', '_l0_reverse'), true),
      ],
      1,
    );
    return tf.losses.sigmoidCrossEntropy(labels, linear(features, v, 'head').reshape([B]));
  };
}

function seq2seq({ S, T, B, V, H }, v) {
  return ({ source, input, targets }) => {
    const encoded = embedding(v['source_embedding.weight'], source);
    const states = unroll(CELLS.gru, encoded, recurrent(v, 'encoder'), S, B, H);
    const memory = tf.stack(states, 1);
    const keys = product(memory.reshape([B * S, H]), v['attention.key.weight']).reshape([B, S, H]);
    const w = recurrent(v, 'decoder');
    const inputs = tf.split(embedding(v['target_embedding.weight'], input), T, 0);
    let state = [states.at(-1)];
    const output = inputs.map((x) => {
      const query = product(state[0], v['attention.query.weight']).reshape([B, 1, H]);
      const hidden = query
        .add(keys)
        .tanh()
        .reshape([B * S, H]);
      const weights = product(hidden, v['attention.score.weight']).reshape([B, S]).softmax();
      const context = weights.reshape([B, S, 1]).mul(memory).sum(1);
      const a = product(tf.concat([x, context], 1), w.ih).add(w.biasIh);
      state = CELLS.gru.step(a, w, state);
      return state[0];
    });
    return crossEntropy(linear(tf.concat(output, 0), v, 'head'), targets, V);
  };
}

/** Transposing the products of the heads explicitly is no faster. */
function attention({ B, T, heads, D }, v) {
  const forward = () => {
    const projected = product(v.x.reshape([B * T, D]), v.in_proj_weight).add(v.in_proj_bias);
    const [q, k, value] = tf.unstack(
      projected.reshape([B, T, 3, heads, D / heads]).transpose([2, 0, 3, 1, 4]),
      0,
    );
    const weights = tf
      .matMul(q, k, false, true)
      .mul(1 / Math.sqrt(D / heads))
      .softmax();
    const mixed = tf
      .matMul(weights, value)
      .transpose([0, 2, 1, 3])
      .reshape([B * T, D]);
    return linear(mixed, v, 'out_proj');
  };
  return {
    forward,
    // Two means: its single sum over a million numbers is off by 1e-4.
    loss: ({ targets }) =>
      tf
        .squaredDifference(forward(), targets.reshape([B * T, D]))
        .mean(-1)
        .mean(),
  };
}

/** Weights become variables, under their own names. */
const trained = (family) => (problem, weights) => {
  const v = Object.fromEntries(Object.entries(weights).map(([name, value]) => [name, tf.variable(value)]));
  const model = family(problem, v);
  return { variables: Object.values(v), ...(typeof model === 'function' ? { loss: model } : model) };
};

export const OPS = {
  'char-lm': trained(charLM),
  forecast: trained(forecast),
  sentiment: trained(sentiment),
  seq2seq: trained(seq2seq),
  attention: trained(attention),
};
