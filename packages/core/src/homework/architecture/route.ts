/**
 * From a task's properties to an architecture. Each architecture is refused by what its graph cannot do for the task, or
 * does and must not, with a pair (t, s) that shows it. Of those that are left, the one that sees least beyond what is
 * needed and has the fewest connections wins; over long distances, the one with the shortest way back.
 */
import { ArgumentError } from '../../errors.js';
import type { Bilingual } from '../bank/types.js';
import { type Architecture, architectures } from './architectures.js';
import { connections, distances, hasFeedback, reach } from './graph.js';
import { type Task, taskOf } from './task.js';

/** Steps of the unrolled graphs: enough to tell every pattern apart, also with a delay. */
const STEPS = 6;
const LONG_STEPS = 200;

export interface Weighed {
  readonly id: string;
  readonly name: Bilingual;
  /** Why it is chosen, or refused, or merely not the best; the first reason is the decisive one. */
  readonly reasons: readonly Bilingual[];
  /** Can y_t see x_s? sees[t - 1][s - 1], for 6 steps. */
  readonly sees: readonly (readonly boolean[])[];
}

export interface Route {
  readonly task: Task;
  readonly chosen: Weighed | null;
  /** They would do, but not as well. */
  readonly alternatives: readonly Weighed[];
  readonly refused: readonly Weighed[];
}

/**
 * Weighs one architecture for a task.
 * @returns what stands against it, and, where nothing does, why it is not the best choice; undefined where it is
 */
export function weigh(
  task: Task,
  architecture: Pick<Architecture, 'graph' | 'outputs'>,
): { readonly obstacle: Bilingual | undefined; readonly handicap: Bilingual | undefined } {
  expectSensible(task);
  const sees = reach(architecture.graph, STEPS, STEPS);
  const obstacle = obstacleOf(task, architecture, sees);
  if (obstacle !== undefined) return { obstacle, handicap: undefined };
  const own = costOf(task, architecture, sees);
  const best = architectures(task.delay === 'all' ? 0 : task.delay)
    .map((other) => ({ other, seen: reach(other.graph, STEPS, STEPS) }))
    .filter(({ other, seen }) => obstacleOf(task, other, seen) === undefined)
    .map(({ other, seen }) => costOf(task, other, seen))
    .sort((a, b) => compare(task, a, b))[0];
  const worse = best !== undefined && compare(task, own, best) > 0;
  return { obstacle, handicap: worse ? handicap(task, own, best) : undefined };
}

/** @throws ArgumentError for an unknown task or properties that contradict each other */
export function route(given: Task | string): Route {
  const task = taskOf(given);
  expectSensible(task);
  const delay = task.delay === 'all' ? 0 : task.delay;
  const weighed = architectures(delay).map((architecture) => {
    const far = distances(architecture.graph, STEPS, STEPS);
    const sees = far.map((row) => row.map(Number.isFinite));
    return { architecture, sees, obstacle: obstacleOf(task, architecture, sees) };
  });
  const shown = (
    { architecture: { id, name }, sees }: (typeof weighed)[number],
    reasons: readonly Bilingual[],
  ) => ({
    id,
    name,
    reasons,
    sees,
  });
  const fit = weighed
    .filter(({ obstacle }) => obstacle === undefined)
    .map((one) => ({ one, cost: costOf(task, one.architecture, one.sees) }))
    .sort((a, b) => compare(task, a.cost, b.cost));
  const refused = weighed
    .filter(({ obstacle }) => obstacle !== undefined)
    .map((one) => shown(one, [one.obstacle!]));
  const [best, ...others] = fit;
  if (best === undefined) return { task, chosen: null, alternatives: [], refused };
  return {
    task,
    chosen: shown(best.one, [...merits(task), ...(others.length > 0 ? [bestOf(task, best.cost)] : [])]),
    alternatives: others.map(({ one, cost }) => shown(one, [handicap(task, cost, best.cost)])),
    refused,
  };
}

function expectSensible({ inputs, outputs, needs, delay, ahead, predictsNext }: Task): void {
  if (delay !== 'all' && !(Number.isInteger(delay) && delay >= 0 && delay < STEPS)) {
    throw new ArgumentError(
      `route: delay must be 'all' or a whole number from 0 to ${STEPS - 1}, got ${delay}`,
    );
  }
  if (needs === 'ahead' && !(Number.isInteger(ahead) && ahead! >= 1 && ahead! < STEPS)) {
    throw new ArgumentError(
      `route: ahead must be a whole number from 1 to ${STEPS - 1}, got ${String(ahead)}`,
    );
  }
  if (inputs === 'one' && (outputs === 'each' || outputs === 'monotone')) {
    throw new ArgumentError(`route: outputs of one input must be one or free, got ${outputs}`);
  }
  if (predictsNext && outputs !== 'each') {
    throw new ArgumentError(`route: outputs that predict the next input must be each, got ${outputs}`);
  }
}

/** The inputs that y_t depends on, as a range of steps. */
function needed({ needs, ahead = 0, outputs }: Task, t: number): readonly [from: number, to: number] {
  if (outputs === 'one' || outputs === 'free' || needs === 'all') return [1, STEPS];
  if (needs === 'now') return [t, t];
  return [1, Math.min(STEPS, needs === 'ahead' ? t + ahead : t)];
}

function obstacleOf(
  task: Task,
  { graph, outputs }: Pick<Architecture, 'graph' | 'outputs'>,
  sees: readonly (readonly boolean[])[],
): Bilingual | undefined {
  const reads = graph.layers.find(({ name }) => name === 'x')!.over === 'once' ? 'one' : 'sequence';
  if (reads !== task.inputs) return wrongInputs[task.inputs];
  if (outputs !== task.outputs) return wrongOutputs(outputs, task.outputs);
  if (task.feedback && !hasFeedback(graph)) {
    return {
      fa: 'خروجی‌هایش از هم خبر ندارند: هیچ مسیری از y_{t-1} به y_t نیست.',
      en: 'Its outputs do not know each other: no path leads from y_{t-1} to y_t.',
    };
  }
  const limit = task.delay === 'all' || outputs === 'one' ? STEPS : task.delay;
  for (const [at, row] of sees.entries()) {
    const t = at + 1;
    const last = row.lastIndexOf(true) + 1;
    if (task.predictsNext && last > t) {
      return {
        fa: `y_${t} مقدار x_${t + 1} را می‌بیند، که خود پاسخ است: پاسخ لو می‌رود.`,
        en: `y_${t} sees x_${t + 1}, which is the answer itself: it leaks.`,
      };
    }
    if (task.delay !== 'all' && outputs === 'free') {
      return {
        fa: `نخستین خروجی‌اش پس از دیدن همهٔ ورودی می‌آید، حال آنکه تنها ${limit} گام می‌توان منتظر ماند.`,
        en: `Its first output comes after the whole input, but only ${limit} step(s) may be waited for.`,
      };
    }
    if (last > t + limit) {
      return {
        fa: `y_${t} به x_${last} وابسته است؛ آن ورودی ${last - t} گام دیرتر می‌آید و تنها ${limit} گام می‌توان منتظر ماند.`,
        en: `y_${t} depends on x_${last}, which comes ${last - t} step(s) later; only ${limit} may be waited for.`,
      };
    }
  }
  for (const [at, row] of sees.entries()) {
    const t = at + 1;
    const [from, to] = task.inputs === 'one' ? [1, 1] : needed(task, t);
    for (let s = from; s <= to; s += 1) {
      if (row[s - 1]) continue;
      return {
        fa: `y_${t} نمی‌تواند x_${s} را ببیند، حال آنکه به آن نیاز دارد.`,
        en: `y_${t} cannot see x_${s}, which it needs.`,
      };
    }
  }
  return undefined;
}

const wrongInputs: Readonly<Record<Task['inputs'], Bilingual>> = {
  one: { fa: 'ورودی‌اش دنباله است؛ اینجا یک بردار است.', en: 'It reads a sequence; here is one vector.' },
  sequence: { fa: 'ورودی‌اش یک بردار است؛ اینجا دنباله است.', en: 'It reads one vector; here is a sequence.' },
};

const outputWords: Readonly<Record<Task['outputs'], Bilingual>> = {
  one: { fa: 'یک خروجی', en: 'one output' },
  each: { fa: 'برای هر ورودی یک خروجی', en: 'one output for each input' },
  monotone: {
    fa: 'خروجی‌هایی کمتر از ورودی‌ها و به همان ترتیب',
    en: 'fewer outputs than inputs, in their order',
  },
  free: { fa: 'خروجی‌هایی به هر تعداد', en: 'any number of outputs' },
};

function wrongOutputs(has: Task['outputs'], wanted: Task['outputs']): Bilingual {
  return {
    fa: `${outputWords[has].fa} می‌دهد؛ اینجا ${outputWords[wanted].fa} لازم است.`,
    en: `It gives ${outputWords[has].en}; here ${outputWords[wanted].en} ${wanted === 'one' || wanted === 'each' ? 'is' : 'are'} wanted.`,
  };
}

interface Cost {
  /** Pairs (t, s) that are seen without need. */
  readonly excess: number;
  /** Connections over 6 steps. */
  readonly size: number;
  /** The longest of the shortest paths over 200 steps. */
  readonly way: number;
}

function costOf(
  task: Task,
  { graph }: Pick<Architecture, 'graph'>,
  sees: readonly (readonly boolean[])[],
): Cost {
  const excess = sees
    .flatMap((row, at) => {
      const [from, to] = needed(task, at + 1);
      return row.map((seen, s) => seen && (s + 1 < from || s + 1 > to));
    })
    .filter(Boolean).length;
  const all = task.long ? distances(graph, LONG_STEPS, LONG_STEPS).flat() : [];
  const way = all.reduce((most, edges) => (Number.isFinite(edges) ? Math.max(most, edges) : most), 0);
  return { excess, size: connections(graph, STEPS, STEPS), way };
}

function compare(task: Task, a: Cost, b: Cost): number {
  return (task.long ? a.way - b.way : 0) || a.excess - b.excess || a.size - b.size;
}

/** What the task asks for and the chosen graph gives. */
function merits(task: Task): Bilingual[] {
  const list: Bilingual[] = [
    {
      fa: `${outputWords[task.outputs].fa} می‌دهد، همان که لازم است.`,
      en: `It gives ${outputWords[task.outputs].en}, as wanted.`,
    },
  ];
  if (task.inputs === 'sequence') {
    const [from, to] = needed(task, 3);
    const whole = to - from + 1 === STEPS;
    list.push(
      whole
        ? { fa: 'هر خروجی همهٔ ورودی را می‌بیند.', en: 'Every output sees all of the input.' }
        : {
            fa: `هر چه لازم است دیده می‌شود؛ برای نمونه y_3 ورودی‌های x_${from} تا x_${to} را.`,
            en: `What is needed is seen; y_3, for one, sees x_${from} to x_${to}.`,
          },
    );
    if (task.predictsNext) {
      list.push({
        fa: 'هیچ y_tای x_{t+1} را، که پاسخ آن است، نمی‌بیند.',
        en: 'No y_t sees x_{t+1}, which is its answer.',
      });
    } else if (task.delay !== 'all' && task.outputs !== 'one') {
      list.push({
        fa: `هیچ خروجی‌ای بیش از ${task.delay} گام منتظر ورودی نمی‌ماند.`,
        en: `No output waits for more than ${task.delay} later input(s).`,
      });
    }
  }
  if (task.feedback) {
    list.push({
      fa: 'هر خروجی خروجی‌های پیش از خود را می‌بیند.',
      en: 'Every output sees the outputs before it.',
    });
  }
  return list;
}

function bestOf(task: Task, { size, way }: Cost): Bilingual {
  if (task.long) {
    return {
      fa: `گرادیان در دنباله‌ای ۲۰۰گامی از حداکثر ${way} یال می‌گذرد، کمتر از دیگر گزینه‌ها.`,
      en: `Over 200 steps a gradient passes at most ${way} edges, fewer than in the others that would do.`,
    };
  }
  return {
    fa: `از میان آن‌ها که می‌توانند، کمترین چیز نالازم را می‌بیند و کوچک‌ترین است (${size} اتصال در ${STEPS} گام).`,
    en: `Of those that would do it sees least without need and is the smallest (${size} connections over ${STEPS} steps).`,
  };
}

function handicap(task: Task, own: Cost, best: Cost): Bilingual {
  if (task.long && own.way > best.way) {
    return {
      fa: `گرادیان در ۲۰۰ گام از ${own.way} یال می‌گذرد، نه ${best.way}.`,
      en: `Over 200 steps a gradient passes ${own.way} edges instead of ${best.way}.`,
    };
  }
  if (own.excess > best.excess) {
    return {
      fa: `${own.excess - best.excess} جفت (t, s) از ${STEPS * STEPS} جفت را بی‌نیاز می‌بیند: وزن‌هایی که تنها نویز را یاد می‌گیرند.`,
      en: `It sees ${own.excess - best.excess} of ${STEPS * STEPS} pairs (t, s) more without need: weights that can only learn noise.`,
    };
  }
  return {
    fa: `بزرگ‌تر است بی‌آنکه چیز لازم بیشتری ببیند: ${own.size} اتصال در ${STEPS} گام، نه ${best.size}.`,
    en: `It is larger and sees nothing more that is needed: ${own.size} connections over ${STEPS} steps instead of ${best.size}.`,
  };
}
