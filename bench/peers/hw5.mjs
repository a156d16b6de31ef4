// @hw5/core. `strict` is the default build, `fast` uses fused multiply-add where the engine has it.
import { init } from '../../packages/core/dist/index.js';
import { serve } from '../child.mjs';
import { buildStep } from '../hw5-step.mjs';

await serve(async (problem, variant) => {
  const kernel = await init({ fast: variant === 'fast' });
  return { library: '@hw5/core', how: `${kernel.variant} kernel`, biases: 2, step: buildStep(problem) };
});
