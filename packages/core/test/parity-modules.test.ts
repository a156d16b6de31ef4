/** Every module has a reference: a forward pass and gradients that PyTorch computed, in both precisions. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as nn from '../src/nn/index.js';
import { type Fixture, fixtures } from './parity-fixtures.js';

interface Reference {
  /** Family of cases in fixtures/. */
  readonly family: string;
  /** Part of a case's name that tells the module's own cases. */
  readonly of?: RegExp;
  /** A gradient that only this module's backward can give. */
  readonly gradient: string;
}

const references: Readonly<Record<string, Reference>> = {
  AdditiveAttention: { family: 'decoder-attention', of: /additive/, gradient: 'score.weight' },
  AttentionPooling: { family: 'models', of: /classifier-attention/, gradient: 'attention.context' },
  DotAttention: { family: 'decoder-attention', of: /dot|scaled|general/, gradient: 'keys' },
  Embedding: { family: 'embedding', gradient: 'weight' },
  GRU: { family: 'recurrent', of: /\/gru/, gradient: 'weight_hh_l0' },
  LayerNorm: { family: 'layer-norm', of: /\/r\d+-c\d+$/, gradient: 'weight' },
  Linear: { family: 'linear', gradient: 'weight' },
  LSTM: { family: 'recurrent', of: /\/lstm/, gradient: 'weight_hh_l0' },
  MultiHeadAttention: { family: 'multi-head-attention', gradient: 'out_proj.weight' },
  Positions: { family: 'language-models', of: /transformer$/, gradient: 'position.weight' },
  RNN: { family: 'recurrent', of: /\/(rnn|tanh|relu)/, gradient: 'weight_hh_l0' },
  TransformerBlock: { family: 'transformer-block', gradient: 'self_attn.in_proj_weight' },
};

/** Identity outside training; inside, its random numbers are ours and layers.test.ts holds their statistics and gradient. */
const without = ['Dropout'];

const modules = Object.entries(nn)
  .filter(([, value]) => typeof value === 'function' && value.prototype instanceof nn.Module)
  .map(([name]) => name);

const suites = readdirSync(new URL('.', import.meta.url))
  .filter((name) => /^parity-.*\.test\.ts$/.test(name) && name !== 'parity-modules.test.ts')
  .map((name) => readFileSync(new URL(name, import.meta.url), 'utf8'))
  .join('\n');

test('no module is left out, and none is named that is not there', () => {
  expect([...Object.keys(references), ...without].sort()).toEqual([...modules].sort());
});

test.each(Object.entries(references))('%s', (_, { family, of, gradient }) => {
  const cases: Fixture[] = fixtures(family).filter(({ name }) => of?.test(name) ?? true);
  expect(cases.length).toBeGreaterThan(0);
  for (const fixture of cases) {
    for (const precision of ['f32', 'f64']) {
      expect(fixture.names(`${precision}.grad.`), fixture.name).toContain(gradient);
    }
  }
  expect(suites).toMatch(new RegExp(`['"\`]?${family}['"\`]?`));
});
