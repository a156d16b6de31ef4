/** Symbolic gradients against three methods that share no rule with them, on random cells. */
import { beforeAll, expect, test } from 'vitest';
import { difference } from '../src/homework/derive/compare.js';
import { fivePoint, lossFunction } from '../src/homework/derive/differences.js';
import { gradientByForwardMode } from '../src/homework/derive/forward-mode.js';
import { zip } from '../src/homework/derive/matrix.js';
import { readModel } from '../src/homework/derive/model.js';
import { differentiate } from '../src/homework/derive/reverse.js';
import { lossSteps, run } from '../src/homework/derive/run.js';
import { gradientBySweep, paths, type Variable } from '../src/homework/derive/sweep.js';
import { gradientByTape } from '../src/homework/derive/tape-mode.js';
import { leafValue, makeValues } from '../src/homework/derive/values.js';
import type { Kernel } from '../src/kernel/kernel.js';
import { loadKernel } from '../src/kernel/load.js';
import { familyNames, randomCell, randomNumbers } from './derive-cells.js';

const CELLS = 1040;
let kernel: Kernel;

beforeAll(async () => {
  kernel = await loadKernel({ precision: 'f64' });
});

test(`symbolic, tape, forward mode and finite differences agree on ${CELLS} random cells`, () => {
  const worst = { tape: 0, forward: 0, differences: 0, paths: 0 };
  const seen = new Map<string, number>();
  for (let seed = 0; seed < CELLS; seed += 1) {
    const { family, cell, loss, sizes, steps, at } = randomCell(seed);
    const random = randomNumbers(seed + 1e6);
    const model = readModel(cell, loss, sizes, new Set(['y']));
    const { parameters, states, inputs } = model.system;
    const variables: Variable[] = [
      ...parameters.map((name) => ({ name, step: undefined })),
      ...states.map((name) => ({ name, step: 0 })),
      ...inputs.map((name) => ({ name, step: 1 + Math.floor(random() * steps) })),
    ];
    const variable = variables[Math.floor(random() * variables.length)]!;
    const initial = states.map((name) => {
      const { rows, columns } = model.shapes.get(name)!;
      const row = (): number[] => Array.from({ length: columns.size }, () => random() - 0.5);
      const list = Array.from({ length: rows.size }, () => (columns.letter === '1' ? random() - 0.5 : row()));
      return [`${name}0`, rows.letter === '1' ? list[0] : list] as const;
    });
    const values = makeValues(model, steps, Object.fromEntries(initial), random);
    const where = lossSteps(at, steps);
    const trace = run(model.definitions, values, steps, { activation: 'tanh' });
    const gradients = differentiate(model);
    const symbolic = gradientBySweep(model, gradients, trace, steps, where, variable);
    const entries = Array.from(symbolic.data.keys());
    const tape = gradientByTape(kernel, model, values, steps, where, variable, 'tanh');
    const forward = gradientByForwardMode(model, values, steps, where, variable, 'tanh', entries);
    const function_ = lossFunction(model, values, steps, where, variable, { activation: 'tanh' });
    const numeric = fivePoint(function_, leafValue(values, variable.name, variable.step), entries);
    const parts = paths(model, gradients, trace, steps, where, variable);
    const sum = parts.map(({ value }) => value).reduce((a, b) => zip(a, b, (x, y) => x + y));
    const found = {
      tape: difference(symbolic, tape).relative,
      forward: difference(symbolic, forward).relative,
      differences: difference(symbolic, numeric).relative,
      paths: difference(symbolic, sum).relative,
    };
    const what = `${seed} ${family}: d/d${variable.name}[${variable.step}] of ${cell}\n${loss} ${at} of ${steps}`;
    expect(found.tape, what).toBeLessThan(1e-12);
    expect(found.forward, what).toBeLessThan(1e-12);
    expect(found.paths, what).toBeLessThan(1e-12);
    expect(found.differences, what).toBeLessThan(1e-7);
    for (const name of Object.keys(worst) as (keyof typeof worst)[])
      worst[name] = Math.max(worst[name], found[name]);
    if (symbolic.data.some((entry) => entry !== 0)) seen.set(family, (seen.get(family) ?? 0) + 1);
  }
  console.info('worst relative differences', worst);
  // Gradients that are zero everywhere would agree for free: every family must have mostly others.
  for (const family of familyNames)
    expect(seen.get(family), family).toBeGreaterThan(CELLS / familyNames.length / 2);
});
