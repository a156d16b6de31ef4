/** Connectionist temporal classification: the loss of a label sequence without its timing. */
import { ArgumentError, DataError } from '../errors.js';
import { expectRank, expectShape } from '../shape.js';
import { record } from '../tape.js';
import { allocate, ids, type Tensor, tensor } from '../tensor.js';
import { expectReal, mul, sameKernel } from './elementwise.js';
import type { LossOptions } from './loss.js';
import { sum } from './reduce.js';

export interface CtcOptions extends Pick<LossOptions, 'reduction'> {
  /** Steps of each row, [B], in [0, T]. Defaults to T for all. */
  readonly inputLengths?: ArrayLike<number>;
  /** Labels of each row, [B], in [0, S]. Defaults to S for all. */
  readonly targetLengths?: ArrayLike<number>;
  /** The class that stands for "no label here". Defaults to 0. */
  readonly blank?: number;
  /** A row whose target does not fit into its steps counts 0, with no gradient, instead of throwing. Defaults to false. */
  readonly zeroInfinity?: boolean;
}

/**
 * L_b = -ln sum over all paths that collapse to target b of prod_t P_t(path_t): a path names a class for every step,
 * and collapses by dropping repeats, then blanks. `'mean'` divides each L_b by its number of labels (at least 1) and
 * averages over rows; `'sum'` adds. The gradient is that of L by `logProbs` themselves; through {@link logSoftmax} it
 * becomes softmax minus posterior, as in PyTorch.
 * Shapes: logProbs [T, B, C], targets [B, S] (ids, none of them blank; what lies behind a length is not read), L [].
 * Source: Graves et al. 2006.
 * @throws DataError for a label outside [0, C), or a target that no path fits (it needs a step for each label and one
 * between equal neighbours) unless `zeroInfinity`
 */
export function ctcLoss(
  logProbs: Tensor<[number, number, number]>,
  targets: Tensor<[number, number]>,
  options: CtcOptions = {},
): Tensor<[]> {
  expectReal('ctcLoss', logProbs);
  expectRank('ctcLoss', 'logProbs', '[T, B, C]', 3, logProbs.shape);
  expectRank('ctcLoss', 'targets', '[B, S]', 2, targets.shape);
  sameKernel('ctcLoss', logProbs, targets);
  const [T, B, C] = logProbs.shape;
  const S = targets.shape[1];
  expectShape('ctcLoss', 'targets', '[B, S]', [B, S], targets.shape);
  if (targets.dtype !== 'int32')
    throw new ArgumentError(`ctcLoss: targets must be ids, got ${targets.dtype}`);
  if (B === 0) throw new ArgumentError('ctcLoss: at least one row must be given, got none');
  const { blank = 0, zeroInfinity = false, reduction = 'mean' } = options;
  if (!(Number.isInteger(blank) && blank >= 0 && blank < C)) {
    throw new ArgumentError(`ctcLoss: blank must be a whole number in [0, ${C}), got ${blank}`);
  }
  if (reduction !== 'mean' && reduction !== 'sum') {
    throw new ArgumentError(`ctcLoss: reduction must be 'mean' or 'sum', got ${String(reduction)}`);
  }
  const inputLengths = lengths('inputLengths', options.inputLengths, B, T);
  const targetLengths = lengths('targetLengths', options.targetLengths, B, S);
  expectLabels(targets, targetLengths.view(), blank);

  const { kernel } = logProbs;
  const reals = 8 / kernel.realBytes; // of one f64
  const nll = allocate('ctcLoss', [B] as [number], 'real');
  const alpha = allocate('ctcLoss', [B, T, 2 * S + 1, reals], 'real');
  const inputs = () =>
    [
      logProbs.offset,
      targets.offset,
      inputLengths.offset,
      targetLengths.offset,
      ...[T, B, C, S, blank],
    ] as const;
  kernel.check('ctcLoss', kernel.calls.ctc_forward(nll.offset, alpha.offset, ...inputs()));
  for (const [b, value] of nll.view().entries()) {
    if (value !== Number.POSITIVE_INFINITY) continue;
    if (!zeroInfinity) {
      throw new DataError(
        `ctcLoss: every target must have a path, got none for row ${b} with ${targetLengths.view()[b]} labels in ${inputLengths.view()[b]} steps`,
        { row: b },
      );
    }
    nll.view()[b] = 0;
  }
  record('ctcLoss', [logProbs], [nll], (grads) => {
    const dnll = grads.of(nll)!;
    const beta = allocate('ctcLoss', [2, 2 * S + 1, reals], 'real');
    grads.assign(logProbs, (dlogProbs) =>
      kernel.check(
        'ctcLoss',
        kernel.calls.ctc_backward(dlogProbs.offset, beta.offset, dnll.offset, alpha.offset, ...inputs()),
      ),
    );
  });
  if (reduction === 'sum') return sum(nll);
  return sum(
    mul(
      nll,
      tensor(
        Array.from(targetLengths.view(), (n) => 1 / (Math.max(n, 1) * B)),
        [B],
      ),
    ),
  );
}

function lengths(
  name: string,
  given: ArrayLike<number> | undefined,
  rows: number,
  limit: number,
): Tensor<[number]> {
  const all = given ?? new Array<number>(rows).fill(limit);
  if (all.length !== rows) {
    throw new ArgumentError(
      `ctcLoss: ${name} must have one entry for each of ${rows} rows, got ${all.length}`,
    );
  }
  for (let b = 0; b < rows; b += 1) {
    if (!(Number.isInteger(all[b]) && all[b]! >= 0 && all[b]! <= limit)) {
      throw new ArgumentError(
        `ctcLoss: ${name} must be whole numbers in [0, ${limit}], got ${all[b]} at ${b}`,
      );
    }
  }
  return ids(all, [rows]);
}

/** A target that holds the blank would silently count other paths. */
function expectLabels(
  targets: Tensor<[number, number]>,
  targetLengths: ArrayLike<number>,
  blank: number,
): void {
  const labels = targets.view();
  const S = targets.shape[1];
  for (let b = 0; b < targetLengths.length; b += 1) {
    const row = labels.subarray(b * S, b * S + targetLengths[b]!);
    const at = row.indexOf(blank);
    if (at >= 0)
      throw new DataError(`ctcLoss: labels must not be the blank ${blank}, got it in row ${b} at ${at}`);
  }
}
