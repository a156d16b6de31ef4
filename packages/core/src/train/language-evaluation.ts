/** The loss of a language model on a text, window by window. */
import { windows } from '../data/batches.js';
import { CharLM, type CharLMState } from '../models/char-lm.js';
import type { TransformerLM } from '../models/transformer-lm.js';
import { crossEntropy } from '../ops/loss.js';
import { ids, keep, scope } from '../tensor.js';

/** Windows of this many tokens for a recurrent model; the result does not depend on it. */
const EVALUATION_WINDOW = 64;
/** The target of a token that another window counts. */
const IGNORED = -100;

/** Sums over what was predicted. */
export interface LanguageLoss {
  /** Summed cross-entropy, nats. */
  readonly total: number;
  readonly tokens: number;
}

/**
 * Yields after each window, so that other work gets in between; ending it early is fine. A recurrent model carries its
 * state over the whole text. A Transformer reads windows of C tokens that overlap by half, and of each but the first the
 * later half counts: every token is predicted from at least half a context.
 * @param part - at least 2 ids
 * @param streams - pieces of the text read side by side, at most
 * @param inference - runs a function without gradients and dropout
 */
export function languageLoss(
  model: CharLM | TransformerLM,
  part: Int32Array,
  streams: number,
  inference: <R>(fn: () => R) => R,
): Generator<void, LanguageLoss> {
  return model instanceof CharLM
    ? recurrentLoss(model, part, streams, inference)
    : windowLoss(model, part, streams, inference);
}

/** As many parallel streams as keep each at least a window long. */
function divided(part: Int32Array, streams: number, window: number): { rows: number; length: number } {
  const rows = Math.max(1, Math.min(streams, Math.floor((part.length - 1) / window)));
  return { rows, length: Math.floor((part.length - 1) / rows) };
}

/** A text in streams side by side, each as one window. */
export interface TextWindow {
  readonly shape: readonly [length: number, streams: number];
  readonly inputs: Int32Array;
  readonly targets: Int32Array;
}

/** What {@link languageLoss} reads of `part` with a recurrent model, all at once. */
export function wholeWindow(part: Int32Array, streams: number): TextWindow {
  const { rows, length } = divided(part, streams, EVALUATION_WINDOW);
  const starts = Array.from({ length: rows }, (_, b) => b * length);
  return { shape: [length, rows], ...windows(part, starts, length) };
}

function* recurrentLoss(
  model: CharLM,
  part: Int32Array,
  streams: number,
  inference: <R>(fn: () => R) => R,
): Generator<void, LanguageLoss> {
  const { rows, length } = divided(part, streams, EVALUATION_WINDOW);
  let total = 0;
  let state: CharLMState | undefined;
  try {
    for (let at = 0; at < length; at += EVALUATION_WINDOW) {
      const time = Math.min(EVALUATION_WINDOW, length - at);
      const starts = Array.from({ length: rows }, (_, b) => b * length + at);
      const { inputs, targets } = windows(part, starts, time);
      total += inference(() => {
        const result = scope(() => {
          const { logits, h, c } = model.forward(ids(inputs, [time, rows]), state);
          const loss = crossEntropy(logits, ids(targets, [time, rows]));
          return { loss: loss.item(), h: keep(h), c: c && keep(c) };
        });
        disposeState(state);
        state = result;
        return result.loss * time * rows;
      });
      yield;
    }
  } finally {
    disposeState(state);
  }
  return { total, tokens: length * rows };
}

function* windowLoss(
  model: TransformerLM,
  part: Int32Array,
  streams: number,
  inference: <R>(fn: () => R) => R,
): Generator<void, LanguageLoss> {
  const C = model.contextSize;
  const { rows, length } = divided(part, streams, C);
  let total = 0;
  for (let counted = 0; counted < length; ) {
    const at = counted === 0 ? 0 : counted - Math.floor(C / 2);
    const time = Math.min(C, length - at);
    const starts = Array.from({ length: rows }, (_, b) => b * length + at);
    const { inputs, targets } = windows(part, starts, time);
    targets.fill(IGNORED, 0, (counted - at) * rows);
    total += inference(() =>
      scope(() => {
        const { logits } = model.forward(ids(inputs, [time, rows]));
        const loss = crossEntropy(logits, ids(targets, [time, rows]), { ignoreIndex: IGNORED });
        return loss.item() * (at + time - counted) * rows;
      }),
    );
    counted = at + time;
    yield;
  }
  return { total, tokens: length * rows };
}

function disposeState(state: CharLMState | undefined): void {
  state?.h.dispose();
  state?.c?.dispose();
}
