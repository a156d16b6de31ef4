/** The page's claims, checked on the numbers that are on the screen. */
import type { AttentionInput, Session } from '@hw5/core';
import type { AttendGradientOptions, AttendMode } from '@hw5/core/homework';

export interface Claim {
  readonly key:
    | 'claim.argmax'
    | 'claim.argmaxValues'
    | 'claim.smooth'
    | 'claim.straightThrough'
    | 'claim.reinforce';
  readonly facts: Readonly<Record<string, string | number>>;
  /** `undefined`: no derivative exists here (a tie, a kink), so that nothing is claimed. */
  readonly holds: boolean | undefined;
}

/** Central differences with a step of 1e-5 in f64 are right to about 1e-10; this leaves room for steep slopes. */
const TOLERANCE = 1e-6;
/** Chance lets the mean of an unbiased estimator lie farther once in some 4000 runs (8 keys, two-sided). */
const STANDARD_ERRORS = 4.5;
const DRAWS = 20_000;
/** Of the rarest key, for a standard error to mean something. */
const FEWEST_DRAWS = 20;

export async function claims(
  session: Session,
  input: AttentionInput,
  options: AttendGradientOptions,
): Promise<Claim[]> {
  const check = async (mode: AttendMode) => ({
    mode,
    gradients: await session.attendGradients(input, { ...options, mode }),
    report: await session.attend(input, { ...options, mode }),
  });
  const argmax = await check('argmax');
  const still = [
    ...argmax.gradients.analytic.scores,
    ...argmax.gradients.analytic.query,
    ...argmax.gradients.analytic.keys.flat(),
  ];
  const measured = [
    ...argmax.gradients.numeric.scores,
    ...argmax.gradients.numeric.query,
    ...argmax.gradients.numeric.keys.flat(),
  ];
  const largest = Math.max(...measured.map(Math.abs));
  const found: Claim[] = [
    {
      key: 'claim.argmax',
      facts: { count: still.length, largest },
      holds: argmax.report.differentiable ? still.every((g) => g === 0) && largest === 0 : undefined,
    },
    {
      key: 'claim.argmaxValues',
      facts: { worst: argmax.gradients.worst, where: argmax.gradients.where },
      holds: argmax.report.differentiable ? argmax.gradients.worst <= TOLERANCE : undefined,
    },
  ];
  for (const mode of ['softmax', 'sparsemax', 'entmax15', 'gumbel'] as const) {
    const { gradients, report } = await check(mode);
    found.push({
      key: 'claim.smooth',
      facts: { mode, worst: gradients.worst, where: gradients.where },
      holds: report.differentiable ? gradients.worst <= TOLERANCE : undefined,
    });
  }
  const through = await check('straight-through');
  const believed = Math.max(...through.gradients.analytic.scores.map(Math.abs));
  const real = Math.max(...through.gradients.numeric.scores.map(Math.abs));
  found.push({
    key: 'claim.straightThrough',
    facts: { believed, real },
    holds: through.report.differentiable ? real === 0 : undefined,
  });
  const { estimators } = await session.estimateScoreGradient(input, {
    ...(options.target === undefined ? {} : { target: options.target }),
    ...(options.seed === undefined ? {} : { seed: options.seed }),
    samples: DRAWS,
  });
  const reinforce = estimators.find(({ id }) => id === 'reinforce');
  if (reinforce === undefined) throw new Error('internal: the bench must have a row for REINFORCE');
  // Its bias is a sum over all keys; the draws confirm it where each key is drawn often enough to be measured.
  const rarest = Math.min(...(await session.attend(input, { mode: 'softmax' })).weights);
  const confirmed = rarest * DRAWS < FEWEST_DRAWS || reinforce.standardErrors <= STANDARD_ERRORS;
  found.push({
    key: 'claim.reinforce',
    facts: { draws: DRAWS, bias: reinforce.bias, off: reinforce.standardErrors },
    holds: reinforce.bias <= TOLERANCE && confirmed,
  });
  return found;
}
