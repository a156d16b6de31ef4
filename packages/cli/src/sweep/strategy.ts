/** What a sweep does next, from what its study knows: nothing else is remembered, so a sweep goes on after any crash. */
import type { SamplerConfig, SweepConfig } from './config.js';
import { propose } from './sampler.js';
import type { Study, Trial } from './study.js';

export type Move =
  | {
      readonly kind: 'train';
      readonly trial: Trial;
      /** Undefined = as the config says. */
      readonly steps: number | undefined;
      /** Steps it has trained already. */
      readonly after: number | undefined;
    }
  /** A trial was made or ended: ask again. */
  | { readonly kind: 'noted' }
  /** Nothing until something that is being trained is known; the end, when nothing is. */
  | { readonly kind: 'none' };

/** @param asked - whether a move to train this trial for so many steps was made and is under way */
export type Strategy = (study: Study, asked: (trial: Trial, steps?: number) => boolean) => Promise<Move>;

type Halving = Extract<SamplerConfig, { readonly kind: 'halving' }>;

const none: Move = { kind: 'none' };
const noted: Move = { kind: 'noted' };

export function strategyOf(config: SweepConfig): Strategy {
  return config.sampler.kind === 'halving' ? halving(config.sampler) : each;
}

/** Every trial is trained to its end. */
const each: Strategy = async (study, asked) => {
  for (const trial of study.trials) {
    if (trial.state !== 'running') continue;
    const standing = study.standing(trial);
    if (standing.kind !== 'open') {
      const value = standing.kind === 'known' ? standing.value : undefined;
      study.finish(trial, value === undefined ? 'failed' : 'complete', undefined, value);
      return noted;
    }
    if (!asked(trial)) return { kind: 'train', trial, steps: undefined, after: undefined };
  }
  return (await propose(study)) ? noted : none;
};

/** Steps after which trials are compared, up to all of them. */
export function rungsOf({ min, factor }: Halving, steps: number): number[] {
  const rungs: number[] = [];
  for (let rung = min ?? Math.ceil(steps / factor ** 2); rung < steps; rung *= factor) rungs.push(rung);
  return [...rungs, steps];
}

/**
 * Successive halving: all trials train to the first rung, the best 1/factor of them to the next, and so on. A rung
 * waits for its last trial, so that who goes on depends neither on speeds nor on the number of workers.
 * Source: Jamieson and Talwalkar, "Non-stochastic best arm identification and hyperparameter optimization", 2016.
 */
function halving(sampler: Halving): Strategy {
  return async (study, asked) => {
    if (await propose(study)) return noted;
    const rungs = rungsOf(sampler, Number(study.config.train.steps));
    let alive = study.trials;
    for (const [at, steps] of rungs.entries()) {
      const known: { readonly trial: Trial; readonly value: number }[] = [];
      let open = false;
      for (const trial of alive) {
        const standing = study.standing(trial, steps);
        if (standing.kind === 'known') known.push({ trial, value: standing.value });
        if (standing.kind === 'failed' && trial.state === 'running') {
          study.finish(trial, 'failed', steps, undefined);
          return noted;
        }
        if (standing.kind !== 'open') continue;
        open = true;
        if (!asked(trial, steps)) return { kind: 'train', trial, steps, after: rungs[at - 1] };
      }
      if (open) return none;
      known.sort((a, b) => study.compare(a.value, b.value) || a.trial.number - b.trial.number);
      const last = at === rungs.length - 1;
      const kept = last ? known.length : Math.max(1, Math.floor(known.length / sampler.factor));
      for (const [rank, { trial, value }] of known.entries()) {
        if (trial.state !== 'running' || (rank < kept && !last)) continue;
        study.finish(trial, last ? 'complete' : 'pruned', steps, value);
        return noted;
      }
      alive = known.slice(0, kept).map(({ trial }) => trial);
    }
    return none;
  };
}
