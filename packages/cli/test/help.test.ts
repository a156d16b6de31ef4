import { expect, test } from 'vitest';
import { folder, hw5 } from './cli.js';

const help = async (...args: string[]): Promise<string> => {
  const { code, stdout, stderr } = await hw5(args, { cwd: folder() });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
};

test('hw5 --help', async () => {
  expect(await help('--help')).toMatchInlineSnapshot(`
    "Usage: hw5 [options] [command]

    Recurrent networks and attention from the terminal: train, generate, check,
    solve.

    Options:
      -v, --version  print the version
      -h, --help     show help

    Commands:
      train          train a model on a text or examples
      sweep          train many runs and find the best settings
      worker         train the runs of sweeps that wait in a queue
      generate       write text with a trained model
      evaluate       measure a trained model
      predict        ask a trained model about texts
      inspect        show what a run or a checkpoint holds
      runs           list, compare and delete runs
      report         write a page about a trained model
      export         write a trained model for PyTorch, ONNX, Keras, NumPy
      import         read a model that was made elsewhere
      solve          show homework questions worked out
      derive         derive the gradient of a recurrence
      check          check an answer to a homework question
      hunt           find the mistake in a derivation
      route          find the architecture for a task
      experiment     train what a claim of the homework is about
      attend         work attention out by hand
      gradcheck      check every gradient by finite differences
      lab            open the lab in a browser
      bench          measure the kernel and a training step here
      info           show versions and the kernel in use
      help           show the help of a command

    Start with:
      $ hw5 train char-lm
      $ hw5 solve q3
    "
  `);
});

test('hw5 train --help', async () => {
  expect(await help('train', '--help')).toMatchInlineSnapshot(`
    "Usage: hw5 train [options] <task>

    train a model on a text or examples

    Arguments:
      task                              char-lm: a character-level language model;
                                        classify: a class for each text or series of
                                        numbers; tag: a tag for each token; seq2seq:
                                        a text for each text; forecast: numbers from
                                        a series of numbers

    Data and run:
      --data <file>                     text to learn from, or CSV or JSON lines
                                        with text,label or inputs,label (classify),
                                        tokens,tags (tag) source,target (seq2seq) or
                                        inputs,targets (forecast, or any columns of
                                        numbers, a step a row); - for stdin
      --task <name>                     generated examples: dyck, parity, pitch,
                                        sentiment (classify); copy, mood,
                                        part-of-speech (tag); dates, echo,
                                        jalali-dates, reverse, romanization,
                                        transliteration (seq2seq); adding,
                                        mackey-glass, sine (forecast) (default
                                        without --data: sentiment, part-of-speech,
                                        dates, mackey-glass)
      --examples <n>                    generated examples to learn from (default:
                                        4000; dates: 8000)
      --out <folder>                    where the run is kept (default:
                                        runs/NAME-SEED)
      --resume [run]                    continue a run exactly where its checkpoint
                                        is (default: the newest in runs/)
      --steps <n>                       train until this many steps are done in all
                                        (default: 400)
      --epochs <x>                      passes over the examples, in place of
                                        --steps (default: 4; seq2seq: 3)
      --seed <n>                        seed of everything random (default: 0)

    Model:
      --cell <cell>                     recurrent cell: rnn, gru or lstm; char-lm
                                        also transformer: self-attention instead
                                        (default: lstm; seq2seq: gru)
      --heads <n>                       char-lm, transformer: heads, a divisor of
                                        --embed (default: 4)
      --positions <kind>                char-lm, transformer: learned or sinusoidal
                                        (default: learned)
      --hidden <n>                      units per layer, of a transformer between
                                        its linear layers (default: 256; on
                                        examples: 64)
      --embed <n>                       size of a token's vector (default: 64; on
                                        examples: 32)
      --layers <n>                      stacked layers (default: 1)
      --bidirectional                   read in both directions (default: tag and
                                        seq2seq)
      --no-bidirectional                read in one direction
      --pooling <how>                   classify: last, mean, max or attention
                                        (default: last)
      --unit <unit>                     a token is one of words or characters
                                        (default: words; seq2seq: characters)
      --tokens <kind>                   char-lm: a token is one of char or word, or
                                        a piece of a Hugging Face tokenizer.json
                                        (default: char)
      --max-words <n>                   char-lm, --tokens word: words kept, the
                                        rarer ones are unknown (default: 10000)
      --window <n>                      forecast: steps of an example cut from a
                                        long series (default: 50)
      --standardize                     numbers: learn them with mean 0 and
                                        deviation 1 of the training part (default)
      --no-standardize                  numbers: learn them as they are
      --attention <score>               seq2seq: additive or dot (default: additive)
      --beam <n>                        seq2seq: hypotheses kept when asked
                                        (default: 1)
      --dropout <p>                     dropout between layers, in [0, 1) (default:
                                        0)

    Learning:
      --batch <n>                       parallel streams (default: 32)
      --seq <n>                         tokens per window, which is all that a
                                        transformer sees (default: 64)
      --batching <how>                  stream (carried state) or random windows
                                        (default: stream)
      --optimizer <name>                sgd, momentum, adam, adamw, rmsprop or
                                        adagrad (default: adam)
      --lr <x>                          step size (default: 0.002; on examples:
                                        0.005; sgd: 0.5, momentum: 0.1, adagrad:
                                        0.05)
      --lr-at <step=rate,...>           other step sizes from these steps on: what
                                        the lab notes when the rate is changed while
                                        a run trains
      --momentum <x>                    share of the last direction that is kept,
                                        with --optimizer momentum (default: 0.9)
      --weight-decay <x>                pull of the weights towards 0 (default: 0)
      --schedule <how>                  of the step size: constant, cosine:STEPS,
                                        step:EVERY:FACTOR, warmup:STEPS,NEXT, or
                                        plateau:PATIENCE:FACTOR by validations
                                        (default: constant)
      --label-smoothing <x>             share of each target that is spread over all
                                        classes (default: 0)
      --scheduled-sampling <p[:steps]>  seq2seq: how often the decoder reads its own
                                        token in training, reached over so many
                                        steps (default: 0)
      --clip <x>                        largest global gradient norm, 0 = off
                                        (default: 1)
      --val-fraction <x>                share of a text or table kept for validation
                                        (default: 0.1)
      --eval-every <n>                  steps between validations, 0 = only at the
                                        end (default: 100)
      --patience <n>                    stop after this many validations without a
                                        better one, 0 = never (default: 0)

    Kernel:
      --precision <p>                   f32, or f64 for exact comparisons (default:
                                        f32)
      --fast                            fused multiply-add where the engine has it;
                                        last bits differ between machines
      --workers <n>                     workers that share each batch, or auto: one
                                        per core; the last bits depend on it
                                        (default: 1)
      --restarts <n>                    times to go on from the last checkpoint when
                                        a worker was lost (default: 3)

    Reports:
      --checkpoint-every <n>            steps between saves, 0 = only at the end
                                        (default: 100)
      --sample-every <n>                steps between samples, 0 = only before and
                                        after (default: 0)
      --keep-best                       keep the checkpoint of the best validation
                                        too, as best.safetensors
      --tensorboard                     write TensorBoard events into the run folder
      --mlflow <url>                    report to an MLflow server; training goes on
                                        when it cannot be reached
      --mlflow-experiment <name>        experiment there (default: hw5)
      -q, --quiet                       only the result
      --json                            print one line per step and a last one with
                                        "done" as JSON on stdout

    Options:
      -h, --help                        show help

    Examples:
      # learn the sample text, about a minute
      $ hw5 train char-lm
      # learn your own text
      $ hw5 train char-lm --data book.txt --layers 2 --dropout 0.2 --steps 3000
      # a large model on all cores
      $ hw5 train char-lm --hidden 512 --workers auto
      # a small Transformer, for comparison
      $ hw5 train char-lm --cell transformer --layers 2
      # word by word
      $ hw5 train char-lm --data book.txt --tokens word
      # learn the classes of your own texts (columns text,label)
      $ hw5 train classify --data reviews.csv --epochs 5
      # praise or blame in two languages, some seconds
      $ hw5 train classify --task sentiment
      # parts of speech, some seconds
      $ hw5 train tag --task part-of-speech
      # dates to ISO with attention, about a minute
      $ hw5 train seq2seq --task dates
      # a low or a high voice, from its pitch contour
      $ hw5 train classify --task pitch
      # the next value of a chaotic series
      $ hw5 train forecast --task mackey-glass
      # train the newest run further
      $ hw5 train char-lm --resume --steps 6000
      # for programs
      $ hw5 train char-lm --data book.txt --steps 200 --json
    "
  `);
});

test('hw5 generate --help', async () => {
  expect(await help('generate', '--help')).toMatchInlineSnapshot(`
    "Usage: hw5 generate [options] <run>

    write text with a trained model

    Arguments:
      run                a run folder, or a checkpoint file

    Options:
      --prompt <text>    text to continue
      --length <n>       characters to write (default: 400)
      --temperature <x>  0 = always the likeliest, 1 = as learned (default: 0.8)
      --top-k <n>        choose among the k likeliest, 0 = all (default: 0)
      --top-p <p>        choose among the likeliest that together reach p (default:
                         1)
      --seed <n>         same seed, same text (default: 0)
      --json             print the text and its settings as JSON on stdout
      -h, --help         show help

    Examples:
      # continue a prompt
      $ hw5 generate runs/panbeh-0 --prompt "The " --length 200
      # the likeliest text
      $ hw5 generate runs/panbeh-0 --temperature 0
    "
  `);
});

test.each(['evaluate', 'inspect', 'solve', 'derive', 'check', 'attend', 'gradcheck', 'bench', 'info'])(
  'hw5 %s --help has examples and --json',
  async (name) => {
    const text = await help(name, '--help');
    expect(text).toContain(`Usage: hw5 ${name}`);
    expect(text).toContain('--json');
    expect(text).toContain(`$ hw5 ${name}`);
    expect(await help('help', name)).toBe(text);
  },
);

test('hw5 alone shows the help; --version shows the version', async () => {
  expect(await help()).toBe(await help('--help'));
  expect(await help('--version')).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test('help starts fast: neither the core nor any command is loaded for it', async () => {
  const loaded = async (...args: string[]): Promise<string> =>
    (await hw5(args, { cwd: folder(), env: { NODE_DEBUG: 'esm' } })).stderr;
  const forHelp = await loaded('--help');
  expect(forHelp).toContain('/dist/main.js');
  for (const late of [
    '/core/dist/',
    '/dist/commands/train.js',
    '/dist/commands/solve.js',
    'cli-table3',
    'cli-progress',
  ]) {
    expect(forHelp).not.toContain(late);
  }
  expect(await loaded('solve', 'q3')).toContain('/core/dist/');
});
