// What an LSTM's gates do at each step, and how far its output reaches back.
import { init, narrow, nn, RandomStream, sum, zeros } from '@hw5/core';
import { connectivity, recordLayer } from '@hw5/core/inspect';

await init();
const [T, I, H] = [6, 2, 4];
const lstm = new nn.LSTM({ inputSize: I, hiddenSize: H, batchFirst: false });
const x = zeros([T, 1, I]);
new RandomStream(0, 'data').fillUniform(x, -1, 1);

/** Activations [T, 1, H] of the input, forget, cell and output gates. */
export const { gates } = recordLayer(lstm, x);
/** The gradient of the output at step 4 (counted from 1) with respect to each input: none comes from the future. */
export const { norms } = connectivity((input) => sum(narrow(lstm.forward(input).output, 3, 1, 0)), x);
