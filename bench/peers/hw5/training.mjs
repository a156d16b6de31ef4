// A workload in @hw5/core's current kernel: `step(k)` does what is timed, `after(result)` gives its loss; `model` learns.
import { backward, ids, noGrad, optim, scope, tensor } from '../../../packages/core/dist/index.js';
import { batchOf, meanSquaredError } from '../../workloads/problem.mjs';
import { MODELS } from './models.mjs';

const tensorsOf = (batch) =>
  Object.fromEntries(
    Object.entries(batch).map(([name, { shape, data }]) => [
      name,
      data instanceof Int32Array ? ids(data, shape) : tensor(data, shape),
    ]),
  );

const TRAINING = {
  adam(problem, model) {
    const { lr, beta1, beta2, eps, clip } = problem;
    const optimiser = new optim.Adam(model, { learningRate: lr, betas: [beta1, beta2], epsilon: eps });
    return {
      step: (k) =>
        scope(() => {
          optimiser.zeroGrad();
          const loss = model.loss(tensorsOf(batchOf(problem, k)));
          backward(loss);
          optimiser.step({ clipNorm: clip });
          return loss.item();
        }),
    };
  },
  gradient(problem, model) {
    const batch = tensorsOf(batchOf(problem, 0));
    return {
      step: () =>
        scope(() => {
          model.zeroGrad();
          const loss = model.loss(batch);
          backward(loss);
          return loss.item();
        }),
      after(loss) {
        for (const parameter of model.parameters()) {
          const gradient = parameter.grad.data;
          parameter.set(parameter.data.map((w, i) => w - problem.lr * gradient[i]));
        }
        return loss;
      },
    };
  },
  inference(problem, model) {
    model.eval();
    return {
      step: () => scope(() => noGrad(() => model.forward().data)),
      after: (output) => meanSquaredError(problem, output),
    };
  },
};

export function prepare(problem) {
  const model = new MODELS[problem.family](problem);
  model.loadStateDict(new Map(problem.weights.map((name) => [name, problem.arrays[name]])));
  return { model, ...TRAINING[problem.training](problem, model) };
}
