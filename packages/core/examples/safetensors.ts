// Weights to bytes and back: what PyTorch's safetensors reads and writes, too.
import { init, nn } from '@hw5/core';
import { read, write } from '@hw5/core/safetensors';

await init();
const trained = new nn.GRU({ inputSize: 3, hiddenSize: 4 });
const weights = [...trained.stateDict()].map(
  ([name, { shape, data }]) => [name, { shape, data: Float32Array.from(data) }] as const,
);
const bytes = write(new Map(weights), new Map([['written by', 'an example']]));

const other = new nn.GRU({ inputSize: 3, hiddenSize: 4 });
const { tensors, metadata } = read(bytes);
other.loadStateDict(tensors as nn.StateDict);

export { metadata, other, trained };
