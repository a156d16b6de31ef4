/** The search for an answer as a tree: what was followed, what ended and what was dropped, each behind its beginning. */
import type { BeamStep, Candidate } from '../models/beam-search.js';

export interface AnswerNode {
  /** Index of the node before it; -1 for a first token. */
  readonly parent: number;
  /** Tokens before it. */
  readonly depth: number;
  readonly token: string;
  /** P(token | text, the tokens before it) */
  readonly probability: number;
  /** ln P of the tokens up to and including it, forced ones too, nats. */
  readonly logProbability: number;
  /**
   * - `forced`: written because it had to be;
   * - `kept`: among the `width` likeliest of its step, so followed further;
   * - `ended`: an answer's end;
   * - `dropped`: weighed, and less likely than those.
   */
  readonly fate: 'forced' | 'kept' | 'ended' | 'dropped';
}

/** Nodes step by step; of one step those that are kept first, then those that ended, then those that were dropped. */
export class AnswerTree {
  readonly nodes: AnswerNode[] = [];
  /** Nodes of the hypotheses that are followed, in their order; none before the first token. */
  #open: readonly number[] = [-1];
  #forced = 0;
  readonly #token: (id: number) => string;
  readonly #children = new Map<string, number>();

  /** @param token - what an id stands for */
  constructor(token: (id: number) => string) {
    this.#token = token;
  }

  /** A token that had to be written next, and its ln P. */
  force(id: number, logProbability: number): void {
    this.#forced += logProbability;
    this.#open = [this.#add({ parent: 0, id, logProbability: 0 }, 'forced')];
  }

  step({ kept, ended, dropped }: BeamStep): void {
    const open = kept.map((candidate) => this.#add(candidate, 'kept'));
    for (const candidate of ended) this.#add(candidate, 'ended');
    for (const candidate of dropped) this.#add(candidate, 'dropped');
    this.#open = open;
  }

  /** The node at the end of these ids. */
  nodeOf(ids: readonly number[]): number {
    return ids.reduce((node, id) => this.#children.get(`${node} ${id}`)!, -1);
  }

  #add(candidate: Candidate, fate: AnswerNode['fate']): number {
    const parent = this.#open[candidate.parent]!;
    const before = this.nodes[parent];
    const logProbability = this.#forced + candidate.logProbability;
    this.#children.set(`${parent} ${candidate.id}`, this.nodes.length);
    return (
      this.nodes.push({
        parent,
        depth: before === undefined ? 0 : before.depth + 1,
        token: this.#token(candidate.id),
        probability: Math.exp(logProbability - (before?.logProbability ?? 0)),
        logProbability,
        fate,
      }) - 1
    );
  }
}
