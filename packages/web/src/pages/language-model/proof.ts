/** The page's claims, checked on the model and the line that are on the screen. */
import type { NextTokens, Session } from '@hw5/core';
import type { LanguageModelKey } from './en.js';

export interface Claim {
  readonly key: LanguageModelKey;
  readonly facts: Readonly<Record<string, number>>;
  readonly holds: boolean;
}

/** Sums of some seventy numbers in double precision. */
const TOLERANCE = 1e-12;

export interface ProofInput {
  /** The line between its line breaks, as the model reads it. */
  readonly text: string;
  /** Characters read before the caret, the first line break among them. */
  readonly read: number;
  readonly vocabulary: number;
  /** exp of the mean of -ln P before the first training step; null where that was not seen. */
  readonly perplexityAtStart: number | null;
}

export async function claims(session: Session, input: ProofInput): Promise<Claim[]> {
  const { text, read, vocabulary, perplexityAtStart } = input;
  const ask = (line: string): Promise<NextTokens> =>
    session.nextTokens(line, { top: vocabulary, seed: 1, temperature: 1 });
  const [once, twice] = [await ask(text), await ask(text)];
  const { steps, logProbability, perplexity } = once.forced;
  const off = Math.max(...steps.map(({ top }) => Math.abs(top.reduce((sum, [, p]) => sum + p, 0) - 1)));
  const sum = steps.reduce((total, step) => total + Math.log(step.probability), 0);
  const effective = Math.exp(-sum / steps.length);
  // Another future behind the same past: the line backwards.
  const characters = [...text];
  const other = [...characters.slice(0, read), ...characters.slice(read).reverse()].join('');
  const [here, there] = [steps[read - 1], (await ask(other)).forced.steps[read - 1]];
  const byToken = new Map(there?.top ?? []);
  const moved = Math.max(
    ...(here?.top ?? []).map(([token, p]) => Math.abs(p - (byToken.get(token) ?? Number.NaN))),
  );
  const start: Claim[] =
    perplexityAtStart === null
      ? []
      : [
          {
            key: 'claim.start',
            facts: { perplexity: perplexityAtStart, vocabulary },
            holds: Math.abs(perplexityAtStart / vocabulary - 1) < 0.2,
          },
        ];
  return [
    { key: 'claim.sum', facts: { steps: steps.length, off }, holds: off <= TOLERANCE },
    {
      key: 'claim.product',
      facts: { sum: -sum, off: Math.abs(sum - logProbability) },
      holds: Math.abs(sum - logProbability) <= TOLERANCE * Math.max(1, Math.abs(sum)),
    },
    {
      key: 'claim.perplexity',
      facts: { perplexity, off: Math.abs(effective - perplexity) },
      holds: Math.abs(effective / perplexity - 1) <= TOLERANCE,
    },
    { key: 'claim.future', facts: { moved }, holds: moved === 0 },
    { key: 'claim.seed', facts: {}, holds: JSON.stringify(once) === JSON.stringify(twice) },
    ...start,
  ];
}
