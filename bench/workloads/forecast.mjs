// Forecasting frames of I numbers: one recurrent layer over x [T, B, I], linear [I, H], mean squared error against the
// next frame. `x` and `targets` are [batches, T, B, I].
import { GATES, linearWeights, recurrentWeights, under } from './recurrent.mjs';

export const forecast = {
  name: 'forecast',
  // Frames need no gradient.
  products: ({ cell, T, B, I, H }) => T * B * (GATES[cell] * H * (2 * I + 3 * H) + 3 * H * I),
  weights: ({ cell, I, H }) => ({
    ...under(cell, recurrentWeights(cell, I, H)),
    ...under('head', linearWeights(H, I)),
  }),
  batches({ batches, T, B, I }, draw) {
    const x = new Float32Array(batches * T * B * I);
    const targets = new Float32Array(batches * T * B * I);
    // Every row is a leaking sum of noise, so that a frame tells something about the next.
    const frame = new Float32Array(I);
    for (let batch = 0; batch < batches; batch++) {
      for (let b = 0; b < B; b++) {
        frame.fill(0);
        for (let t = 0; t <= T; t++) {
          const noise = draw(I, 1);
          for (let i = 0; i < I; i++) frame[i] = 0.9 * frame[i] + noise[i];
          if (t < T) x.set(frame, ((batch * T + t) * B + b) * I);
          if (t > 0) targets.set(frame, ((batch * T + t - 1) * B + b) * I);
        }
      }
    }
    const shape = [batches, T, B, I];
    return { x: { shape, data: x }, targets: { shape, data: targets } };
  },
};
