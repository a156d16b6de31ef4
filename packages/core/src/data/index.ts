/**
 * Reading, tokenising and making data. Tokenisers and tables need no kernel; tasks and batches draw random numbers and do.
 *
 * {@includeCode ../../examples/data.ts}
 *
 * @module @hw5/core/data
 */
export { BucketBatches, shuffle } from './buckets.js';
export { type CalendarDate, fromDays, gregorian, jalali, toDays, weekday } from './calendar.js';
export { type CsvOptions, parseCsv } from './csv.js';
export * from './examples.js';
export { loadHuggingFace, type TokenizersLibrary } from './hugging-face.js';
export { parseJsonLines } from './json-lines.js';
export { defaultNormalization, type Normalization, noNormalization, normalize } from './normalize.js';
export { pad } from './padding.js';
export { seriesPairs, seriesWindows } from './series.js';
export { readBytes, readText, type Source } from './source.js';
export type { Row, Table } from './table.js';
export { type Split, type Task, type TaskName, take, tasks } from './tasks/index.js';
export { decodeUtf8 } from './text.js';
export {
  CharacterTokens,
  PieceTokens,
  type TextTokens,
  type TextTokensState,
  type TextUnit,
  textUnits,
  WordTokens,
} from './text-tokens.js';
export {
  type Tokenizer,
  type TokenizerState,
  type Unit,
  type VocabularyOptions,
  VocabularyTokenizer,
} from './tokenizer.js';
export { Vocabulary } from './vocabulary.js';
