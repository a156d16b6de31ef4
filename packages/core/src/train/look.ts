/** Looks into a run with a text: gates and states, what an answer rests on, how far states reach, search, attention. */
import { ArgumentError } from '../errors.js';
import { type Connectivity, connectivity } from '../inspect/connectivity.js';
import { type StateInfluence, stateInfluence } from '../inspect/influence.js';
import { type LayerRecord, recordLayer } from '../inspect/layer.js';
import { type StateSearch, type StateSearchResult, searchStates } from '../inspect/search.js';
import { narrow } from '../ops/layout.js';
import { softmax } from '../ops/softmax.js';
import { noGrad } from '../tape.js';
import { type AttentionMap, type Lens, lensOf } from './lens.js';
import type { Run } from './run.js';

/** Which layer of the recurrent ones, counted from 0 at the input; the last when left out. */
export interface LayerChoice {
  readonly layer?: number;
}

/** States and gates of one layer (its forward direction) over a text; arrays are [T, 1, H], row-major. */
export interface GateRecord extends LayerRecord {
  readonly tokens: readonly string[];
}

export interface AnswerChoice {
  /** Which of the places where the model says something: a step of the text, or of what it writes. Defaults to the last. */
  readonly at?: number;
  /** The logit that is asked about. Defaults to the largest. */
  readonly target?: number;
}

/** What one answer rests on, by token of the text. */
export interface TextConnectivity extends Connectivity {
  readonly tokens: readonly string[];
  readonly at: number;
  readonly target: number;
  /** What `target` stands for: a token, a tag, a class. */
  readonly label: string;
  /** P(target) */
  readonly probability: number;
}

export interface TextReach extends StateInfluence {
  readonly tokens: readonly string[];
}

export interface TextSearch extends StateSearchResult {
  readonly tokens: readonly string[];
}

export function gatesOf(run: Run, text: string, choice: LayerChoice = {}): GateRecord {
  return run.looking(() => {
    const lens = lensOf(run, text);
    return { tokens: lens.tokens, ...recordLayer(recurrentOf(lens), lens.vectors(), choice) };
  });
}

export function connectivityOf(run: Run, text: string, choice: AnswerChoice = {}): TextConnectivity {
  return run.looking(() => {
    const lens = lensOf(run, text);
    const { at = lens.places - 1 } = choice;
    within('at', at, lens.places);
    const x = noGrad(() => lens.vectors());
    const probabilities = noGrad(() => softmax(lens.logits(x, at)).data);
    const { target = largest(probabilities) } = choice;
    within('target', target, probabilities.length);
    return {
      tokens: lens.tokens,
      at,
      target,
      label: lens.label(target),
      probability: probabilities[target]!,
      ...connectivity((from) => narrow(lens.logits(from, at), target, 1), x),
    };
  });
}

export function reachOf(
  run: Run,
  text: string,
  choice: LayerChoice & Pick<AnswerChoice, 'at'> = {},
): TextReach {
  return run.looking(() => {
    const lens = lensOf(run, text);
    const x = noGrad(() => lens.vectors());
    return { tokens: lens.tokens, ...stateInfluence(recurrentOf(lens), x, choice) };
  });
}

export function searchOf(run: Run, text: string, search: StateSearch & LayerChoice): TextSearch {
  const { tokens, h, shape } = gatesOf(run, text, search);
  return { tokens, ...searchStates(h, shape[2], search) };
}

export function attentionOf(run: Run, text: string): readonly AttentionMap[] {
  return run.looking(() => lensOf(run, text).attention());
}

function recurrentOf({ recurrent }: Lens): NonNullable<Lens['recurrent']> {
  if (recurrent !== undefined) return recurrent;
  throw new ArgumentError('inspect: the model must have recurrent layers, got a transformer');
}

function within(name: string, value: number, count: number): void {
  if (Number.isInteger(value) && value >= 0 && value < count) return;
  throw new ArgumentError(`inspect: ${name} must be in [0, ${count}), got ${value}`);
}

function largest(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i += 1) if (values[i]! > values[best]!) best = i;
  return best;
}
