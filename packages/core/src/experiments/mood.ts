/**
 * Question 1b, trained: the cat's mood by the weather. Where it depends on past days alone, a bidirectional network with as
 * many weights is no better; where it depends on days to come, it wins.
 */
import type { TaggedTokens } from '../data/examples.js';
import { comfort, mood } from '../data/tasks/mood.js';
import { take } from '../data/tasks/task.js';
import type { Bilingual } from '../homework/bank/types.js';
import type { Experiment, ExperimentResult, Finding, Work } from './experiment.js';
import { compared, measured, shown } from './statistics.js';
import { lossOn, type Sequences, trainTagger } from './tagger.js';
import { part } from './work.js';

const DAYS = 30;
const PAST = 2;
const TRAINING = 400;
const VALIDATION = 100;
const STEPS = 250;
const HIDDEN = 32;
const weather = Object.keys(comfort);

const names: Readonly<Record<'one' | 'both', Bilingual>> = {
  one: { fa: 'یک‌طرفه', en: 'unidirectional' },
  both: { fa: 'دوطرفه', en: 'bidirectional' },
};

export const moodExperiment: Experiment = {
  name: 'mood',
  question: {
    fa: 'اخلاق گربه به هوای امروز و دو روز گذشته بستگی دارد: آیا شبکهٔ دوطرفه بهتر است؟',
    en: "The cat's mood depends on the weather of today and the last two days: is a bidirectional network better?",
  },
  run: (seeds) => trained(moodExperiment, 0, seeds),
};

export const futureExperiment: Experiment = {
  name: 'future',
  question: {
    fa: 'اخلاق گربه به هوای دو روز آینده هم بستگی دارد: آیا شبکهٔ دوطرفه بهتر است؟',
    en: "The cat's mood depends on the weather of two days to come as well: is a bidirectional network better?",
  },
  run: (seeds) => trained(futureExperiment, 2, seeds),
};

function* trained(
  { name, question }: Experiment,
  future: number,
  seeds: readonly number[],
): Work<ExperimentResult> {
  const losses = { one: [] as number[], both: [] as number[] };
  const weights = { one: 0, both: 0 };
  for (const [at, seed] of seeds.entries()) {
    const days = { length: DAYS, past: PAST, future };
    const training = sequences(take(mood, { count: TRAINING, seed, options: days }));
    const validation = sequences(take(mood, { count: VALIDATION, seed, split: 'validation', options: days }));
    for (const [n, kind] of (['one', 'both'] as const).entries()) {
      const options = {
        inputs: weather.length,
        outputs: moods.length,
        bidirectional: kind === 'both',
        hiddenSize: HIDDEN,
        seed,
      };
      const work = trainTagger(options, training, STEPS, (model) => {
        weights[kind] = model.parameterCount;
        return lossOn(model, validation);
      });
      losses[kind].push(yield* part(work, 2 * at + n, 2 * seeds.length));
    }
  }
  const rows = (['one', 'both'] as const).map((kind) => measured(names[kind], losses[kind]));
  return {
    name,
    question,
    metric: {
      fa: 'آنتروپی متقاطع روی روزهای ندیده، نَت در روز',
      en: 'cross-entropy on unseen days, nats per day',
    },
    seeds,
    rows,
    findings: [
      { holds: weights.both <= weights.one, text: weightsSaid(weights) },
      finding(losses.one, losses.both, future > 0),
    ],
    curves: [],
  };
}

const moods = ['blissful', 'playful', 'calm', 'sleepy', 'grumpy', 'curious'];

function sequences(examples: readonly TaggedTokens[]): Sequences {
  return {
    length: DAYS,
    inputs: examples.map(({ tokens }) => Int32Array.from(tokens, (token) => weather.indexOf(token))),
    targets: examples.map(({ tags }) => Int32Array.from(tags, (tag) => moods.indexOf(tag))),
  };
}

function weightsSaid({ one, both }: Readonly<Record<'one' | 'both', number>>): Bilingual {
  return {
    fa: `شبکهٔ دوطرفه وزن بیشتری ندارد: ${both} در برابر ${one}.`,
    en: `The bidirectional network has no more weights: ${both} against ${one}.`,
  };
}

/** @param expected - should the bidirectional network win? */
function finding(one: readonly number[], both: readonly number[], expected: boolean): Finding {
  const { difference, margin } = compared(one, both);
  const interval = `${shown(difference)} ± ${shown(margin)}`;
  if (difference > margin) {
    return {
      holds: expected,
      text: {
        fa: `دوطرفه بهتر است: زیان یک‌طرفه به اندازهٔ ${interval} بیشتر است (بازهٔ ۹۵٪، جفت به جفت).`,
        en: `The bidirectional network is better: the other one loses ${interval} more (95 % interval, paired).`,
      },
    };
  }
  if (difference < -margin) {
    return {
      holds: !expected,
      text: {
        fa: `یک‌طرفه بهتر است: زیان دوطرفه به اندازهٔ ${shown(-difference)} ± ${shown(margin)} بیشتر است (بازهٔ ۹۵٪، جفت به جفت).`,
        en: `The unidirectional network is better: the other one loses ${shown(-difference)} ± ${shown(margin)} more (95 % interval, paired).`,
      },
    };
  }
  return {
    holds: !expected,
    text: {
      fa: `این بذرها تفاوتی نشان نمی‌دهند: ${interval} (بازهٔ ۹۵٪، جفت به جفت) صفر را در بر دارد.`,
      en: `These seeds show no difference: ${interval} (95 % interval, paired) includes zero.`,
    },
  };
}
