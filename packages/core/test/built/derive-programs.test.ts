/** Emitted programs reproduce the numbers: run as their users run them. */
import { execFile } from 'node:child_process';
import { type Derivation, derive } from '@hw5/core/homework';
import { beforeAll, describe, expect, it } from 'vitest';
import { familyNames, randomCell } from '../derive-cells.js';

/** A Python that has NumPy and PyTorch; the tests that need one say so by name where there is none. */
const python = process.env.HW5_PYTHON;

const cases: { name: string; derivation: Derivation }[] = [];

beforeAll(async () => {
  cases.push({ name: 'question 2', derivation: await derive() });
  const h0 = await derive({ wrt: 'h[0]', at: 'last', loss: 'squared_error(o[t], y[t])' });
  const input = await derive({
    wrt: 'x[2]',
    activation: 'relu',
    cell: 'h[t] = phi(W h[t-1] + V x[t]) / (1 + alpha^2)',
  });
  const words = await derive({
    cell: 'lambda[t] = tanh(W lambda[t-1] + V x[t]); h[t] = lambda[t] + 0.1 new',
    wrt: 'new',
    sizes: { lambda: 3 },
  });
  cases.push(
    { name: 'h[0]', derivation: h0 },
    { name: 'x[2]', derivation: input },
    { name: 'reserved words', derivation: words },
    { name: 'h[2]', derivation: await derive({ wrt: 'h[2]' }) },
    { name: 'yhat[1]', derivation: await derive({ wrt: 'yhat[1]' }) },
  );
  for (const [i, family] of familyNames.entries()) {
    for (const seed of [i + 10 * familyNames.length, i + 23 * familyNames.length]) {
      const { cell, loss, sizes, steps, at } = randomCell(seed);
      const wrt = /\b(W_\w+)/.exec(cell)![1]!;
      cases.push({
        name: `${family} ${seed}`,
        derivation: await derive({ cell, loss, sizes, steps, at, wrt, seed }),
      });
    }
  }
});

/** A program's last line, parsed. */
function run(command: string, args: readonly string[], input: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      command,
      args,
      { cwd: new URL('../..', import.meta.url), maxBuffer: 1 << 26 },
      (error, stdout, stderr) => (error === null ? resolve(stdout) : reject(new Error(stderr.slice(-2000)))),
    );
    child.stdin!.end(input);
  });
}

interface Printed {
  readonly loss: number;
  readonly gradient: number | number[] | number[][];
}

function expectSame(printed: Printed, { gradient, lossValue }: Derivation, what: string): void {
  const expected = [gradient].flat(3) as number[];
  expect(printed.loss, what).toBeCloseTo(lossValue, 12);
  const found = [printed.gradient].flat(3);
  expect(found, what).toHaveLength(expected.length);
  for (const [i, value] of expected.entries()) expect(found[i], `${what}: entry ${i}`).toBeCloseTo(value, 12);
}

describe('programs', () => {
  it('TypeScript runs in Node on @hw5/core', async () => {
    for (const { name, derivation } of cases.slice(0, 6 + familyNames.length)) {
      const printed = await run(process.execPath, ['--input-type=module'], derivation.programs.ts);
      expectSame(JSON.parse(printed) as Printed, derivation, `${name}\n${derivation.programs.ts}`);
    }
  });

  const driver = `
import contextlib, io, json, sys
results = []
for name, program in json.load(sys.stdin):
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(program, name, "exec"), {"__name__": "__main__"})
    results.append(json.loads(out.getvalue()))
print(json.dumps(results))
`;

  const withPython =
    python === undefined ? 'is complete (set HW5_PYTHON to a Python with numpy and torch to run it)' : 'runs';
  it.each(['numpy', 'pytorch'] as const)(
    `%s ${withPython}`,
    async (language) => {
      const programs = cases.map(({ name, derivation }) => [name, derivation.programs[language]] as const);
      for (const [name, program] of programs) {
        expect(program, name).not.toMatch(/undefined|NaN|\[object|Infinity/);
        expect(program, name).toContain(language === 'numpy' ? 'import numpy as np' : 'import torch');
        for (const [open, close] of ['()', '[]', '{}'] as const) {
          expect(program.split(open!).length, `${name}: ${open}`).toBe(program.split(close!).length);
        }
        // Python's blocks: a line that opens one is followed by a deeper line.
        const lines = program.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'));
        for (const [i, line] of lines.entries()) {
          const indent = (text: string): number => text.length - text.trimStart().length;
          if (/^\s*(for|if|def) .*:$/.test(line))
            expect(indent(lines[i + 1]!), `${name}: ${line}`).toBeGreaterThan(indent(line));
        }
        expect(program, name).toContain(language === 'numpy' ? 'for t in range(T, 0, -1):' : 'J.backward()');
      }
      if (python === undefined) return;
      const printed = JSON.parse(await run(python, ['-c', driver], JSON.stringify(programs))) as Printed[];
      for (const [i, { name, derivation }] of cases.entries())
        expectSame(printed[i]!, derivation, `${name}\n${programs[i]![1]}`);
    },
    120_000,
  );
});
