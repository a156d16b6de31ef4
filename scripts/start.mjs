/**
 * `npm start`: sets up, then does the main job: trains a character model on the sample text in about a minute.
 * Arguments go to `hw5 train char-lm` and override the defaults: `npm start -- --data my.txt --steps 2000`.
 */
import { join } from 'node:path';
import { foreground, isMain, node, root } from './process.mjs';
import { setup } from './setup.mjs';

/**
 * A small model seen often beats a large one seen once in a minute: with these, 1800 steps are eight passes over the
 * diary, and the validation loss ends near 0.5 nats per character. See "Tune `npm start`" in CONTRIBUTING.
 */
const DEFAULTS = {
  '--data': join(root, 'packages', 'cli', 'data', 'panbeh.txt'),
  '--embed': '24',
  '--hidden': '128',
  '--batch': '16',
  '--lr': '0.01',
  '--steps': '1800',
  '--eval-every': '200',
  '--checkpoint-every': '200',
};

/**
 * The arguments of `hw5` for the given arguments of `npm start`: ours first, so that the user's win, and only where
 * the user has not spoken. A resumed run brings its own settings.
 *
 * @param {string[]} userArgs @returns {string[]}
 */
export function trainArgs(userArgs) {
  const given = new Set(userArgs.map((arg) => arg.split('=')[0]));
  const defaults = given.has('--resume') ? [] : Object.entries(DEFAULTS).filter(([name]) => !given.has(name));
  return ['train', 'char-lm', ...defaults.flat(), ...userArgs];
}

/** npm runs scripts in the root; paths that people type are relative to where they typed them. */
const typedIn = process.env.npm_lifecycle_event === 'start' ? process.env.INIT_CWD : undefined;

if (isMain(import.meta.url)) {
  try {
    await setup({ quiet: true });
    const hw5 = join(root, 'packages', 'cli', 'dist', 'main.js');
    process.exitCode = await foreground(...node(hw5, ...trainArgs(process.argv.slice(2))), {
      cwd: typedIn ?? process.cwd(),
    });
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
