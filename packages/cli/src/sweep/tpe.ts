/** Points from Optuna, where it is installed: `optuna ask` reads our journal and writes its trial into it. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { CliError } from '../errors.js';
import { distribution } from './space.js';
import type { Study } from './study.js';

/** The command of Optuna's own command line. */
const optuna = (): string => process.env.HW5_OPTUNA || 'optuna';

/** Longer than a slow start of Python with a large journal, ms. */
const LIMIT_MS = 120_000;

/** @throws CliError UNAVAILABLE when there is no Optuna, or it fails */
export async function requireOptuna(): Promise<void> {
  await call(['--version']);
}

/** Let Optuna make the study's next trial. */
export async function askOptuna(study: Study, seed: number): Promise<void> {
  const { space, name } = study.config;
  const spaces = Object.entries(space).map(([flag, parameter]) => [
    flag,
    JSON.parse(distribution(parameter)),
  ]);
  // A new process each time: with one seed for all of them the first points would all be the same.
  const kwargs = { seed: seed + study.size, constant_liar: true };
  const before = study.size;
  await call([
    'ask',
    ...['--storage', study.path, '--storage-class', 'JournalFileBackend', '--study-name', name],
    ...['--sampler', 'TPESampler', '--sampler-kwargs', JSON.stringify(kwargs)],
    ...['--search-space', JSON.stringify(Object.fromEntries(spaces)), '--format', 'json'],
  ]);
  study.refresh();
  if (study.size <= before) {
    throw new CliError('UNAVAILABLE', `optuna: ask must add a trial to ${study.path}, got none`);
  }
}

async function call(args: readonly string[]): Promise<void> {
  try {
    await promisify(execFile)(optuna(), [...args], { timeout: LIMIT_MS, maxBuffer: 2 ** 26 });
  } catch (error) {
    const failed = error as NodeJS.ErrnoException & { readonly stderr?: string };
    if (failed.code === 'ENOENT') {
      throw new CliError(
        'UNAVAILABLE',
        `sampler: tpe must find Optuna, got no command ${optuna()}`,
        'pip install optuna, or name the command in HW5_OPTUNA; random needs nothing',
      );
    }
    const said = failed.stderr?.trim().split('\n').at(-1) ?? failed.message;
    throw new CliError('UNAVAILABLE', `optuna: ${args[0]} must succeed, got "${said}"`, undefined, error);
  }
}
