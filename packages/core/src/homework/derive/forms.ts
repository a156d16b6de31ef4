/** The gradient in one line: as one backward sweep, and as a sum over paths. */
import type { Layout } from './derivation.js';
import type { Model } from './model.js';
import type { Relevant } from './relevant.js';
import type { LossAt } from './run.js';
import type { Variable } from './sweep.js';
import { equals, named, quotient, sumWritten, variableWritten, type Written, written } from './write.js';

export interface StepsInput {
  readonly model: Model;
  readonly relevant: Relevant;
  readonly variable: Variable;
  readonly steps: number;
  readonly at: LossAt;
  readonly lossSteps: readonly number[];
  readonly layout: Layout;
}

const J = named('J');

/** dJ/dW = sum_t g_z[t] h[t-1]^T */
export function vectorisedForm({ model, relevant, variable, steps, layout }: StepsInput): Written {
  const by = variableWritten(variable);
  const shape = model.shapes.get(variable.name)!;
  const left = quotient(J, by);
  if (relevant.variable.length === 0) return equals(left, written('0', '\\mathbf{0}'));
  if (variable.step !== undefined)
    return equals(left, named(`${model.gradientPrefix}${variable.name}`, String(variable.step)));
  const inside = sumWritten(model, layout, relevant.variable, shape);
  const [open, close] = relevant.variable.length > 1 ? ['(', ')'] : ['', ''];
  return equals(
    left,
    written(
      `sum_{t=1}^{${steps}} ${open}${inside.text}${close}`,
      `\\sum_{t=1}^{${steps}} ${open && '\\left('}${inside.latex}${close && '\\right)'}`,
    ),
  );
}

/** dJ/dW = sum_t sum_{k<=t} g_z(t)[k] h[k-1]^T */
export function perPathForm({ model, relevant, variable, at, steps, layout }: StepsInput): Written {
  const by = variableWritten(variable);
  const left = quotient(J, by);
  if (relevant.variable.length === 0) return equals(left, written('0', '\\mathbf{0}'));
  if (variable.step !== undefined) {
    const g = `${model.gradientPrefix}${variable.name}`;
    const last =
      at === 'each' ? `sum_{t=1}^{${steps}} ${g}(t)[${variable.step}]` : `${g}(${steps})[${variable.step}]`;
    const symbol = named(g, String(variable.step)).latex;
    return equals(
      left,
      written(last, at === 'each' ? `\\sum_{t=1}^{${steps}} ${symbol}^{(t)}` : `${symbol}^{(${steps})}`),
    );
  }
  const inside = sumWritten(model, layout, relevant.variable, model.shapes.get(variable.name)!);
  const prefix = model.gradientPrefix;
  const t = at === 'each' ? 't' : String(steps);
  const gradientNames = new RegExp(`\\b${prefix}(\\w+)\\[t`, 'g');
  const text = inside.text.replace(gradientNames, `${prefix}$1(${t})[t`).replace(/\[t(?=[\]+-])/g, '[k');
  const latex = inside.latex
    .replace(/_\{t(?=[}+-])/g, '_{k')
    .replace(/,t(?=[}+-])/g, ',k')
    .replace(/(g_\{(?:[^{}]|\{[^{}]*\})*\})/g, `$1^{(${t})}`);
  const [open, close] = relevant.variable.length > 1 ? ['(', ')'] : ['', ''];
  const outer =
    at === 'each'
      ? written(`sum_{t=1}^{${steps}} sum_{k=1}^{t}`, `\\sum_{t=1}^{${steps}} \\sum_{k=1}^{t}`)
      : written(`sum_{k=1}^{${steps}}`, `\\sum_{k=1}^{${steps}}`);
  return equals(
    left,
    written(
      `${outer.text} ${open}${text}${close}`,
      `${outer.latex} ${open && '\\left('}${latex}${close && '\\right)'}`,
    ),
  );
}
