// A cell of one's own, trained: the minimal gated unit (Zhou et al. 2016) learns to say what it heard two steps ago.
import * as hw5 from '@hw5/core';

await hw5.init();
type Matrix = hw5.Tensor<[batch: number, size: number]>;
class MinimalGatedUnit extends hw5.nn.Module {
  gate = this.child('gate', new hw5.nn.Linear(1 + 16, 16));
  candidate = this.child('candidate', new hw5.nn.Linear(1 + 16, 16));
  head = this.child('head', new hw5.nn.Linear(16, 1));
  cell = (x: Matrix, h: Matrix): Matrix => {
    const f = hw5.sigmoid(this.gate.forward<[number]>(hw5.concat([x, h], 1)));
    const next = hw5.tanh(this.candidate.forward<[number]>(hw5.concat([x, hw5.mul(f, h)], 1)));
    return hw5.add(h, hw5.mul(f, hw5.sub(next, h)));
  };
}
const model = new MinimalGatedUnit();
const optimiser = new hw5.optim.Adam(model, { learningRate: 0.02 });
const random = new hw5.RandomStream(0, 'data');

/** One step of training on 16 new sequences of 12 numbers; its mean square error. */
function trainStep(): number {
  optimiser.zeroGrad();
  const x = hw5.zeros([12, 16, 1]);
  random.fillUniform(x, -1, 1);
  const { output } = hw5.scan(model.cell, x, hw5.zeros([16, 16]));
  const answer = model.head.forward<[number, number]>(hw5.narrow(output, 2, 10));
  const loss = hw5.mean(hw5.square(hw5.sub(answer, hw5.narrow(x, 0, 10))));
  hw5.backward(loss);
  optimiser.step({ clipNorm: 1 });
  return loss.item();
}
export const losses: number[] = Array.from({ length: 150 }, () => hw5.scope(trainStep));
