/** `hw5 generate`: a trained model writes. */
import type { Command } from 'commander';
import { realNumber, wholeNumber } from '../args.js';
import { EXIT } from '../errors.js';
import { addExamples, addJson } from '../help.js';
import { stopSignal } from '../interrupt.js';
import { withModel } from '../run/model.js';
import { out, printable } from '../terminal.js';

interface Options {
  readonly prompt?: string;
  readonly length: number;
  readonly temperature: number;
  readonly topK: number;
  readonly topP: number;
  readonly seed: number;
  readonly json?: true;
}

const temperature = { rule: 'a number of at least 0', allows: (value: number) => value >= 0 };
const share = { rule: 'a number greater than 0 and at most 1', allows: (p: number) => p > 0 && p <= 1 };

export function define(command: Command): void {
  command
    .argument('<run>', 'a run folder, or a checkpoint file')
    .option('--prompt <text>', 'text to continue')
    .option('--length <n>', 'characters to write', wholeNumber('--length', { min: 1 }), 400)
    .option(
      '--temperature <x>',
      '0 = always the likeliest, 1 = as learned',
      realNumber('--temperature', temperature),
      0.8,
    )
    .option('--top-k <n>', 'choose among the k likeliest, 0 = all', wholeNumber('--top-k'), 0)
    .option(
      '--top-p <p>',
      'choose among the likeliest that together reach p',
      realNumber('--top-p', share),
      1,
    )
    .option('--seed <n>', 'same seed, same text', wholeNumber('--seed'), 0);
  addJson(command, 'the text and its settings');
  addExamples(command, [
    ['generate runs/panbeh-0 --prompt "The " --length 200', 'continue a prompt'],
    ['generate runs/panbeh-0 --temperature 0', 'the likeliest text'],
  ]);
  command.action(async (path: string, { json, prompt, ...options }: Options) => {
    const signal = stopSignal();
    const given = prompt === undefined ? {} : { prompt };
    const write = (text: string): void => out.write(out.isTTY ? printable(text) : text);
    await withModel(path, async ({ session }) => {
      if (json) {
        const text = await session.generate({ ...options, ...given, signal });
        out.line(JSON.stringify({ text, ...given, ...options, hash: await session.hash() }));
        return;
      }
      if (prompt !== undefined) out.write(out.style.bold(out.isTTY ? printable(prompt) : prompt));
      await session.generate({ ...options, ...given, signal, onText: write });
      out.line();
    });
    if (signal.reason === 'signal') process.exitCode = EXIT.interrupted;
  });
}
