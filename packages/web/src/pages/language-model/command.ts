/** The terminal's twin of the page's model; the corpus is the file that the page saves. */
import { fixed, type Values } from './table.js';

export function trainCommand(
  { hidden, steps, seed }: Pick<Values, 'hidden' | 'steps' | 'seed'>,
  language: string,
): string {
  return [
    `npx hw5 train char-lm --data panbeh-${language}.txt --precision f64 --cell ${fixed.cell}`,
    `--hidden ${hidden} --embed ${fixed.embeddingSize} --batch ${fixed.batchSize} --seq ${fixed.sequenceLength}`,
    `--lr ${fixed.learningRate} --eval-every ${fixed.evaluateEvery} --steps ${steps} --seed ${seed}`,
  ].join(' ');
}
