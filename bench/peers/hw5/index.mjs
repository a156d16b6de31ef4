// @hw5/core. `strict` is the default build, `relaxed` uses fused multiply-add where the engine has it.
import { init } from '../../../packages/core/dist/index.js';
import { serve } from '../../child.mjs';
import { prepare } from './training.mjs';

await serve(async (problem, variant) => {
  const kernel = await init({ fast: variant === 'relaxed' });
  return { library: '@hw5/core', how: `${kernel.variant} kernel`, biases: 2, ...prepare(problem) };
});
