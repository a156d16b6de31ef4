/**
 * What an encoder-decoder might answer: the hypotheses of a beam with every step's alternatives and the tree of the search,
 * after tokens that were forced upon it, or with attention that was edited.
 */
import { ArgumentError, DataError } from '../errors.js';
import type { AttentionEdit } from '../models/attention-edit.js';
import { beamSearch } from '../models/beam-search.js';
import { Seq2SeqDecoder } from '../models/seq2seq-decoder.js';
import { logSoftmax, softmax } from '../ops/softmax.js';
import { noGrad } from '../tape.js';
import { ids, scope } from '../tensor.js';
import { type AnswerNode, AnswerTree } from './answer-tree.js';
import type { Run } from './run.js';
import type { Seq2SeqRun } from './seq2seq-run.js';

export interface AnswersOptions {
  /** Hypotheses kept at each step; 1 = greedy. Defaults to 4. */
  readonly width?: number;
  /** Answers given at most. Defaults to `width`. */
  readonly best?: number;
  /** alpha of the length penalty, see `beamSearch`. Defaults to 0. */
  readonly lengthPenalty?: number;
  /** The first tokens, written whatever the model thinks of them. Defaults to none. */
  readonly forced?: readonly string[];
  /** Alternatives named at each step. Defaults to 5. */
  readonly top?: number;
  /** What-if: how the attention of some steps is edited, of every hypothesis, before the decoder goes on. Defaults to none. */
  readonly edits?: readonly StepEdit[];
  /** Give the tree of the search. Defaults to false. */
  readonly tree?: boolean;
}

/** An edit of the attention with which one token is written, counted from 0. */
export type StepEdit = AttentionEdit & { readonly step: number };

/** One token of an answer, and what else the model might have written there. */
export interface AnswerStep {
  readonly token: string;
  readonly probability: number;
  readonly forced: boolean;
  readonly top: readonly (readonly [token: string, probability: number])[];
}

export interface TextAnswer {
  readonly output: string;
  /** With the end, where the model wrote it. */
  readonly steps: readonly AnswerStep[];
  /** ln P(answer | text), forced tokens included, nats. */
  readonly logProbability: number;
  /** What the beam ranks by: ln P of what followed the forced tokens, divided by its length penalty. */
  readonly score: number;
  readonly ended: boolean;
  /** [step][source], rows sum to 1; edited rows as they were edited. */
  readonly alignment: readonly (readonly number[])[];
  /** The node of its last token, with `tree`. */
  readonly node?: number;
}

export interface TextAnswers {
  readonly source: readonly string[];
  /** Best first. */
  readonly answers: readonly TextAnswer[];
  /** Every hypothesis that the search weighed, with `tree`. */
  readonly tree?: readonly AnswerNode[];
}

/** Largest factor of an edit: beyond it weights are 0 or 1 anyhow. */
const MOST_FACTOR = 1000;

/**
 * The best answers to a text.
 * @throws ArgumentError for another kind of run or options outside their domains, DataError for a text without tokens or
 * a forced token that the model cannot write
 */
export function answersOf(run: Run, text: string, options: AnswersOptions = {}): TextAnswers {
  if (run.task !== 'seq2seq') throw new ArgumentError(`answers: the run must be seq2seq, got ${run.task}`);
  const translator = run as unknown as Seq2SeqRun;
  const { model, source, target } = translator;
  const { width = 4, best = width, lengthPenalty = 0, forced = [], top = 5, edits = [] } = options;
  if (!Number.isSafeInteger(top) || top < 1) {
    throw new ArgumentError(`answers: top must be a whole number >= 1, got ${top}`);
  }
  const { maxLength } = translator.describe();
  const { begin, end } = target.special;
  const read = source.encode(text);
  if (read.length === 0) throw new DataError('answers: the text must have tokens, got none');
  const given = forced.map((token) => idOf(translator, token));
  if (given.length >= maxLength) {
    throw new ArgumentError(`answers: forced must be fewer than ${maxLength} tokens, got ${given.length}`);
  }
  const edited = editsByStep(edits, maxLength, read.length);
  const tree = options.tree === true ? new AnswerTree((id) => target.token(id)) : undefined;
  return run.looking(() => {
    const decoder = new Seq2SeqDecoder(model, read, edited);
    try {
      for (const [t, id] of given.entries()) {
        const logits = decoder.step([given[t - 1] ?? begin]);
        tree?.force(
          id,
          noGrad(() => scope(() => logSoftmax(logits).data[id]!)),
        );
      }
      const found = beamSearch(decoder, given.at(-1) ?? begin, {
        width,
        best,
        lengthPenalty,
        endId: end,
        maxLength: maxLength - given.length,
        ...(tree === undefined ? {} : { onStep: (step) => tree.step(step) }),
      });
      return {
        source: Array.from(read, (id) => source.token(id)),
        ...(tree === undefined ? {} : { tree: tree.nodes }),
        answers: found.map(({ ids: written, score, ended }) => {
          const all = [...given, ...written];
          const { probabilities, alignment } = replay(translator, read, all, edited);
          const steps = all.map((id, t) => {
            const row = probabilities[t]!;
            return {
              token: target.token(id),
              probability: row[id]!,
              forced: t < given.length,
              top: largest(row, top).map((other) => [target.token(other), row[other]!] as const),
            };
          });
          return {
            output: target.decode(all),
            steps,
            logProbability: steps.reduce((sum, { probability }) => sum + Math.log(probability), 0),
            score,
            ended,
            alignment,
            ...(tree === undefined ? {} : { node: tree.nodeOf(all) }),
          };
        }),
      };
    } finally {
      decoder.dispose();
    }
  });
}

/** The model fed its answer: the distribution of each step, and what it attended to. */
function replay(
  { model, target }: Seq2SeqRun,
  read: ArrayLike<number>,
  written: readonly number[],
  edits: ReadonlyMap<number, AttentionEdit>,
): { probabilities: number[][]; alignment: number[][] } {
  return noGrad(() =>
    scope(() => {
      const input = ids([target.special.begin, ...written.slice(0, -1)], [written.length, 1]);
      const { logits, alignment } = model.forward(ids(read, [read.length, 1]), input, {
        returnAlignment: true,
        edits,
      });
      return {
        probabilities: (softmax(logits).toArray() as number[][][]).map(([row]) => row!),
        alignment: (alignment!.toArray() as number[][][])[0]!,
      };
    }),
  );
}

function idOf({ target }: Seq2SeqRun, token: string): number {
  for (let id = 0; id < target.size; id += 1) if (target.token(id) === token) return id;
  throw new DataError(
    `answers: forced tokens must be ones that the model can write, got ${JSON.stringify(token)}`,
  );
}

/** @throws ArgumentError for an edit that cannot be made */
function editsByStep(
  edits: readonly StepEdit[],
  steps: number,
  places: number,
): ReadonlyMap<number, AttentionEdit> {
  const byStep = new Map<number, AttentionEdit>();
  const whole = (name: string, value: number, count: number): void => {
    if (Number.isInteger(value) && value >= 0 && value < count) return;
    throw new ArgumentError(
      `answers: ${name} of an edit must be a whole number in [0, ${count}), got ${value}`,
    );
  };
  for (const { step, ...edit } of edits) {
    whole('step', step, steps);
    if (byStep.has(step)) {
      throw new ArgumentError(`answers: edits must be of different steps, got two of step ${step}`);
    }
    if (edit.kind === 'place') whole('place', edit.place, places);
    else if (edit.kind === 'power' && !(edit.factor > 0 && edit.factor <= MOST_FACTOR)) {
      throw new ArgumentError(`answers: factor must be in (0, ${MOST_FACTOR}], got ${edit.factor}`);
    } else if (edit.kind !== 'power' && edit.kind !== 'argmax') {
      const { kind } = edit as { readonly kind: unknown };
      throw new ArgumentError(`answers: kind must be place, argmax or power, got ${String(kind)}`);
    }
    byStep.set(step, edit);
  }
  return byStep;
}

function largest(row: readonly number[], count: number): number[] {
  return [...row.keys()].sort((a, b) => row[b]! - row[a]! || a - b).slice(0, count);
}
