/** The examples of this package, as its users run them. */
import { expect, it } from 'vitest';

it('own-cell.ts learns', async () => {
  const { losses } = await import('../../examples/own-cell.js');
  expect(losses[0]).toBeGreaterThan(0.2);
  expect(losses.at(-1)).toBeLessThan(0.02);
});
