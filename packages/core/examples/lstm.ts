// An LSTM on this thread, trained to tell the mean of what it has heard.
import * as hw5 from '@hw5/core';

await hw5.init();
const [T, B, H] = [10, 32, 16];
const lstm = new hw5.nn.LSTM({ inputSize: 1, hiddenSize: H });
const head = new hw5.nn.Linear(H, 1);
const optimisers = [lstm, head].map((module) => new hw5.optim.Adam(module, { learningRate: 0.02 }));
const random = new hw5.RandomStream(0, 'data');

/** One step of training on new sequences; its mean square error. */
function trainStep(): number {
  const x = hw5.zeros([B, T, 1]);
  random.fillUniform(x, 0, 1);
  const { h } = lstm.forward(x);
  const answer = head.forward<[number]>(hw5.reshape(h, [B, H]));
  const loss = hw5.mseLoss(answer, hw5.mean(x, 1));
  hw5.backward(loss);
  for (const optimiser of optimisers) {
    optimiser.step({ clipNorm: 1 });
    optimiser.zeroGrad();
  }
  return loss.item();
}
export const losses: number[] = Array.from({ length: 150 }, () => hw5.scope(trainStep));
