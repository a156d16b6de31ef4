// One whole training step of @hw5/core, written as a user of the library writes it.
import {
  backward,
  CharLM,
  crossEntropy,
  ids,
  optim,
  RandomStream,
  scope,
} from '../packages/core/dist/index.js';
import { batchOf } from './child.mjs';

/** The model and optimiser of the problem in the current kernel; `step(k)` trains on batch k and gives the loss. */
export function buildStep(problem) {
  const { T, B, V, E, H, lr, beta1, beta2, eps, clip } = problem;
  const model = new CharLM({
    vocabularySize: V,
    embeddingSize: E,
    hiddenSize: H,
    numLayers: 1,
    dropout: 0,
    random: new RandomStream(1, 'init'),
    dropoutRandom: new RandomStream(1, 'dropout'),
  });
  const names = [...model.namedParameters().keys()];
  model.loadStateDict(new Map(names.map((name) => [name, problem.arrays[name]])));
  const optimiser = new optim.Adam(model, { learningRate: lr, betas: [beta1, beta2], epsilon: eps });
  return (k) => {
    const { x, targets } = batchOf(problem, k);
    return scope(() => {
      optimiser.zeroGrad();
      const { logits } = model.forward(ids(x, [T, B]));
      const loss = crossEntropy(logits, ids(targets, [T, B]));
      backward(loss);
      optimiser.step({ clipNorm: clip });
      return loss.item();
    });
  };
}
