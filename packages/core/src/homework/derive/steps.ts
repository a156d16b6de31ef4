/** The derivation, line by line: what a teacher would write on the board, in the order of the backward pass. */
import type { DerivationStep, Layout } from './derivation.js';
import { isVector, type MatrixShape } from './dimension.js';
import { expandPath, fromLossAlone } from './expand.js';
import { perPathForm, type StepsInput, vectorisedForm } from './forms.js';
import { jacobian, transition } from './jacobian.js';
import { gradientIn, jacobianIn } from './layout.js';
import type { Definition } from './model.js';
import { gradientSymbol, logitsBehind } from './reverse.js';
import { atStep, below, isZero, transpose } from './term.js';
import {
  equals,
  named,
  ofTerm,
  quotient,
  step,
  sumWritten,
  variableWritten,
  type Written,
  written,
} from './write.js';

const J = named('J');

export function derivationSteps(input: StepsInput): DerivationStep[] {
  return [
    ...forward(input),
    ...loss(input),
    ...total(input),
    ...localJacobians(input),
    ...transitions(input),
    ...recursion(input),
    ...immediate(input),
    ...result(input),
    ...writtenPaths(input),
  ];
}

function forward({ model }: StepsInput): DerivationStep[] {
  return model.definitions.map(({ name, term }) =>
    step(
      'forward',
      equals(named(name, 't'), ofTerm(term)),
      term.shape,
      'forward pass of one step',
      'گذر رو به جلو در یک گام',
    ),
  );
}

function loss({ model, at, steps }: StepsInput): DerivationStep[] {
  const one = step(
    'loss',
    equals(named('J', 't'), ofTerm(model.loss)),
    model.loss.shape,
    'the loss of step t',
    'تابع هزینه در گام t',
  );
  const range =
    at === 'each'
      ? written(`sum_{t=1}^{${steps}} J[t]`, `\\sum_{t=1}^{${steps}} J_{t}`)
      : named('J', String(steps));
  return at === 'each'
    ? [
        one,
        step(
          'total',
          equals(J, range),
          model.loss.shape,
          'every step has a loss: J is their sum',
          'هر گام هزینه‌ای دارد و J جمع آن‌هاست',
        ),
      ]
    : [
        one,
        step(
          'total',
          equals(J, range),
          model.loss.shape,
          'only the last step has a loss',
          'تنها گام آخر هزینه دارد',
        ),
      ];
}

/** dJ/dW as a sum over loss steps t and over the steps k at which W enters. */
function total({ model, variable, at, steps, relevant }: StepsInput): DerivationStep[] {
  const by = variableWritten(variable);
  const shape = model.shapes.get(variable.name)!;
  if (relevant.variable.length === 0) {
    const zero = equals(quotient(J, by), written('0', '\\mathbf{0}'));
    return [
      step(
        'total',
        zero,
        shape,
        `J does not depend on ${by.text}: the gradient is zero`,
        `J به ${by.text} وابسته نیست، پس گرادیان صفر است`,
      ),
    ];
  }
  if (variable.step !== undefined) return [];
  const immediateText = `d+J[t]/d${by.text}(k)`;
  const immediateLatex = `\\frac{\\partial^{+} J_{t}}{\\partial ${by.latex}^{(k)}}`;
  const sum =
    at === 'each'
      ? written(
          `sum_{t=1}^{${steps}} sum_{k=1}^{t} ${immediateText}`,
          `\\sum_{t=1}^{${steps}} \\sum_{k=1}^{t} ${immediateLatex}`,
        )
      : written(
          `sum_{k=1}^{${steps}} ${immediateText.replace('[t]', `[${steps}]`)}`,
          `\\sum_{k=1}^{${steps}} ${immediateLatex.replace('J_{t}', `J_{${steps}}`)}`,
        );
  return [
    step(
      'total',
      equals(quotient(J, by), sum),
      shape,
      `${by.text} is shared by all steps: the total derivative is a sum over paths, from its use at step k <= t to the loss of step t. There is none for k > t: a step does not see the future`,
      `${by.text} در همهٔ گام‌ها مشترک است: مشتق کل، جمع روی مسیرهاست؛ هر مسیر از کاربرد آن در گام k <= t آغاز می‌شود و به هزینهٔ گام t می‌رسد. برای k > t مسیری نیست، زیرا هیچ گامی آینده را نمی‌بیند`,
    ),
  ];
}

function localJacobians({ model, relevant, layout }: StepsInput): DerivationStep[] {
  const relevantNames = new Set(relevant.adjoints.map(({ name }) => name));
  return model.definitions.flatMap((definition) => {
    if (!relevantNames.has(definition.name)) return [];
    return readVectors(definition, relevantNames).flatMap(({ name, lag, shape }): DerivationStep[] => {
      const derivative = jacobian(definition, { name, lag, shape });
      const left = quotient(named(definition.name, 't'), named(name, lag === 0 ? 't' : `t-${lag}`));
      if (derivative === undefined) {
        const rule = written(
          'an array of more than two indices',
          '\\text{an array of more than two indices}',
        );
        return [
          step(
            'jacobian',
            equals(left, rule),
            undefined,
            'no matrix: the recursion below applies it without writing it out',
            'ماتریس نیست: رابطهٔ بازگشتی پایین آن را بی‌آنکه نوشته شود به کار می‌برد',
          ),
        ];
      }
      const shown = jacobianIn(layout, derivative);
      return [step('jacobian', equals(left, ofTerm(shown)), shown.shape, 'local Jacobian', 'ژاکوبی محلی')];
    });
  });
}

/** What a definition reads that a gradient flows to. */
function readVectors(
  { term }: Definition,
  names: ReadonlySet<string>,
): { name: string; lag: number; shape: MatrixShape }[] {
  const found = new Map<string, { name: string; lag: number; shape: MatrixShape }>();
  for (const part of below(term)) {
    if (part.kind !== 'symbol' || part.index === undefined || !names.has(part.name)) continue;
    const lag = -part.index.constant;
    found.set(`${part.name}@${lag}`, { name: part.name, lag, shape: part.shape });
  }
  return [...found.values()];
}

/** dh[t]/dh[t-1] through the whole step: the factor that is multiplied again and again. */
function transitions({ model, relevant, layout }: StepsInput): DerivationStep[] {
  const names = new Set(relevant.adjoints.map(({ name }) => name));
  const states = model.system.states.filter((name) => names.has(name));
  const lines = states.flatMap((to) =>
    states.flatMap((from): DerivationStep[] => {
      const shape = model.shapes.get(from)!;
      const total = isVector(model.shapes.get(to)!)
        ? transition(model, to, { name: from, lag: 1, shape })
        : undefined;
      if (total === undefined || isZero(total) || [...below(total)].length > 80) return [];
      const shown = jacobianIn(layout, total);
      const left = quotient(named(to, 't'), named(from, 't-1'));
      return [
        step(
          'transition',
          equals(left, ofTerm(shown)),
          shown.shape,
          'from one step to the next, through everything between',
          'از یک گام به گام بعد، از راه همهٔ مقدارهای میانی',
        ),
      ];
    }),
  );
  const [only] = states;
  if (states.length !== 1 || only === undefined || lines.length === 0 || model.system.lags[only] !== 1)
    return lines;
  return [...lines, chain(only, layout, model.shapes.get(only)!)];
}

/** dJ_t/dh_i as a product of transitions. */
function chain(state: string, layout: Layout, shape: MatrixShape): DerivationStep {
  const [top, bottom] = [named('J', 't'), named(state, 'i')];
  const factor = quotient(named(state, 'j'), named(state, 'j-1'));
  const last = quotient(top, named(state, 't'));
  const right: Written =
    layout === 'numerator'
      ? written(
          `${last.text} prod_{j=t}^{i+1} ${factor.text}`,
          `${last.latex} \\prod_{j=t}^{i+1} ${factor.latex}`,
        )
      : layout === 'denominator'
        ? written(
            `prod_{j=i+1}^{t} ${factor.text} ${last.text}`,
            `\\prod_{j=i+1}^{t} ${factor.latex} \\; ${last.latex}`,
          )
        : written(
            `prod_{j=i+1}^{t} (${factor.text})^T ${last.text}`,
            `\\prod_{j=i+1}^{t} \\left(${factor.latex}\\right)^{\\top} ${last.latex}`,
          );
  return step(
    'chain',
    equals(quotient(top, bottom), right),
    layout === 'numerator' ? transpose(atStep(state, 0, shape)).shape : shape,
    'a product of Jacobians for i <= t, zero for i > t: with factors smaller than 1 it vanishes, with larger ones it explodes',
    'برای i <= t حاصل‌ضرب ژاکوبی‌هاست و برای i > t صفر است: با عامل‌های کوچک‌تر از یک ناپدید و با عامل‌های بزرگ‌تر از یک منفجر می‌شود',
  );
}

/** g_o, then the recursion for everything behind it. */
function recursion({ model, relevant, layout }: StepsInput): DerivationStep[] {
  return relevant.adjoints.map((adjoint) => {
    const { name, shape, contributions } = adjoint;
    const symbol = named(`${model.gradientPrefix}${name}`, 't');
    const formula = equals(
      symbol,
      quotient(J, named(name, 't')),
      sumWritten(model, layout, contributions, shape),
    );
    const shown = gradientIn(layout, model, gradientSymbol(model, name)).shape;
    if (fromLossAlone(adjoint)) {
      const logits = model.loss.kind === 'crossEntropy' ? logitsBehind(model, model.loss.left) : undefined;
      const fused = logits?.kind === 'symbol' && logits.name === name;
      return step(
        'readout',
        formula,
        shown,
        fused
          ? "the softmax's Jacobian times -y/yhat; for a one-hot y this is yhat - y"
          : 'straight from the loss of the same step',
        fused ? 'ژاکوبی softmax ضرب در -y/yhat؛ برای y تک‌داغ همان yhat - y است' : 'مستقیم از هزینهٔ همان گام',
      );
    }
    const later = contributions.some(({ lag }) => lag > 0);
    return step(
      'recursion',
      formula,
      shown,
      later
        ? `backwards in time: what comes from step t+1 is missing at the last step`
        : 'within the step, from what reads it',
      later ? 'رو به عقب در زمان: در گام آخر، سهم گام t+1 وجود ندارد' : 'در همان گام، از آنچه آن را می‌خواند',
    );
  });
}

function immediate({ model, relevant, variable, layout }: StepsInput): DerivationStep[] {
  if (variable.step !== undefined || relevant.variable.length === 0) return [];
  const by = variableWritten(variable);
  const shape = model.shapes.get(variable.name)!;
  return relevant.variable.map((contribution) => {
    const reader = contribution.via === 'loss' ? named('J', 't') : named(contribution.via, 't');
    const left = written(
      `d+J/d${by.text}(t) by ${reader.text}`,
      `\\left.\\frac{\\partial^{+} J}{\\partial ${by.latex}^{(t)}}\\right|_{${reader.latex}}`,
    );
    return step(
      'immediate',
      equals(left, sumWritten(model, layout, [contribution], shape)),
      gradientIn(layout, model, atStep(variable.name, 0, shape)).shape,
      `the immediate term: only the ${by.text} that stands in the equation of ${reader.text}, everything before held fixed`,
      `جملهٔ بی‌واسطه: تنها همان ${by.text} که در معادلهٔ ${reader.text} آمده است، با ثابت گرفتن همهٔ مقدارهای پیشین`,
    );
  });
}

function result(input: StepsInput): DerivationStep[] {
  const { model, relevant, variable, layout } = input;
  if (relevant.variable.length === 0) return [];
  const formula = vectorisedForm(input);
  const shape = gradientIn(layout, model, atStep(variable.name, 0, model.shapes.get(variable.name)!)).shape;
  return [
    step(
      'gradient',
      formula,
      shape,
      'one backward sweep collects all paths',
      'یک پیمایش رو به عقب، همهٔ مسیرها را گرد می‌آورد',
    ),
    ...(variable.step === undefined
      ? [
          step(
            'paths',
            perPathForm(input),
            shape,
            'the same by paths: g(t) is the gradient of J[t] alone',
            'همان حاصل به تفکیک مسیرها: g(t) گرادیان J[t] به‌تنهایی است',
          ),
        ]
      : []),
  ];
}

/** Every path of a short sequence written out, where that is short enough to read. */
function writtenPaths({ model, relevant, variable, steps, lossSteps, layout }: StepsInput): DerivationStep[] {
  if (variable.step !== undefined || steps > 4 || relevant.variable.length === 0) return [];
  const shape = model.shapes.get(variable.name)!;
  const lines: DerivationStep[] = [];
  for (const t of lossSteps) {
    for (let k = t; k >= 1; k -= 1) {
      const term = expandPath(model, relevant, shape, t, k);
      if (term === undefined) return [];
      const shown = gradientIn(layout, model, term);
      const left = written(`path t=${t}, k=${k}`, `(t, k) = (${t}, ${k})`);
      const between = t - k;
      const line = step(
        'path',
        {
          text: `${left.text}: ${ofTerm(shown).text}`,
          latex: `${left.latex}:\\quad ${ofTerm(shown).latex}`,
        },
        shown.shape,
        between === 0 ? 'the loss of the same step' : `${between} step(s) back from the loss`,
        between === 0 ? 'هزینهٔ همان گام' : `${between} گام پیش از هزینه`,
      );
      lines.push({ ...line, path: { t, k } });
    }
  }
  return lines;
}
