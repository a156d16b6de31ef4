/** Where first weights and dropout masks come from. */
import { RandomStream } from '../random.js';

let stream: RandomStream | undefined;
let masks: RandomStream | undefined;

/** Seed the streams that modules without a stream of their own draw from (PyTorch's `manual_seed`). */
export function manualSeed(seed: number): void {
  stream = new RandomStream(seed, 'init');
  masks = new RandomStream(seed, 'dropout');
}

/** The default init stream: seed 0 unless `manualSeed` was called. */
export function defaultInit(): RandomStream {
  stream ??= new RandomStream(0, 'init');
  return stream;
}

/** The default stream of dropout masks: seed 0 unless `manualSeed` was called. */
export function defaultDropout(): RandomStream {
  masks ??= new RandomStream(0, 'dropout');
  return masks;
}
