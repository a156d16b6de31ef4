export {
  type AttendMode,
  type AttendOptions,
  type AttendReport,
  attend,
  attendModes,
  type SweepRow,
  sweepTemperatures,
} from './attention/attend.js';
export { type AttentionInput, attendByHand, question3 } from './attention/by-hand.js';
export { normalizeNotation, parseMatrix, parseVector } from './notation.js';
