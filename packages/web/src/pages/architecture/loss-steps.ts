/** Which outputs of an aligned network have a loss, as the settings hold it and as markers are moved. */
import { MOST_STEPS, type Values } from './table.js';

type Losses = Pick<Values, 'loss' | 'mask' | 'inputs'>;

/** Steps that have a loss, in order; the last where a mask leaves none. */
export function lossSteps({ loss, mask, inputs }: Losses): readonly number[] {
  if (loss === 'last') return [inputs];
  const steps = Array.from({ length: inputs }, (_, at) => at + 1);
  if (loss !== 'masked') return steps;
  const wanted = maskSteps(mask);
  const left = steps.filter((step) => wanted.includes(step));
  return left.length === 0 ? [inputs] : left;
}

/** `1,4` as numbers; what is no step is left out. */
export function maskSteps(text: string): readonly number[] {
  const steps = text.split(',').flatMap((part) => (/^\d{1,2}$/.test(part.trim()) ? [Number(part)] : []));
  return [...new Set(steps)].filter((step) => step >= 1 && step <= MOST_STEPS);
}

/** The settings under which exactly these steps have a loss; null for none, since something must be learnt. */
export function settingsOf(steps: readonly number[], inputs: number): Pick<Values, 'loss' | 'mask'> | null {
  const ordered = [...new Set(steps)].filter((step) => step <= inputs).sort((a, b) => a - b);
  if (ordered.length === 0) return null;
  if (ordered.length === inputs) return { loss: 'each', mask: '' };
  if (ordered.length === 1 && ordered[0] === inputs) return { loss: 'last', mask: '' };
  return { loss: 'masked', mask: ordered.join(',') };
}

/** The same losses with the one at `step` there or not. */
export function withLoss(
  values: Losses,
  step: number,
  isThere: boolean,
): Pick<Values, 'loss' | 'mask'> | null {
  const others = lossSteps(values).filter((other) => other !== step);
  return settingsOf(isThere ? [...others, step] : others, values.inputs);
}
