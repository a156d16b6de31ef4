/** A tokenizer.json of the Hugging Face hub, with the tokenizer_config.json beside it where there is one. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CliError } from '../errors.js';
import { readText } from '../text.js';

export interface TokenizerFiles {
  readonly tokenizer: object;
  readonly config: object;
}

/** @throws CliError when a file cannot be read or is no JSON object */
export async function readTokenizer(path: string): Promise<TokenizerFiles> {
  const config = join(dirname(path), 'tokenizer_config.json');
  return { tokenizer: await readJson(path), config: existsSync(config) ? await readJson(config) : {} };
}

async function readJson(path: string): Promise<object> {
  const { text } = await readText(path);
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // told below
  }
  throw new CliError('DATA', `--tokens: file must hold a JSON object, got something else in ${path}`);
}
