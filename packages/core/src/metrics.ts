/** How good predictions are. All are plain counts over pairs of what is right and what was said. */
import { ArgumentError, DataError } from './errors.js';

/** counts[i * classes + j]: how often class i was taken for class j. */
export class ConfusionMatrix {
  readonly classes: number;
  readonly counts: Float64Array;

  /** @param classes - a whole number >= 1 */
  constructor(classes: number) {
    if (!Number.isSafeInteger(classes) || classes < 1) {
      throw new ArgumentError(`ConfusionMatrix: classes must be a whole number >= 1, got ${classes}`);
    }
    this.classes = classes;
    this.counts = new Float64Array(classes * classes);
  }

  /** @throws DataError for a class outside [0, classes) */
  add(target: number, predicted: number): void {
    for (const [name, value] of Object.entries({ target, predicted })) {
      if (!(Number.isInteger(value) && value >= 0 && value < this.classes)) {
        throw new DataError(`ConfusionMatrix: ${name} must be a class in [0, ${this.classes}), got ${value}`);
      }
    }
    this.counts[target * this.classes + predicted]! += 1;
  }

  get total(): number {
    return this.counts.reduce((sum, count) => sum + count, 0);
  }

  /** Share of right answers; NaN when there were none. */
  get accuracy(): number {
    let right = 0;
    for (let i = 0; i < this.classes; i += 1) right += this.counts[i * this.classes + i]!;
    return right / this.total;
  }

  /** Per class, as scikit-learn counts: 0 where a quotient has no meaning. */
  scores(): ClassScores[] {
    return Array.from({ length: this.classes }, (_, i) => {
      let support = 0;
      let said = 0;
      for (let j = 0; j < this.classes; j += 1) {
        support += this.counts[i * this.classes + j]!;
        said += this.counts[j * this.classes + i]!;
      }
      const right = this.counts[i * this.classes + i]!;
      return {
        precision: quotient(right, said),
        recall: quotient(right, support),
        f1: quotient(2 * right, said + support),
        support,
      };
    });
  }

  /** Mean F1 over the classes that occur or were said, each as important. */
  get macroF1(): number {
    const seen = this.scores().filter((_, i) => this.#occurs(i));
    return quotient(
      seen.reduce((sum, { f1 }) => sum + f1, 0),
      seen.length,
    );
  }

  /**
   * Precision, recall and F1 of several classes as one, 0 where a quotient has no meaning:
   * - `'macro'`: the mean over classes, each as important, those that neither occur nor were said included;
   * - `'weighted'`: the mean by how often each class is right;
   * - `'micro'`: of all decisions counted together; over all classes that is the accuracy.
   * @param classes - which; all when left out. A tagger's score often leaves out the class "nothing".
   */
  average(
    how: 'macro' | 'weighted' | 'micro',
    classes: readonly number[] = Array.from({ length: this.classes }, (_, i) => i),
  ): Omit<ClassScores, 'support'> {
    const all = this.scores();
    const chosen = classes.map((i) => {
      const scores = all[i];
      if (scores !== undefined) return { ...scores, i };
      throw new ArgumentError(`ConfusionMatrix: classes must be in [0, ${this.classes}), got ${i}`);
    });
    const total = (of: (scores: ClassScores & { readonly i: number }) => number): number =>
      chosen.reduce((sum, scores) => sum + of(scores), 0);
    const support = total((scores) => scores.support);
    switch (how) {
      case 'macro':
      case 'weighted': {
        const weight = (scores: ClassScores): number => (how === 'macro' ? 1 : scores.support);
        const weights = how === 'macro' ? chosen.length : support;
        return {
          precision: quotient(
            total((scores) => weight(scores) * scores.precision),
            weights,
          ),
          recall: quotient(
            total((scores) => weight(scores) * scores.recall),
            weights,
          ),
          f1: quotient(
            total((scores) => weight(scores) * scores.f1),
            weights,
          ),
        };
      }
      case 'micro': {
        const right = total(({ i }) => this.counts[i * this.classes + i]!);
        const said = total(({ i }) => {
          let count = 0;
          for (let j = 0; j < this.classes; j += 1) count += this.counts[j * this.classes + i]!;
          return count;
        });
        return {
          precision: quotient(right, said),
          recall: quotient(right, support),
          f1: quotient(2 * right, said + support),
        };
      }
      default:
        how satisfies never;
        throw new ArgumentError(
          `ConfusionMatrix: average must be macro, weighted or micro, got ${String(how)}`,
        );
    }
  }

  #occurs(i: number): boolean {
    for (let j = 0; j < this.classes; j += 1) {
      if (this.counts[i * this.classes + j]! > 0 || this.counts[j * this.classes + i]! > 0) return true;
    }
    return false;
  }
}

export interface ClassScores {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** How often the class was right. */
  readonly support: number;
}

/** Levenshtein's distance: insertions, deletions and substitutions, each 1. */
export function editDistance<T>(from: ArrayLike<T>, to: ArrayLike<T>): number {
  let above = Array.from({ length: to.length + 1 }, (_, j) => j);
  for (let i = 1; i <= from.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const same = from[i - 1] === to[j - 1] ? 0 : 1;
      row.push(Math.min(above[j]! + 1, row[j - 1]! + 1, above[j - 1]! + same));
    }
    above = row;
  }
  return above[to.length]!;
}

/** The share of references that were said exactly; NaN when there are none. @throws ArgumentError for unequal numbers */
export function exactMatch<T>(
  references: readonly ArrayLike<T>[],
  hypotheses: readonly ArrayLike<T>[],
): number {
  expectPairs('exactMatch', references, hypotheses);
  const right = references.filter((reference, i) => {
    const said = hypotheses[i]!;
    return reference.length === said.length && Array.prototype.every.call(reference, (x, j) => x === said[j]);
  });
  return right.length / references.length;
}

/**
 * Edits per symbol: the sum of all edit distances by the sum of all reference lengths. Of characters it is the character
 * error rate, of words the word error rate; more than 1 where much too much is said.
 * @returns 0 for nothing said where nothing was to be said, Infinity for something
 * @throws ArgumentError for lists of different lengths
 */
export function errorRate<T>(
  references: readonly ArrayLike<T>[],
  hypotheses: readonly ArrayLike<T>[],
): number {
  expectPairs('errorRate', references, hypotheses);
  let edits = 0;
  let length = 0;
  for (const [i, reference] of references.entries()) {
    edits += editDistance(reference, hypotheses[i]!);
    length += reference.length;
  }
  return edits === 0 ? 0 : edits / length;
}

/** e^loss for a mean cross-entropy in nats: among how many equally likely symbols the model hesitates. */
export function perplexity(loss: number): number {
  return Math.exp(loss);
}

/** loss / ln 2 for a mean cross-entropy per character in nats. */
export function bitsPerCharacter(loss: number): number {
  return loss / Math.LN2;
}

function expectPairs(op: string, references: readonly unknown[], hypotheses: readonly unknown[]): void {
  if (references.length === hypotheses.length) return;
  throw new ArgumentError(
    `${op}: every reference must have a hypothesis, got ${references.length} and ${hypotheses.length}`,
  );
}

function quotient(numerator: number, denominator: number): number {
  return denominator === 0 ? 0 : numerator / denominator;
}
