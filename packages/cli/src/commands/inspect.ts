/** `hw5 inspect`: what a run folder or a checkpoint file holds. */
import type { Command } from 'commander';
import { addExamples, addJson } from '../help.js';
import { lossChart } from '../report/chart.js';
import { bytes, compact, loss } from '../report/format.js';
import { readMetrics } from '../run/metrics.js';
import { withModel } from '../run/model.js';
import { out, printable } from '../terminal.js';

/** Characters of the vocabulary that are shown. */
const shownCharacters = 120;

export function define(command: Command): void {
  command.argument('<run>', 'a run folder, or a checkpoint file');
  addJson(command, 'everything');
  addExamples(command, [['inspect runs/panbeh-0', 'configuration, size, losses, hash']]);
  command.action(async (path: string, { json }: { readonly json?: true }) => {
    const { info, saved, hash } = await withModel(path, async ({ session, info, saved }) => ({
      info,
      saved,
      hash: await session.hash(),
    }));
    const metrics =
      saved.run === undefined ? [] : readMetrics(saved.run.files.metrics).filter((r) => r.step <= info.step);
    const last = metrics.at(-1);
    const validated = metrics.findLast((report) => report.valLoss !== undefined);
    if (json) {
      const facts = {
        checkpoint: saved.checkpoint,
        step: info.step,
        goal: saved.run?.config.steps,
        parameters: info.parameters,
        vocabularySize: info.vocabulary.length,
        vocabulary: info.vocabulary,
        hash,
        loss: last?.loss,
        valLoss: validated?.valLoss,
        config: info.config,
        data: saved.run?.config.data,
      };
      out.line(JSON.stringify(facts));
      return;
    }
    const { style } = out;
    const { config } = info;
    const goal = saved.run === undefined ? '' : ` of ${saved.run.config.steps}`;
    const vocabulary = info.vocabulary.join('').slice(0, shownCharacters);
    const rows: [string, string][] = [
      ['checkpoint', `${saved.checkpoint} (${bytes(saved.bytes.length)})`],
      ['step', `${info.step}${goal}`],
      [
        'model',
        `${config.cell.toUpperCase()}, ${config.numLayers} layer${config.numLayers === 1 ? '' : 's'}, hidden ${config.hiddenSize}, embedding ${config.embeddingSize}, dropout ${config.dropout}`,
      ],
      [
        'learning',
        `Adam ${config.learningRate}, clip ${config.clipNorm}, batch ${config.batchSize} x ${config.sequenceLength} (${config.batching}), ${config.workers} worker${config.workers === 1 ? '' : 's'}, seed ${config.seed}`,
      ],
      ['parameters', compact(info.parameters)],
      [
        'vocabulary',
        `${info.vocabulary.length} characters: ${printable(vocabulary.replace(/[\n\t]/g, (c) => (c === '\n' ? '␊' : '␉')))}`,
      ],
      ['text', saved.run?.config.data.source ?? '-'],
      [
        'loss',
        `training ${loss(last?.loss)}, validation ${loss(validated?.valLoss)}${validated === undefined ? '' : ` at step ${validated.step}`}`,
      ],
      ['hash', hash],
    ];
    for (const [name, value] of rows) out.line(`${style.bold(name.padEnd(10))} ${value}`);
    const chart = lossChart(metrics, { width: Math.max(30, Math.min(72, out.columns - 10)), style });
    if (chart !== '') out.line(`\n${chart}`);
  });
}
