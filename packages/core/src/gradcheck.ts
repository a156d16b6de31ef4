/** Finite differences against backward, in double precision. */
import { ArgumentError } from './errors.js';
import { grad, noGrad } from './tape.js';
import { scope, type Tensor } from './tensor.js';

export interface GradcheckOptions {
  /** Step h of the five-point stencil. Defaults to 1e-3: truncation h^4/30 and rounding 1e-16/h are then both < 1e-12. */
  readonly epsilon?: number;
  /** Largest accepted relative error. Defaults to 1e-7, CS231n's bar for smooth functions in double precision. */
  readonly tolerance?: number;
}

export interface GradcheckResult {
  /** Which input, in the order given. */
  readonly input: number;
  readonly entries: number;
  /** max |a - n| / max(|a|, |n|, floor); the floor is 1e-4 of the largest entry, where rounding rules. */
  readonly relativeError: number;
  /** Where the largest error is, and both values there. */
  readonly worst: { readonly index: number; readonly analytic: number; readonly numeric: number };
  readonly passed: boolean;
}

/** Entries below this share of the largest are compared with it instead of with themselves. */
const FLOOR_SHARE = 1e-4;

/**
 * Compare dL/dx of backward with (-L(x+2h) + 8 L(x+h) - 8 L(x-h) + L(x-2h)) / 12h, for every entry of every input.
 * @param loss - must be a pure function of the inputs that returns a scalar
 * @throws ArgumentError when the inputs are not f64: single precision cannot tell a wrong gradient from rounding
 */
export function gradcheck(
  loss: (inputs: readonly Tensor[]) => Tensor,
  inputs: readonly Tensor[],
  options: GradcheckOptions = {},
): GradcheckResult[] {
  const { epsilon = 1e-3, tolerance = 1e-7 } = options;
  for (const input of inputs) {
    if (input.kernel.precision !== 'f64' || input.dtype !== 'real') {
      throw new ArgumentError(
        `gradcheck: inputs must be f64 reals, got ${input.kernel.precision} ${input.dtype}; try init({ precision: 'f64' })`,
      );
    }
    input.requiresGrad = true;
  }
  const analytic = scope(() => grad(loss(inputs), inputs).map((g) => g.data));
  const value = (): number => noGrad(() => scope(() => loss(inputs).item()));
  return inputs.map((input, which) => {
    const gradient = analytic[which]!;
    const numeric = gradient.map((_, index) => {
      const x = input.view()[index]!;
      const at = (offset: number): number => {
        input.view()[index] = x + offset;
        return value();
      };
      const slope =
        (-at(2 * epsilon) + 8 * at(epsilon) - 8 * at(-epsilon) + at(-2 * epsilon)) / (12 * epsilon);
      input.view()[index] = x;
      return slope;
    });
    return compare(which, gradient, numeric, tolerance);
  });
}

function compare(
  input: number,
  analytic: ArrayLike<number>,
  numeric: ArrayLike<number>,
  tolerance: number,
): GradcheckResult {
  const entries = analytic.length;
  let largest = 0;
  for (let i = 0; i < entries; i += 1) {
    largest = Math.max(largest, Math.abs(analytic[i]!), Math.abs(numeric[i]!));
  }
  let relativeError = 0;
  let worst = { index: 0, analytic: analytic[0] ?? 0, numeric: numeric[0] ?? 0 };
  for (let index = 0; index < entries; index += 1) {
    const a = analytic[index]!;
    const n = numeric[index]!;
    const scale = Math.max(Math.abs(a), Math.abs(n), FLOOR_SHARE * largest);
    const error = scale === 0 ? 0 : Math.abs(a - n) / scale;
    // NaN must fail, so the comparison is written the other way round.
    if (!(error <= relativeError)) {
      relativeError = error;
      worst = { index, analytic: a, numeric: n };
    }
  }
  return { input, entries, relativeError, worst, passed: relativeError < tolerance };
}
