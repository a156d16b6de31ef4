/**
 * The homework's questions: worked out, checked, derived, graded. Pure functions of text and numbers.
 *
 * {@includeCode ../../examples/homework.ts}
 *
 * @module @hw5/core/homework
 */
export type { AttentionInput } from '../session/protocol.js';
export { type Architecture, architectures } from './architecture/architectures.js';
export { distances, type GraphNode, type ModelGraph, reach } from './architecture/graph.js';
export {
  type ArchitectureChoice,
  type ArchitectureLook,
  buildArchitecture,
  lookAtArchitecture,
  type Shape,
  shapes,
} from './architecture/look.js';
export { type Route, route, type Weighed } from './architecture/route.js';
export { type KnownTask, knownTasks, type Task } from './architecture/task.js';
export {
  type AttendMode,
  type AttendOptions,
  type AttendReport,
  attend,
  attendModes,
  type SweepRow,
  sweepTemperatures,
} from './attention/attend.js';
export { attendByHand, question3 } from './attention/by-hand.js';
export {
  drawGumbelWeights,
  type EstimatedGradient,
  type EstimatorBench,
  type EstimatorId,
  type EstimatorOptions,
  estimateScoreGradient,
} from './attention/estimators.js';
export {
  type AttendGradientOptions,
  type AttendGradients,
  type AttentionSlopes,
  attendGradients,
} from './attention/gradients.js';
export {
  type ScoreSweep,
  type ScoreSweepOptions,
  type SweptMode,
  sweepScore,
} from './attention/score-sweep.js';
export { questionGroups, questions } from './bank/groups.js';
export { nearestName, questionName, questionNames, type Solution, solve } from './bank/solve.js';
export type {
  Bilingual,
  Experiment,
  GroupId,
  Mistake,
  Option,
  Question,
  QuestionGroup,
  QuestionId,
  Step,
} from './bank/types.js';
export { check, checkable } from './check/check.js';
export type { Verdict } from './check/verdict.js';
export {
  type AllChecks,
  checkAll,
  type Derivation,
  type DerivationRequest,
  derivationLatex,
  derivationText,
  derive,
  type Influence,
  type InfluenceOptions,
  influence,
  type Probe,
  type ProbeOptions,
  probe,
  type Slice,
  type Slices,
  type SlicesOptions,
  slices,
  type Unrolled,
  unroll,
} from './derive/index.js';
export { type Found, findQuestions } from './find/find.js';
export { type Interpretation, interpret, type Reading } from './find/interpret.js';
export { type ClassSummary, GradeBook, type QuestionRow, type Slip, type StudentRow } from './grade/class.js';
export { type Grade, gradable, gradeAnswer } from './grade/grade.js';
export { creditOf, marksOf } from './grade/marks.js';
export { type Hunt, type HuntOptions, hunt } from './hunt/hunt.js';
export { type HuntMistake, huntMistakes } from './hunt/mistakes.js';
export { normalizeNotation, parseMatrix, parseVector } from './notation.js';
export { solutionLatex } from './write/latex.js';
export { solutionMarkdown } from './write/markdown.js';
export { type Language, type Segment, segments } from './write/markup.js';
export { wordsIn } from './write/words.js';
export { type SolutionFormat, solutionFormats, writeSolution } from './write/write.js';
