/** What a sweep may choose: one parameter for each flag, and how it is drawn, listed and told to Optuna. */
import type { Place, Scalar } from './place.js';

export type Parameter =
  | { readonly kind: 'categorical'; readonly choices: readonly Scalar[] }
  | {
      readonly kind: 'int' | 'float';
      readonly low: number;
      readonly high: number;
      /** Distance of neighbouring values; whole numbers default to 1, real ones to any value. */
      readonly step: number | undefined;
      /** Equal shares for equal ratios. */
      readonly log: boolean;
      /** Values in a grid; undefined = every step. */
      readonly points: number | undefined;
    };

/** Parameters by flag, e.g. `lr`. */
export type Space = Readonly<Record<string, Parameter>>;

/** One value for each parameter. */
export type Params = Readonly<Record<string, Scalar>>;

/** Significant digits of a drawn real number: no two machines then differ, and it can be typed. */
const DIGITS = 6;

/** `["a", "b"]`, `{ "int": [low, high] }` or `{ "float": [low, high] }` with step, log and points. */
export function readParameter(place: Place): Parameter {
  if (Array.isArray(place.value)) {
    const choices = place.list('a list of values').map((choice) => choice.scalar());
    if (new Set(choices).size < choices.length) place.refuse('a list without doubles');
    return { kind: 'categorical', choices };
  }
  if (!place.isObject()) place.refuse('a list of values, or an object with int or float');
  const kind = place.at('float').given ? 'float' : 'int';
  place.object([kind, 'step', 'log', 'points']);
  const range = place.at(kind);
  const whole = kind === 'int';
  const [first, second, ...rest] = range.list('[low, high]');
  if (first === undefined || second === undefined || rest.length > 0) return range.refuse('[low, high]');
  const low = first.number({ whole });
  const high = second.number({ whole });
  if (high <= low) second.refuse(`more than ${low}`);
  const log = place.at('log').given && place.at('log').boolean();
  if (log && low <= 0) first.refuse('more than 0 where log is true');
  const step = place.at('step').given ? place.at('step').number({ whole }) : undefined;
  if (step !== undefined && step <= 0) place.at('step').refuse('more than 0');
  if (log && step !== undefined) place.at('step').refuse('left out where log is true');
  const points = place.at('points').given ? place.at('points').number({ whole: true, min: 2 }) : undefined;
  if (points !== undefined && step !== undefined) place.at('points').refuse('left out where there is a step');
  return { kind, low, high, step, log, points };
}

/** The value at `share` of the parameter's range, share in [0, 1). */
export function valueAt(parameter: Parameter, share: number): Scalar {
  if (parameter.kind === 'categorical') {
    return parameter.choices[Math.floor(share * parameter.choices.length)]!;
  }
  const { kind, low, high, log } = parameter;
  const step = parameter.step ?? (kind === 'int' && !log ? 1 : undefined);
  if (step !== undefined) {
    const count = Math.floor((high - low) / step + 1e-9) + 1;
    return rounded(low + Math.floor(share * count) * step);
  }
  if (kind === 'int') {
    // Each whole number owns the ratio from half below it to half above it.
    const value = (low - 0.5) * ((high + 0.5) / (low - 0.5)) ** share;
    return Math.min(high, Math.max(low, Math.round(value)));
  }
  return rounded(log ? low * (high / low) ** share : low + (high - low) * share);
}

/** The values of a grid; undefined when there is no end of them. */
export function gridValues(parameter: Parameter): readonly Scalar[] | undefined {
  if (parameter.kind === 'categorical') return parameter.choices;
  const { kind, low, high, log, points } = parameter;
  if (points !== undefined) {
    const values = Array.from({ length: points }, (_, n) => {
      const share = n / (points - 1);
      const value = log ? low * (high / low) ** share : low + (high - low) * share;
      return kind === 'int' ? Math.round(value) : rounded(value);
    });
    return [...new Set(values)];
  }
  const step = parameter.step ?? (kind === 'int' ? 1 : undefined);
  if (step === undefined) return undefined;
  const count = Math.floor((high - low) / step + 1e-9) + 1;
  return Array.from({ length: count }, (_, n) => rounded(low + n * step));
}

function rounded(value: number): number {
  return Number.isInteger(value) ? value : Number(value.toPrecision(DIGITS));
}

/** The parameter as Optuna's `distribution_to_json` writes it. */
export function distribution(parameter: Parameter): string {
  if (parameter.kind === 'categorical') {
    return JSON.stringify({ name: 'CategoricalDistribution', attributes: { choices: parameter.choices } });
  }
  const { kind, low, high, log, step } = parameter;
  const int = kind === 'int';
  return JSON.stringify({
    name: int ? 'IntDistribution' : 'FloatDistribution',
    attributes: { log, step: int ? (step ?? 1) : (step ?? null), low, high },
  });
}

/** A value as Optuna keeps it: a choice by its place, a number as itself. */
export function internalValue(parameter: Parameter, value: Scalar): number {
  return parameter.kind === 'categorical' ? parameter.choices.indexOf(value) : Number(value);
}

/** The inverse of {@link internalValue}. */
export function externalValue(parameter: Parameter, internal: number): Scalar {
  return parameter.kind === 'categorical' ? parameter.choices[internal]! : internal;
}
