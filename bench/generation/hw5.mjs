// @hw5/core as its users write generation: a decoder of the model, fed its own choice.
import { CharLM, init, RandomStream, Sampler } from '../../packages/core/dist/index.js';
import { E, readProblem, V } from './problem.mjs';
import { serve } from './serve.mjs';

await serve(async (folder, H, variant) => {
  const kernel = await init({ fast: variant === 'fast' });
  const model = new CharLM({
    vocabularySize: V,
    embeddingSize: E,
    hiddenSize: H,
    numLayers: 1,
    dropout: 0,
    random: new RandomStream(0, 'init'),
    dropoutRandom: new RandomStream(0, 'dropout'),
  });
  model.loadStateDict(new Map(Object.entries(readProblem(folder, H))));
  const decoder = model.decoder();
  const sampler = new Sampler(V, new RandomStream(0, 'sampling'), { temperature: 0 });
  const generate = (length) => {
    decoder.start();
    const characters = [];
    let id = 0;
    for (let i = 0; i < length; i += 1) {
      id = sampler.draw(decoder.step([id]));
      characters.push(id);
    }
    return characters;
  };
  return { how: `@hw5/core, ${kernel.variant} kernel`, generate };
});
