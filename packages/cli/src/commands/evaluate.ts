/** `hw5 evaluate`: how well a trained model predicts a text. */
import { isAbsolute, join } from 'node:path';
import type { Command } from 'commander';
import { CliError } from '../errors.js';
import { addExamples, addJson } from '../help.js';
import { compact } from '../report/format.js';
import type { SavedModel } from '../run/folder.js';
import { withModel } from '../run/model.js';
import { out } from '../terminal.js';
import { readText, sampleName } from '../text.js';

interface Options {
  readonly data?: string;
  readonly json?: true;
}

export function define(command: Command): void {
  command
    .argument('<run>', 'a run folder, or a checkpoint file')
    .option('--data <file>', "UTF-8 text, - for stdin (default: the validation part of the run's own text)");
  addJson(command, 'loss, perplexity and bitsPerCharacter');
  addExamples(command, [
    ['evaluate runs/panbeh-0', 'on the part of its text that it never learned from'],
    ['evaluate runs/panbeh-0 --data other.txt', 'on another text'],
  ]);
  command.action(async (path: string, { data, json }: Options) => {
    const other = data === undefined ? undefined : await readText(data);
    const ownText = async (saved: SavedModel): Promise<string | undefined> =>
      other === undefined ? (await textOfRun(saved)).text : undefined;
    const result = await withModel(path, ({ session }) => session.evaluate(other?.text), ownText);
    if (json) {
      out.line(JSON.stringify(result));
      return;
    }
    const rows: [string, string][] = [
      ['loss', `${result.loss.toFixed(4)} nats per character`],
      ['perplexity', result.perplexity.toFixed(3)],
      ['bits', `${result.bitsPerCharacter.toFixed(4)} per character`],
      ['text', `${compact(result.characters)} characters of ${data ?? "the run's validation part"}`],
    ];
    for (const [name, value] of rows) out.line(`${out.style.bold(name.padEnd(10))} ${value}`);
  });
}

function textOfRun({ run, checkpoint }: SavedModel): ReturnType<typeof readText> {
  if (run === undefined) {
    throw new CliError(
      'USAGE',
      `evaluate: --data must be given for a checkpoint without its run, got only ${checkpoint}`,
    );
  }
  const { source } = run.config.data;
  return readText(source === sampleName || isAbsolute(source) ? source : join(run.files.folder, source));
}
