// An LSTM's weights in the layout of Keras (kernels transposed, one bias), and back into another LSTM.
import { init, nn } from '@hw5/core';
import { fromKeras, toKeras } from '@hw5/core/keras';

await init();
const ours = new nn.LSTM({ inputSize: 3, hiddenSize: 4 });
export const layers = toKeras('LSTM', ours.stateDict());
export const back = new nn.LSTM({ inputSize: 3, hiddenSize: 4 });
back.loadStateDict(fromKeras('LSTM', layers));

export { ours };
