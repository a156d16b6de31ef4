/** Lines that begin alike and part where a token was forced, as a tree. Pure functions. */

/** A line and what each of its tokens costs, its end included. */
export interface Future {
  readonly text: string;
  /** -ln P(token | tokens before), nats; one for each character and one for the line's end. */
  readonly costs: readonly number[];
}

export interface FutureNode {
  /** Index of the node before it; -1 where the drawing begins. */
  readonly parent: number;
  /** Place in the line, from 0. */
  readonly at: number;
  /** Which line it was first drawn for. */
  readonly future: number;
  readonly token: string;
  readonly cost: number;
  /** Costs of the line up to and including it. */
  readonly sum: number;
  /** True where its line parts from an earlier one. */
  readonly forced: boolean;
}

export interface FutureTree {
  readonly nodes: readonly FutureNode[];
  /** The first place that is drawn: a little before lines part. */
  readonly first: number;
  /** Nodes of each line, from `first` on. */
  readonly ways: readonly (readonly number[])[];
}

/** More lines than this are not kept: the oldest but the first go. */
export const MOST_FUTURES = 8;
/** Places that are drawn before the first one where lines part. */
const LEAD = 3;

/** As an address holds them. */
export const parseFutures = (text: string): readonly string[] => [
  ...new Set(text.split('\n').filter((line) => line !== '')),
];
export const formatFutures = (lines: readonly string[]): string => lines.join('\n');

/** `lines` and another one; a line that none of them is begins a tree of its own. */
export function grown(lines: readonly string[], from: string, line: string): readonly string[] {
  const known = lines.includes(from) ? lines : [from];
  if (known.includes(line)) return known;
  const [first, ...others] = [...known, line];
  return [first!, ...others.slice(-(MOST_FUTURES - 1))];
}

/** A line's own nodes begin where it parts from the earlier line that it shares most with. */
export function treeOf(futures: readonly Future[]): FutureTree {
  const tokens = futures.map(({ text }) => [...text, '\n']);
  const shared = tokens.map((own, n) => {
    const same = tokens.slice(0, n).map((earlier) => {
      let at = 0;
      while (at < own.length && own[at] === earlier[at]) at += 1;
      return at;
    });
    return { length: Math.max(0, ...same), with: same.indexOf(Math.max(0, ...same)) };
  });
  const forks = shared.slice(1).map(({ length }) => length);
  const first = Math.max(0, Math.min(...forks, tokens[0]?.length ?? 0) - LEAD);
  const nodes: FutureNode[] = [];
  const ways: number[][] = [];
  for (const [future, own] of tokens.entries()) {
    const { length, with: earlier } = shared[future]!;
    const way = (ways[earlier] ?? []).slice(0, Math.max(0, length - first));
    let sum = futures[future]!.costs.slice(0, first + way.length).reduce((total, cost) => total + cost, 0);
    for (let at = first + way.length; at < own.length; at += 1) {
      const cost = futures[future]!.costs[at] ?? Number.NaN;
      sum += cost;
      nodes.push({
        parent: way.at(-1) ?? -1,
        at,
        future,
        token: own[at]!,
        cost,
        sum,
        forced: future > 0 && at === length,
      });
      way.push(nodes.length - 1);
    }
    ways.push(way);
  }
  return { nodes, first, ways };
}
