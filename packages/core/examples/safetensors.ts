// Weights to bytes and back: what PyTorch's safetensors reads and writes, too.
import { init, nn } from '@hw5/core';
import { read, write } from '@hw5/core/safetensors';

await init();
const trained = new nn.GRU({ inputSize: 3, hiddenSize: 4 });
const bytes = write(trained.stateDict(), new Map([['written by', 'an example']]));

const other = new nn.GRU({ inputSize: 3, hiddenSize: 4 });
const { tensors, metadata } = read(bytes);
other.loadStateDict(tensors);

export { metadata, other, trained };
