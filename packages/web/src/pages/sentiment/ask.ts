/** Everything that the page asks of the model at one moment. */
import type { Prediction, Session } from '@hw5/core';
import type { Pair } from './table.js';

export interface SentimentLook {
  readonly tokens: readonly string[];
  readonly labels: readonly string[];
  /** The class whose probability is the score. */
  readonly label: string;
  /** The class that the model says. */
  readonly said: string;
  /** P(label) of the whole sentence. */
  readonly score: number;
  /** P(label) after each token: the readout applied to each prefix. */
  readonly prefixes: readonly number[];
  /** P(label) with the token minus P(label) without it. */
  readonly occlusion: readonly number[];
  /** Gradient of the label's logit times input, by token. */
  readonly contributions: readonly number[];
  /** Weights of attention pooling; undefined for other poolings. */
  readonly weights: readonly number[] | undefined;
  /** P(label) of the sentences of the pairs, one list a pair. */
  readonly pairs: readonly (readonly number[])[];
}

export const probabilityOf = ({ probabilities }: Prediction, label: string): number =>
  probabilities?.find(([name]) => name === label)?.[1] ?? Number.NaN;

/** `positive` where there is such a class, else the first. */
export const scoredLabel = (labels: readonly string[]): string =>
  labels.includes('positive') ? 'positive' : (labels[0] ?? '');

export async function lookAt(
  session: Session,
  text: string,
  pooling: string,
  pairs: readonly Pair[],
): Promise<SentimentLook> {
  const [whole] = await session.predict([text]);
  const { tokens = [], probabilities = [] } = whole!;
  const labels = probabilities.map(([name]) => name);
  const label = scoredLabel(labels);
  const score = probabilityOf(whole!, label);
  const prefixes = tokens.map((_, at) => tokens.slice(0, at + 1).join(' '));
  const without = tokens.length > 1 ? tokens.map((_, at) => tokens.toSpliced(at, 1).join(' ')) : [];
  const sentences = pairs.flatMap((pair) => pair.sentences.map(([sentence]) => sentence));
  const said = await session.predict([...prefixes, ...without, ...sentences]);
  const scores = said.map((prediction) => probabilityOf(prediction, label));
  const connectivity = await session.connectivity(text, { target: labels.indexOf(label) });
  const maps = pooling === 'attention' ? await session.attentionMaps(text) : [];
  let at = prefixes.length + without.length;
  return {
    tokens,
    labels,
    label,
    said: whole!.output,
    score,
    prefixes: scores.slice(0, prefixes.length),
    occlusion: without.map((_, n) => score - scores[prefixes.length + n]!),
    contributions: connectivity.contributions,
    weights: maps[0]?.weights[0],
    pairs: pairs.map((pair) => {
      const own = scores.slice(at, at + pair.sentences.length);
      at += pair.sentences.length;
      return own;
    }),
  };
}
