/**
 * Question 1a: who speaks, from the pitch contour of an utterance: a low or a high voice. Each frame has the pitch in
 * units of 100 Hz (0 where nothing is voiced) and whether it is voiced. Accents and the fall towards the end move single
 * frames across the border; the mean over all voiced frames never is, so the whole clip must be heard.
 */
import type { LabelledSeries } from '../examples.js';
import { between, chance, type Task } from './task.js';

export interface PitchOptions {
  readonly minFrames: number;
  readonly maxFrames: number;
}

/** Mean pitch of a voice, Hz: fewest and most (Titze 1989, rounded). */
export const voices = { low: [90, 150], high: [180, 250] } as const;

/** Chance per frame that voicing starts or stops. */
const TURN = 0.15;

export const pitch: Task<LabelledSeries, PitchOptions> = {
  name: 'pitch',
  kind: 'classify-series',
  summary: 'a low or a high voice, from its pitch contour (question 1a)',
  defaults: { minFrames: 20, maxFrames: 60 },
  example(random, { minFrames, maxFrames }) {
    const frames = between(random, minFrames, maxFrames);
    const label = chance(random, 0.5) ? 'low' : 'high';
    const [least, most] = voices[label];
    const mean = least + (most - least) * random.uniform();
    const fall = 0.3 * random.uniform();
    let accent = 0;
    let voiced = true;
    const isVoiced: boolean[] = [];
    const contour = Array.from({ length: frames }, (_, t) => {
      if (chance(random, TURN)) voiced = !voiced;
      if (chance(random, 0.1)) accent = 0.8 * random.uniform();
      accent *= 0.8;
      isVoiced.push(voiced || t === 0);
      return 1 + accent - (fall * t) / frames + 0.1 * (random.uniform() - 0.5);
    });
    // The movement is scaled to a mean of 1 over what is voiced: the voice's mean pitch is then exactly `mean`.
    const heard = contour.filter((_, t) => isVoiced[t]);
    const scale = (mean / 100 / heard.reduce((sum, value) => sum + value, 0)) * heard.length;
    const features = new Float64Array(frames * 2);
    for (let t = 0; t < frames; t += 1) {
      if (!isVoiced[t]) continue;
      features[2 * t] = scale * contour[t]!;
      features[2 * t + 1] = 1;
    }
    return { features, featureSize: 2, label };
  },
};
