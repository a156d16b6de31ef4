/** Bias and variance of the estimators of dL/ds on a drawn problem, relative to the exact gradient. */
import {
  type ChoiceProblem,
  expectedLossGradient,
  gumbelOutcomes,
  moments,
  type Outcome,
  outcomesOf,
  throughSoftmax,
} from '../homework/attention/estimators.js';
import { gumbelOf } from '../homework/attention/gumbel.js';
import { softmax } from '../homework/attention/weights.js';
import type { Bilingual } from '../homework/bank/types.js';
import { RandomStream } from '../random.js';
import { type AttentionProblem, lossesOf, SIZE, scoresOf } from './attention-problem.js';

export interface EstimatorRow {
  readonly name: Bilingual;
  /** |E[g] - dL/ds| / |dL/ds| */
  readonly bias: number;
  /** E[|g - E[g]|^2] / |dL/ds|^2 */
  readonly variance: number;
}

const SAMPLES = 4000;

export function estimatorRows(problem: AttentionProblem, seed: number): EstimatorRow[] {
  const choice = choiceOf(problem);
  const exact = expectedLossGradient(choice.scores, lossesOf(problem));
  const p = softmax(choice.scores);
  const rows: [Bilingual, Outcome[]][] = [
    [{ fa: 'argmax', en: 'argmax' }, outcomesOf.argmax(choice)],
    [{ fa: 'softmax', en: 'softmax' }, [{ weight: 1, gradient: throughSoftmax(choice, p, p) }]],
    [
      { fa: 'straight-through روی argmax', en: 'straight-through of the argmax' },
      outcomesOf['straight-through'](choice),
    ],
    [
      { fa: 'straight-through با نمونه', en: 'straight-through of a draw' },
      outcomesOf['straight-through-sample'](choice),
    ],
    [{ fa: 'REINFORCE', en: 'REINFORCE' }, outcomesOf.reinforce(choice)],
    [
      { fa: 'REINFORCE با خط مبنا', en: 'REINFORCE with a baseline' },
      outcomesOf['reinforce-baseline'](choice),
    ],
    ...[1, 0.3].map((temperature): [Bilingual, Outcome[]] => [
      { fa: `Gumbel-softmax، دمای ${temperature}`, en: `Gumbel-softmax, temperature ${temperature}` },
      gumbelOutcomes(choice, gumbelNoise(choice, temperature, seed), temperature, false),
    ]),
  ];
  const size = Math.hypot(...exact);
  return rows.map(([name, outcomes]) => {
    const { mean, variances } = moments(outcomes);
    return {
      name,
      bias: Math.hypot(...mean.map((entry, j) => entry - exact[j]!)) / size,
      variance: variances.reduce((sum, variance) => sum + variance, 0) / size ** 2,
    };
  });
}

function choiceOf(problem: AttentionProblem): ChoiceProblem {
  const scores = scoresOf(problem);
  const values = scores.map((_, i) => Array.from(problem.values.subarray(i * SIZE, (i + 1) * SIZE)));
  return { scores, values, target: values[problem.wanted]! };
}

function gumbelNoise({ scores }: ChoiceProblem, temperature: number, seed: number): number[][] {
  const random = new RandomStream(seed, `experiment.gumbel.${temperature}`);
  return Array.from({ length: SAMPLES }, () => scores.map(() => gumbelOf(random.word())));
}
