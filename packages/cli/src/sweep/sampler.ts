/** Which point is tried next: it follows from the config and the points before, so a resumed sweep goes on the same. */
import { createHash } from 'node:crypto';
import type { SweepConfig } from './config.js';
import { gridValues, type Params, type Space, valueAt } from './space.js';
import type { Study } from './study.js';
import { askOptuna } from './tpe.js';

/** Points that there will be at most. */
export function trialsOf({ sampler, space, trials = Number.POSITIVE_INFINITY }: SweepConfig): number {
  return sampler.kind === 'grid' ? Math.min(trials, gridSize(space)) : trials;
}

/** Make the study's next trial. @returns false when every point was tried */
export async function propose(study: Study): Promise<boolean> {
  const { config } = study;
  if (study.size >= trialsOf(config)) return false;
  if (config.sampler.kind === 'tpe') {
    await askOptuna(study, config.sampler.seed);
    return true;
  }
  const point = nextPoint(
    config,
    study.trials.map(({ params }) => params),
  );
  if (point !== undefined) study.create(point);
  return point !== undefined;
}

/** All points of a sampler that does not look at results. */
export function pointsOf(config: SweepConfig): Params[] {
  const points: Params[] = [];
  while (points.length < trialsOf(config)) {
    const point = nextPoint(config, points);
    if (point === undefined) break;
    points.push(point);
  }
  return points;
}

/** Draws that may fall on points already tried before the space counts as used up. */
const DRAWS = 1000;

function nextPoint({ sampler, space }: SweepConfig, tried: readonly Params[]): Params | undefined {
  if (sampler.kind === 'grid') return gridPoint(space, tried.length);
  const seen = new Set(tried.map((params) => JSON.stringify(params)));
  for (let draw = 0; draw < DRAWS; draw++) {
    const point = randomPoint(space, `${sampler.seed}:${tried.length}:${draw}`);
    if (!seen.has(JSON.stringify(point))) return point;
  }
  return undefined;
}

function gridSize(space: Space): number {
  return Object.values(space).reduce((size, parameter) => size * gridValues(parameter)!.length, 1);
}

/** All combinations, the last flag varying fastest. */
function gridPoint(space: Space, index: number): Params {
  let rest = index;
  const chosen = Object.entries(space)
    .reverse()
    .map(([flag, parameter]) => {
      const values = gridValues(parameter)!;
      const value = values[rest % values.length]!;
      rest = Math.floor(rest / values.length);
      return [flag, value] as const;
    });
  return Object.fromEntries(chosen.reverse());
}

/** A point from a key: the same key gives the same point, on every machine and in any order. */
function randomPoint(space: Space, key: string): Params {
  return Object.fromEntries(
    Object.entries(space).map(([flag, parameter]) => [flag, valueAt(parameter, uniform(`${key}:${flag}`))]),
  );
}

/** In [0, 1), with 53 bits of a hash. */
function uniform(key: string): number {
  const bits = createHash('sha256').update(key).digest().readBigUInt64BE() >> 11n;
  return Number(bits) / 2 ** 53;
}
