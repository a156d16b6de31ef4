/** The examples of this package, as its users run them; the reference shows them beside what they use. */
import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';

const weights = (module: { stateDict(): ReadonlyMap<string, { data: ArrayLike<number> }> }): number[] =>
  [...module.stateDict().values()].flatMap(({ data }) => Array.from(data));

const examples: Record<string, () => Promise<void>> = {
  async 'own-cell'() {
    const { losses } = await import('../../examples/own-cell.js');
    expect(losses[0]).toBeGreaterThan(0.2);
    expect(losses.at(-1)).toBeLessThan(0.02);
  },
  async lstm() {
    const { losses } = await import('../../examples/lstm.js');
    expect(losses[0]).toBeGreaterThan(0.05);
    expect(losses.at(-1)).toBeLessThan((losses[0] ?? 0) / 10);
  },
  async session() {
    const { loss, text } = await import('../../examples/session.js');
    expect(loss).toBeLessThan(1);
    expect(text).toHaveLength(12);
  },
  async optim() {
    const { rates } = await import('../../examples/optim.js');
    expect(rates[2]).toBeCloseTo(0.01);
    expect(rates[3]).toBeCloseTo(0.005);
    expect(rates[4]).toBeCloseTo(0);
  },
  async safetensors() {
    const { metadata, other, trained } = await import('../../examples/safetensors.js');
    expect(metadata.get('written by')).toBe('an example');
    expect(weights(other)).toEqual(weights(trained));
  },
  async onnx() {
    const { ours, theirs } = await import('../../examples/onnx.js');
    expect(ours).toHaveLength(2);
    for (const [at, value] of ours.entries()) expect(theirs[at]).toBeCloseTo(value, 5);
  },
  async inspect() {
    const { gates, norms } = await import('../../examples/inspect.js');
    expect(Object.keys(gates)).toEqual(['i', 'f', 'g', 'o']);
    expect(norms.map((norm) => norm > 0)).toEqual([true, true, true, true, false, false]);
  },
  async data() {
    const { pairs, table } = await import('../../examples/data.js');
    expect(table.rows).toHaveLength(2);
    for (const { source, target } of pairs) expect([...target].reverse().join('')).toBe(source);
  },
  async npz() {
    const { x } = await import('../../examples/npz.js');
    expect(x).toEqual({ shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) });
  },
  async keras() {
    const { back, layers, ours } = await import('../../examples/keras.js');
    expect(layers[0]?.[0]?.kernel.shape).toEqual([3, 16]);
    expect(back.stateDict().get('weight_ih_l0')?.data).toEqual(ours.stateDict().get('weight_ih_l0')?.data);
  },
  async homework() {
    const { gradient, solution, verdict } = await import('../../examples/homework.js');
    expect(solution.question).toBe('q3');
    expect(verdict.correct).toBe(false);
    expect(verdict.mistake?.en).toMatch(/option c/i);
    expect(gradient).toBeDefined();
  },
};

it.each(Object.keys(examples))('%s', (name) => examples[name]?.());

it('every example is run', () => {
  const files = readdirSync(new URL('../../examples', import.meta.url));
  expect(files.sort()).toEqual(
    Object.keys(examples)
      .map((name) => `${name}.ts`)
      .sort(),
  );
});
