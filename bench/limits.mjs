// What no kernel of 128-bit lanes can pass: the matrix products of a step at the peak of fused multiply-adds in registers.
import { WORKLOADS } from './workloads/index.mjs';

/** Per workload: GFLOP in products, their time at the peak, and how many times as fast as each peer a kernel could be. */
export function limits({ comparisons, kernel }) {
  const peak = kernel?.figures?.variants.relaxed?.peak ?? kernel?.figures?.variants.strict?.peak;
  if (peak === undefined) return [];
  return comparisons.map(({ name, rows }) => {
    const { family, sizes, training } = WORKLOADS[name];
    const gflop = (2 * family.products(sizes, training)) / 1e9;
    const milliseconds = (1000 * gflop) / peak;
    const best = (id) => rows.find((row) => row.id === id)?.best;
    const peers = rows
      .filter((row) => row.form && row.best)
      .map(({ id, form, best: time }) => ({
        id,
        form,
        reached: time / (best('hw5-fast') ?? best('hw5')),
        most: time / milliseconds,
      }));
    return { name, gflop, peak, milliseconds, hw5: best('hw5'), fast: best('hw5-fast'), peers };
  });
}

/** The lines of the table. */
export function tableOf(rows) {
  if (rows.length === 0) return [];
  const ms = (value) => (value === undefined ? '-' : value.toFixed(2)).padStart(9);
  return [
    `Products of a step at ${rows[0].peak.toFixed(1)} GFLOP/s, the fused peak of one thread; beside each peer: reached (at most)`,
    `  ${'workload'.padEnd(25)} GFLOP   at peak       hw5  hw5-fast  ms`,
    ...rows.map(({ name, gflop, milliseconds, hw5, fast, peers }) => {
      const times = peers.map(({ id, reached, most }) => `${id} ${reached.toFixed(1)} (${most.toFixed(1)})`);
      return `  ${name.padEnd(25)} ${gflop.toFixed(2).padStart(5)} ${[milliseconds, hw5, fast].map(ms).join(' ')}  ${times.join(', ')}`;
    }),
  ];
}
