import type { Bilingual } from '../bank/types.js';

/** What the checker found. */
export interface Verdict {
  readonly question: string;
  readonly correct: boolean;
  /** The answer as it was read, e.g. `b, c` or `[6, 1, 2]`. */
  readonly understood: string;
  /** Stable name of the mistake, e.g. `index-from-one`; null when the answer is right. */
  readonly code: string | null;
  /** The likely mistake, in words; null when the answer is right. */
  readonly mistake: Bilingual | null;
  /** A case in which the answer fails; null when the answer is right, or when none says more than the mistake. */
  readonly counterExample: Bilingual | null;
  /** What a right answer leaves open, e.g. that it is in row form. */
  readonly remark?: Bilingual;
  /** For answers of several parts: which of them are right. */
  readonly parts?: Readonly<Record<string, boolean>>;
  /** For shapes that do not fit: the formula and, on the line below it, carets at the place. */
  readonly place?: string;
}
