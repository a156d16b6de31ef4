/** Question 3b, trained: with argmax the query and the keys never move; with each remedy they learn. */
import type { Bilingual } from '../homework/bank/types.js';
import { attention } from '../ops/attention.js';
import type { AttentionMode } from '../ops/attention-options.js';
import { scale, square, sub } from '../ops/elementwise.js';
import { narrow, reshape } from '../ops/layout.js';
import { matmul } from '../ops/matmul.js';
import { sum } from '../ops/reduce.js';
import { logSoftmax, softmax } from '../ops/softmax.js';
import { RandomStream } from '../random.js';
import { grad } from '../tape.js';
import { scope, type Tensor, tensor } from '../tensor.js';
import { argmax, drawProblem, KEYS, lossesOf, SIZE, scoresOf } from './attention-problem.js';
import { estimatorRows } from './estimators.js';
import type { Curve, Experiment, ExperimentTable, Finding, Work } from './experiment.js';
import { mean, measured, shown, spread } from './statistics.js';
import { part } from './work.js';

const STEPS = 400;
const LEARNING_RATE = 0.02;
/** Steps between two points of a curve. */
const EVERY = 5;
/** Of the mean loss so far, in REINFORCE's baseline. */
const MEMORY = 0.9;

interface Method {
  readonly name: Bilingual;
  readonly mode: AttentionMode | 'reinforce';
}

const methods: readonly Method[] = [
  { name: { fa: 'argmax', en: 'argmax' }, mode: 'argmax' },
  { name: { fa: 'softmax', en: 'softmax' }, mode: 'softmax' },
  { name: { fa: 'straight-through', en: 'straight-through' }, mode: 'straight-through' },
  { name: { fa: 'Gumbel-softmax', en: 'Gumbel-softmax' }, mode: 'gumbel' },
  { name: { fa: 'REINFORCE با خط مبنا', en: 'REINFORCE with a baseline' }, mode: 'reinforce' },
];

interface Trained {
  /** The loss of the hard choice every {@link EVERY} steps, from step 0. */
  readonly losses: readonly number[];
  /** max |dJ/dq|, |dJ/dk| over all steps. */
  readonly largestGradient: number;
  readonly found: boolean;
}

export const argmaxExperiment: Experiment = {
  name: 'argmax',
  precision: 'f64',
  question: {
    fa: 'پرس‌وجو و کلیدها نادرست آغاز می‌شوند؛ کدام روش آن‌ها را به مقدار درست می‌رساند؟',
    en: 'Query and keys start wrong; which method brings them to the right value?',
  },
  *run(seeds) {
    const trained = new Map<Method, Trained[]>(methods.map((method) => [method, []]));
    for (const [at, seed] of seeds.entries()) {
      for (const [n, method] of methods.entries()) {
        const work = part(train(method, seed), n, methods.length);
        trained.get(method)!.push(yield* part(work, at, seeds.length));
      }
    }
    const curves = methods.map((method) => curveOf(method, trained.get(method)!));
    const rows = methods.map((method) =>
      measured(
        method.name,
        trained.get(method)!.map(({ losses }) => losses.at(-1)!),
      ),
    );
    return {
      name: 'argmax',
      question: argmaxExperiment.question,
      metric: {
        fa: `زیان انتخاب سخت (argmax امتیازها) پس از ${STEPS} گام`,
        en: `loss of the hard choice (argmax of the scores) after ${STEPS} steps`,
      },
      seeds,
      rows,
      findings: methods.map((method) => finding(method, trained.get(method)!)),
      curves,
      table: tableOf(seeds),
    };
  },
};

/** Plain gradient descent on query [1, K] and keys [S, K]. */
function* train({ mode }: Method, seed: number): Work<Trained> {
  const problem = drawProblem(seed);
  const losses = lossesOf(problem);
  const noise = new RandomStream(seed, `experiment.${mode}`);
  const query = Float64Array.from(problem.query);
  const keys = Float64Array.from(problem.keys);
  const hard = (): number => losses[argmax(scoresOf({ query, keys }))]!;
  const curve = [hard()];
  let largestGradient = 0;
  let baseline: number | undefined;
  for (let step = 1; step <= STEPS; step += 1) {
    scope(() => {
      const lossOf = (q: Tensor<[number, number]>, k: Tensor<[number, number]>): Tensor<[]> => {
        if (mode !== 'reinforce') return attended(q, k, problem.values, problem.wanted, mode, noise);
        const s = scores(q, k);
        const logs = logSoftmax(s);
        const drawn = draw(softmax(s).data, noise.uniform());
        const loss = losses[drawn]!;
        const advantage = loss - (baseline ?? loss);
        baseline = MEMORY * (baseline ?? loss) + (1 - MEMORY) * loss;
        return scale(sum(narrow(logs, drawn, 1)), advantage);
      };
      const [dq, dk] = grad(lossOf)(
        tensor(query, [1, SIZE]),
        tensor(keys, [KEYS, SIZE]),
      ) as readonly Tensor[];
      for (const [target, gradient] of [
        [query, dq!.data],
        [keys, dk!.data],
      ] as const) {
        for (const [i, entry] of gradient.entries()) {
          largestGradient = Math.max(largestGradient, Math.abs(entry));
          target[i]! -= LEARNING_RATE * entry;
        }
      }
    });
    if (step % EVERY === 0) curve.push(hard());
    if (step % 100 === 0) yield step / STEPS;
  }
  return { losses: curve, largestGradient, found: argmax(scoresOf({ query, keys })) === problem.wanted };
}

/** s = k q, [S] */
function scores(q: Tensor<[number, number]>, k: Tensor<[number, number]>): Tensor<[number]> {
  return reshape(matmul(k, reshape(q, [SIZE, 1])), [KEYS]);
}

/** 1/2 |o - v_wanted|^2 */
function attended(
  q: Tensor<[number, number]>,
  k: Tensor<[number, number]>,
  values: Float64Array,
  wanted: number,
  mode: AttentionMode,
  random: RandomStream,
): Tensor<[]> {
  const { output } = attention(
    reshape(q, [1, 1, SIZE]),
    reshape(k, [1, KEYS, SIZE]),
    tensor(values, [1, KEYS, SIZE]),
    { mode, scale: 1, random },
  );
  const target = tensor(values.subarray(wanted * SIZE, (wanted + 1) * SIZE), [1, 1, SIZE]);
  return scale(sum(square(sub(output, target))), 0.5);
}

function draw(weights: ArrayLike<number>, u: number): number {
  let reached = 0;
  for (let i = 0; i < weights.length - 1; i += 1) {
    reached += weights[i]!;
    if (u < reached) return i;
  }
  return weights.length - 1;
}

function curveOf({ name }: Method, runs: readonly Trained[]): Curve {
  return {
    name,
    points: runs[0]!.losses.map((_, at) => {
      const values = runs.map(({ losses }) => losses[at]!);
      return { x: at * EVERY, mean: mean(values), spread: spread(values) };
    }),
  };
}

function finding({ name, mode }: Method, runs: readonly Trained[]): Finding {
  const found = runs.filter((run) => run.found).length;
  if (mode === 'argmax') {
    const still = runs.every(({ largestGradient }) => largestGradient === 0);
    return {
      holds: still && found === 0,
      text: still
        ? {
            fa: `argmax: گرادیان پرس‌وجو و کلیدها در همهٔ گام‌ها درست صفر بود و هیچ اجرایی از ${runs.length} اجرا جابه‌جا نشد.`,
            en: `argmax: the gradient of query and keys was exactly zero at every step; none of ${runs.length} runs moved.`,
          }
        : {
            fa: 'argmax: گرادیانی ناصفر دیده شد، که نباید.',
            en: 'argmax: a gradient other than zero was met, which must not be.',
          },
    };
  }
  const loss = mean(runs.map(({ losses }) => losses.at(-1)!));
  return {
    holds: found > 0 && loss < mean(runs.map(({ losses }) => losses[0]!)),
    text: {
      fa: `${name.fa}: در ${found} اجرا از ${runs.length} اجرا مقدار درست برگزیده شد؛ زیان میانگین ${shown(loss)}.`,
      en: `${name.en}: ${found} of ${runs.length} runs found the right value; mean loss ${shown(loss)}.`,
    },
  };
}

/** Bias and variance at the start, averaged over the seeds' problems. */
function tableOf(seeds: readonly number[]): ExperimentTable {
  const all = seeds.map((seed) => estimatorRows(drawProblem(seed), seed));
  return {
    title: {
      fa: 'برآوردگرهای dL/ds در آغاز، در برابر گرادیان دقیق با شمارش (میانگین روی بذرها)',
      en: 'estimators of dL/ds at the start against the exact gradient by enumeration (mean over seeds)',
    },
    columns: [
      { fa: 'اریبی نسبی', en: 'relative bias' },
      { fa: 'واریانس نسبی', en: 'relative variance' },
    ],
    rows: all[0]!.map(({ name }, at) => ({
      name,
      values: [mean(all.map((rows) => rows[at]!.bias)), mean(all.map((rows) => rows[at]!.variance))],
    })),
  };
}
