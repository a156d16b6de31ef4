/** Preloaded by a test: the optional library of tokenizer.json is not installed. */
import { register } from 'node:module';

const hooks = `export async function resolve(specifier, context, next) {
  return next(specifier === '@huggingface/tokenizers' ? '@huggingface/tokenizers-not-there' : specifier, context);
}`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);
