/** Formulas inside Persian sentences: runs of Latin text, which must stay left to right. */

/** ASCII with a letter or a digit in it, without the punctuation of the sentence around it. */
const RUN = /[(\-\w'[](?:[ -~]*[\w)\]'^*])?/g;

/** The sentence with every such run wrapped. */
export function wrapFormulas(sentence: string, wrap: (formula: string) => string): string {
  return sentence.replace(RUN, (run) => (/\w/.test(run) ? wrap(run) : run));
}
