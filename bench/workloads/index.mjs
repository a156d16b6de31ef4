// Every workload by name: its family, sizes, kind of step, and what the project promises about it. `torch` bounds the
// time beside PyTorch on one thread (strict and fused build), `javascript` the speed beside the best JavaScript library.
// A family's `products` counts the multiply-adds of a step's matrix products.
import { attention } from './attention.mjs';
import { charLM } from './char-lm.mjs';
import { forecast } from './forecast.mjs';
import { sentiment } from './sentiment.mjs';
import { seq2seq } from './seq2seq.mjs';

/** Kinds of step; what they time. */
export const TRAINING = {
  adam: 'forward, loss, backward, clip to norm 1, Adam',
  gradient: 'forward, loss, backward',
  inference: 'forward without gradients',
};

const ADAM = { lr: 2e-3, beta1: 0.9, beta2: 0.999, eps: 1e-8, clip: 1 };
const adam = (family, sizes, torch) => ({
  family,
  training: 'adam',
  sizes: { ...sizes, batches: 4 },
  optimiser: ADAM,
  goals: { torch, javascript: 6 },
});
/** After a timed gradient an untimed step of plain gradient descent. */
const gradient = (sizes, torch) => ({
  family: attention,
  training: 'gradient',
  sizes,
  optimiser: { lr: 10 },
  goals: { torch, javascript: 6 },
});
const inference = (sizes) => ({
  family: attention,
  training: 'inference',
  sizes,
  optimiser: {},
  goals: { javascript: 2 },
});

const CHARACTERS = { T: 64, B: 32, V: 65, E: 64, H: 256 };
const SHORT = { T: 128, B: 8, heads: 4, D: 128 };
const LONG = { T: 512, B: 4, heads: 8, D: 512 };

export const WORKLOADS = {
  lstm: adam(charLM, { cell: 'lstm', ...CHARACTERS }, { strict: 1.9, relaxed: 1.7 }),
  gru: adam(charLM, { cell: 'gru', ...CHARACTERS }, { strict: 1.9, relaxed: 1.7 }),
  rnn: adam(charLM, { cell: 'rnn', ...CHARACTERS }, { strict: 1.9, relaxed: 1.7 }),
  'lstm-small': adam(forecast, { cell: 'lstm', T: 32, B: 16, I: 32, H: 64 }, { strict: 1.5, relaxed: 1.5 }),
  'lstm-large': adam(
    charLM,
    { cell: 'lstm', T: 128, B: 64, V: 65, E: 256, H: 512 },
    { strict: 2.2, relaxed: 2 },
  ),
  sentiment: adam(sentiment, { T: 100, B: 32, V: 5000, E: 64, H: 64 }, { strict: 1.5, relaxed: 1.5 }),
  seq2seq: adam(seq2seq, { S: 24, T: 12, B: 32, V: 40, E: 64, H: 128 }, { strict: 1.5, relaxed: 1.5 }),
  attention: gradient(SHORT, { strict: 1.6, relaxed: 1.5 }),
  'attention-long': gradient(LONG, { strict: 1.8, relaxed: 1.65 }),
  'attention-inference': inference(SHORT),
  'attention-long-inference': inference(LONG),
};
