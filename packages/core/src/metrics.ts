/** How good predictions are. All are plain counts over pairs of what is right and what was said. */

/** counts[i * classes + j]: how often class i was taken for class j. */
export class ConfusionMatrix {
  readonly classes: number;
  readonly counts: Float64Array;

  constructor(classes: number) {
    this.classes = classes;
    this.counts = new Float64Array(classes * classes);
  }

  add(target: number, predicted: number): void {
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

function quotient(numerator: number, denominator: number): number {
  return denominator === 0 ? 0 : numerator / denominator;
}
