/** A TypeScript program on @hw5/core (also plain JavaScript: nothing in it needs a type): forward as written, and the tape. */

import type { Numbers } from '../derivation.js';
import { isScalar, isUnit } from '../dimension.js';
import { codeOf, type Dialect, identifier } from './dialect.js';
import { heading, initialSteps, type ProgramInput } from './programs.js';

const dialect: Dialect = {
  number: (value) => `full([], ${value})`,
  ones: (rows, columns) => `full([${rows}, ${columns}], 1)`,
  zeros: (rows, columns) => `full([${rows}, ${columns}], 0)`,
  identity: (size) => `identity(${size})`,
  add: (a, b) => `add(${a}, ${b})`,
  subtract: (a, b) => `sub(${a}, ${b})`,
  negate: (a) => `neg(${a})`,
  entrywise: (a, b) => `mul(${a}, ${b})`,
  divide: (a, b) => `div(${a}, ${b})`,
  scale: (factor, a) => `mul(${a}, ${factor})`,
  product: (a, b, toScalar) => (toScalar ? `reshape(matmul(${a}, ${b}), [])` : `matmul(${a}, ${b})`),
  spread: (a, rows, columns) => `mul(full([${rows}, ${columns}], 1), ${a})`,
  transpose: (a) => `swapAxes(${a})`,
  sum: (a) => `sum(${a})`,
  diag: (a, size) => `mul(matmul(${a}, full([1, ${size}], 1)), identity(${size}))`,
  softmax: (a) => `columnSoftmax(${a})`,
  power: (a, exponent) => {
    const factors = Array.from({ length: Math.abs(exponent) }, () => a).reduce(
      (left, right) => `mul(${left}, ${right})`,
    );
    return exponent < 0 ? `div(full([], 1), ${factors})` : factors;
  },
  apply: (fn, a) => `${fn}(${a})`,
  step: (a) => `div(relu(${a}), ${a})`,
  crossEntropy: (p, y) => `neg(sum(mul(${y}, log(${p}))))`,
  squaredError: (a, b) => `mul(sum(square(sub(${a}, ${b}))), full([], 0.5))`,
};

const operations =
  'add columnSoftmax div exp full grad identity init log matmul mul neg relu reshape sigmoid softmax sqrt square sub sum swapAxes tanh tensor';
const helpers: Readonly<Record<string, readonly string[]>> = {
  columnSoftmax: ['const columnSoftmax = (x) => reshape(softmax(reshape(x, [x.size])), x.shape);'],
  identity: [
    'const identity = (n) => tensor(Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0)), [n, n]);',
  ],
};

export function typescriptProgram(input: ProgramInput): string {
  const { model, variable, steps, lossSteps, activation, values, gradient } = input;
  const { system, shapes } = model;
  const code = (term: Parameters<typeof codeOf>[0]): string => codeOf(term, dialect, activation);
  const leaf = `${identifier(variable.name)}${variable.step === undefined ? '' : `[${variable.step}]`}`;
  const literal = (name: string, value: Numbers, step: number | undefined): string => {
    const { rows, columns } = shapes.get(name)!;
    const data = JSON.stringify([value].flat(2));
    const axes = isScalar({ rows, columns }) ? '[]' : `[${rows.size}, ${isUnit(columns) ? 1 : columns.size}]`;
    const wanted = name === variable.name && step === variable.step ? ', { requiresGrad: true }' : '';
    return `tensor(${data}, ${axes}${wanted})`;
  };
  const table = (name: string, entries: readonly (readonly [number, Numbers])[]): string[] =>
    entries.length === 0
      ? [`const ${identifier(name)} = {};`]
      : [
          `const ${identifier(name)} = {`,
          ...entries.map(([step, value]) => `  [${step}]: ${literal(name, value, step)},`),
          '};',
        ];
  const initial = new Map(initialSteps(input).map(({ name, steps: list }) => [name, list] as const));
  const body = [
    "await init({ precision: 'f64' });",
    `const T = ${steps};`,
    `const lossSteps = [${lossSteps.join(', ')}];`,
    ...system.parameters.map(
      (name) => `const ${identifier(name)} = ${literal(name, values[name] as Numbers, undefined)};`,
    ),
    ...[...system.inputs, ...system.targets].flatMap((name) =>
      table(
        name,
        (values[name] as readonly Numbers[]).map((value, i) => [i + 1, value] as const),
      ),
    ),
    ...model.written.flatMap(({ name }) =>
      table(
        name,
        (initial.get(name) ?? []).map((step) => [step, values[`${name}[${step}]`] as Numbers] as const),
      ),
    ),
    '',
    `let J = mul(sum(${leaf}), full([], 0));`,
    'for (let t = 1; t <= T; t += 1) {',
    ...model.written.map(({ name, term }) => `  ${identifier(name)}[t] = ${code(term)};`),
    `  if (lossSteps.includes(t)) J = add(J, ${code(model.writtenLoss)});`,
    '}',
    '',
    `const [gradient] = grad(J, [${leaf}]);`,
    `const expected = ${JSON.stringify([...gradient.data])};`,
    'const worst = Math.max(...expected.map((value, i) => Math.abs(value - gradient.data[i])));',
    "if (!(worst < 1e-9 * Math.max(1, ...expected.map(Math.abs)))) throw new Error('the gradient must be the derived one');",
    `console.log(JSON.stringify({ loss: J.item(), gradient: ${isUnit(shapes.get(variable.name)!.columns) && !isScalar(shapes.get(variable.name)!) ? '[...gradient.data]' : 'gradient.toArray()'} }));`,
  ];
  const used = Object.keys(helpers).filter((name) => new RegExp(`\\b${name}\\(`).test(body.join('\n')));
  const helperLines = used.flatMap((name) => helpers[name]!);
  const program = [...helperLines, ...body].join('\n');
  const imports = operations
    .split(' ')
    .filter((name) => !(name in helpers) && new RegExp(`\\b${name}\\(`).test(program));
  return `${['// @ts-nocheck: no annotations, so that every Node runs it as it is', ...heading(input, '//'), `import { ${imports.join(', ')} } from '@hw5/core';`, '', program].join('\n')}\n`;
}
