/** Where first weights come from. */
import { RandomStream } from '../random.js';

let stream: RandomStream | undefined;

/** Seed the stream that modules without a stream of their own draw from (PyTorch's `manual_seed`). */
export function manualSeed(seed: number): void {
  stream = new RandomStream(seed, 'init');
}

/** The default init stream: seed 0 unless `manualSeed` was called. */
export function defaultInit(): RandomStream {
  stream ??= new RandomStream(0, 'init');
  return stream;
}
