/**
 * A bidirectional "language model" cheats. The symbols are drawn independently and evenly, so nothing can predict the next
 * one better than ln V nats. A bidirectional network that is asked for x_{t+1} at step t gets below that, since its
 * backward half has read x_{t+1}; given what it would have when it matters, x_1 ... x_t alone, it is worse than guessing.
 */
import { RandomStream } from '../random.js';
import type { Experiment } from './experiment.js';
import { measured, shown } from './statistics.js';
import { logitsAt, lossOn, type Sequences, type Tagger, trainTagger } from './tagger.js';
import { part } from './work.js';

const SYMBOLS = 8;
const LENGTH = 20;
const TRAINING = 400;
const VALIDATION = 60;
const STEPS = 250;
const HIDDEN = 32;
/** What counts as below ln V, nats: far more than a model that has learnt nothing strays on 1200 symbols. */
const MARGIN = 0.05;

export const leakExperiment: Experiment = {
  name: 'leak',
  question: {
    fa: 'اگر مدل زبانی دوطرفه باشد چه می‌شود؟ نمادها مستقل و هم‌احتمال‌اند، پس هیچ مدلی نباید از ln V بهتر باشد.',
    en: 'What if a language model is bidirectional? The symbols are independent and equally likely, so no model can honestly beat ln V.',
  },
  *run(seeds) {
    const loss = { one: [] as number[], both: [] as number[], prefix: [] as number[] };
    for (const [at, seed] of seeds.entries()) {
      const training = symbols(TRAINING, seed, 'train');
      const validation = symbols(VALIDATION, seed, 'validation');
      for (const [n, kind] of (['one', 'both'] as const).entries()) {
        const options = {
          inputs: SYMBOLS,
          outputs: SYMBOLS,
          bidirectional: kind === 'both',
          hiddenSize: HIDDEN,
          seed,
        };
        const work = trainTagger(options, training, STEPS, (model) => {
          if (kind === 'both') loss.prefix.push(lossOnPrefixes(model, validation));
          return lossOn(model, validation);
        });
        loss[kind].push(yield* part(work, 2 * at + n, 2 * seeds.length));
      }
    }
    const guess = Math.log(SYMBOLS);
    const leaks = loss.both.every((value) => value < guess - MARGIN);
    const honest = loss.one.every((value) => value > guess - MARGIN);
    const worse = loss.prefix.every((value) => value > guess);
    const [one, both, prefix] = [
      measured({ fa: 'یک‌طرفه', en: 'unidirectional' }, loss.one),
      measured({ fa: 'دوطرفه، با کل دنباله', en: 'bidirectional, with the whole sequence' }, loss.both),
      measured({ fa: 'دوطرفه، تنها با x_1 تا x_t', en: 'bidirectional, with x_1 to x_t alone' }, loss.prefix),
    ];
    return {
      name: 'leak',
      question: leakExperiment.question,
      metric: {
        fa: `آنتروپی متقاطع x_{t+1}، نَت؛ حدس محض ln ${SYMBOLS} = ${shown(guess)}`,
        en: `cross-entropy of x_{t+1}, nats; guessing gives ln ${SYMBOLS} = ${shown(guess)}`,
      },
      seeds,
      rows: [one, both, prefix],
      findings: [
        {
          holds: honest,
          text: honest
            ? {
                fa: 'یک‌طرفه از حدس محض بهتر نیست.',
                en: 'The unidirectional model is no better than guessing.',
              }
            : {
                fa: 'یک‌طرفه از حدس محض بهتر شد، که نباید.',
                en: 'The unidirectional model beat guessing, which it must not.',
              },
        },
        {
          holds: leaks,
          text: leaks
            ? {
                fa: `دوطرفه زیر ln V می‌رود (${shown(both.mean)}): پاسخ را از ورودی خوانده است.`,
                en: `The bidirectional model gets below ln V (${shown(both.mean)}): it read the answer at its input.`,
              }
            : {
                fa: 'دوطرفه در همهٔ بذرها زیر ln V نرفت.',
                en: 'The bidirectional model did not get below ln V with every seed.',
              },
        },
        {
          holds: worse,
          text: worse
            ? {
                fa: 'و هنگام استفاده، که تنها x_1 تا x_t هست، از حدس محض بدتر است.',
                en: 'And in use, where there is x_1 to x_t alone, it is worse than guessing.',
              }
            : {
                fa: 'هنگام استفاده با همهٔ بذرها از حدس محض بدتر نبود.',
                en: 'In use it was not worse than guessing with every seed.',
              },
        },
      ],
      curves: [],
    };
  },
};

function symbols(count: number, seed: number, part: string): Sequences {
  const random = new RandomStream(seed, `experiment.leak.${part}`);
  const rows = Array.from({ length: count }, () =>
    Int32Array.from({ length: LENGTH + 1 }, () => random.integer(SYMBOLS)),
  );
  return {
    length: LENGTH,
    inputs: rows.map((row) => row.slice(0, LENGTH)),
    targets: rows.map((row) => row.slice(1)),
  };
}

/** The loss at step t when the network is given x_1 ... x_t and nothing behind. */
function lossOnPrefixes(model: Tagger, { inputs, targets }: Sequences): number {
  let total = 0;
  for (let length = 1; length <= LENGTH; length += 1) {
    const logits = logitsAt(
      model,
      inputs.map((row) => row.slice(0, length)),
      length,
    );
    for (const [at, row] of targets.entries()) {
      const start = (at * length + length - 1) * SYMBOLS;
      total -= logProbability(logits.subarray(start, start + SYMBOLS), row[length - 1]!);
    }
  }
  return total / (LENGTH * inputs.length);
}

function logProbability(logits: Float64Array, index: number): number {
  const largest = Math.max(...logits);
  return logits[index]! - largest - Math.log(logits.reduce((sum, x) => sum + Math.exp(x - largest), 0));
}
