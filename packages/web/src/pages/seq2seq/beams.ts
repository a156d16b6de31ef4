/** The beam's answers and the tree of its search, as the figure draws them. Pure functions. */
import type { AnswerNode, TextAnswer } from '@hw5/core';

/** How many first tokens row `n` has in common with an earlier row: from there it is a branch of its own. */
export function sharedPrefix(rows: readonly (readonly string[])[], n: number): number {
  let most = 0;
  for (const earlier of rows.slice(0, n)) {
    let same = 0;
    while (same < rows[n]!.length && earlier[same] === rows[n]![same]) same += 1;
    most = Math.max(most, same);
  }
  return most;
}

/** Nodes from the first token to this one. */
export function pathTo(tree: readonly AnswerNode[], node: number): number[] {
  const path: number[] = [];
  for (let at = node; at >= 0; at = tree[at]!.parent) path.unshift(at);
  return path;
}

/** The best answer that goes through a node; -1 where the search gave it up. */
export function answerThrough(
  answers: readonly TextAnswer[],
  tree: readonly AnswerNode[],
  node: number,
): number {
  return answers.findIndex(({ node: last }) => last !== undefined && pathTo(tree, last).includes(node));
}

/** Rank of each node among those of its step, the likeliest first: its row in the drawing. */
export function ranks(tree: readonly AnswerNode[]): number[] {
  const steps = new Map<number, number[]>();
  for (const [index, { depth }] of tree.entries()) steps.set(depth, [...(steps.get(depth) ?? []), index]);
  const rows = tree.map(() => 0);
  for (const step of steps.values()) {
    step.sort((a, b) => tree[b]!.logProbability - tree[a]!.logProbability || a - b);
    for (const [rank, index] of step.entries()) rows[index] = rank;
  }
  return rows;
}
