/** Parsers of option values. Each throws a CliError that names the flag, the rule and the value. */
import type { optim, RateChange, RunSchedule } from '@hw5/core';
import { CliError } from './errors.js';

interface Range {
  readonly min?: number;
  readonly max?: number;
}

/** A whole number in `[min, max]`; plain digits only, so that `1e3` and `0x10` are not guessed at. */
export function wholeNumber(flag: string, { min = 0, max = Number.MAX_SAFE_INTEGER }: Range = {}) {
  return (text: string): number => {
    const value = /^-?\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    const upper = max === Number.MAX_SAFE_INTEGER ? '' : ` and at most ${max}`;
    throw new CliError(
      'USAGE',
      `${flag}: must be a whole number of at least ${min}${upper}, got ${shown(text)}`,
    );
  };
}

/** An http address. */
export function serverAddress(flag: string) {
  return (text: string): string => {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    if (url === undefined || !/^https?:$/.test(url.protocol)) {
      throw new CliError('USAGE', `${flag}: must be an http or https address, got ${JSON.stringify(text)}`);
    }
    if (url.username !== '' || url.password !== '') {
      throw new CliError(
        'USAGE',
        `${flag}: address must be without a password, which would be stored with the run, got one`,
        'set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN',
      );
    }
    return text;
  };
}

/** A number of workers, or `auto`. */
export function workerCount(text: string): number | 'auto' {
  return text === 'auto' ? text : wholeNumber('--workers', { min: 1, max: 64 })(text);
}

interface RealRange {
  /** The rule in words, e.g. `a number greater than 0`. */
  readonly rule: string;
  readonly allows: (value: number) => boolean;
}

/** A finite number that `allows` accepts. */
export function realNumber(flag: string, { rule, allows }: RealRange) {
  return (text: string): number => {
    const value = text.trim() === '' ? Number.NaN : Number(text);
    if (Number.isFinite(value) && allows(value)) return value;
    throw new CliError('USAGE', `${flag}: must be ${rule}, got ${shown(text)}`);
  };
}

/** One of a few words. `later` names the words that are planned but not built. */
export function oneOf<const T extends string>(
  flag: string,
  words: readonly T[],
  later: readonly string[] = [],
) {
  return (text: string): T => {
    const word = words.find((candidate) => candidate === text);
    if (word !== undefined) return word;
    if (later.includes(text)) {
      throw new CliError(
        'UNAVAILABLE',
        `${flag}: ${text} is not available yet, available: ${words.join(', ')}`,
      );
    }
    throw new CliError('USAGE', `${flag}: must be one of ${words.join(', ')}, got ${shown(text)}`);
  };
}

/**
 * `constant`, `cosine:STEPS`, `step:EVERY:FACTOR`, `warmup:STEPS` and `warmup:STEPS,` followed by one of the others;
 * `plateau`, `plateau:PATIENCE`, `plateau:PATIENCE:FACTOR` of validations, alone.
 */
export function schedule(text: string): RunSchedule {
  const plateau = /^plateau(?::(\d+)(?::(0?\.\d+))?)?$/.exec(text);
  if (plateau !== null) {
    const [, patience, factor] = plateau;
    return {
      kind: 'plateau',
      ...(patience === undefined ? {} : { patience: Number(patience) }),
      ...(factor === undefined ? {} : { factor: Number(factor) }),
    };
  }
  return scheduleOfSteps(text, text);
}

function scheduleOfSteps(text: string, whole: string): optim.Schedule {
  const [first = '', ...rest] = text.split(',');
  const [kind, ...numbers] = first.split(':');
  const [a, b] = numbers.map(Number);
  const counts = Number.isSafeInteger(a) && (a as number) >= 1;
  if (kind === 'warmup' && numbers.length === 1 && counts) {
    return {
      kind,
      steps: a!,
      next: rest.length === 0 ? { kind: 'constant' } : scheduleOfSteps(rest.join(','), whole),
    };
  }
  if (rest.length === 0) {
    if (kind === 'constant' && numbers.length === 0) return { kind };
    if (kind === 'cosine' && numbers.length === 1 && counts) return { kind, steps: a! };
    if (kind === 'step' && numbers.length === 2 && counts && b! > 0) return { kind, every: a!, factor: b! };
  }
  throw new CliError(
    'USAGE',
    `--schedule: must be constant, cosine:STEPS, step:EVERY:FACTOR, warmup:STEPS,NEXT or plateau:PATIENCE:FACTOR, got ${shown(whole)}`,
  );
}

/** `STEP=RATE`, or several with commas between them, steps ascending from 1 on. */
export function rateChanges(text: string): readonly RateChange[] {
  let before = 0;
  return text.split(',').map((part) => {
    const [, step, rate] = /^(\d+)=([\d.eE+-]+)$/.exec(part) ?? [];
    const change = { step: Number(step), learningRate: Number(rate) };
    const fits = Number.isSafeInteger(change.step) && change.step > before;
    if (!fits || !(change.learningRate > 0 && change.learningRate < Infinity)) {
      throw new CliError(
        'USAGE',
        `--lr-at: must be STEP=RATE,... with steps from 1 on, ascending, and rates > 0, got ${shown(text)}`,
      );
    }
    before = change.step;
    return change;
  });
}

/** `FROM:TO`, whole numbers; TO is the place behind the last. */
export function rangeOf(flag: string) {
  return (text: string): { readonly from: number; readonly to: number } => {
    const [, from, to] = /^(\d+):(\d+)$/.exec(text) ?? [];
    if (from !== undefined && to !== undefined && Number(from) < Number(to)) {
      return { from: Number(from), to: Number(to) };
    }
    throw new CliError('USAGE', `${flag}: must be FROM:TO with FROM below TO, got ${shown(text)}`);
  };
}

/** `P` or `P:STEPS`: a probability, and the steps over which it is reached. */
export function sampling(text: string): { readonly probability: number; readonly steps: number } {
  const [p = '', steps, ...rest] = text.split(':');
  const probability = p.trim() === '' ? Number.NaN : Number(p);
  if (probability >= 0 && probability <= 1 && rest.length === 0 && /^\d+$/.test(steps ?? '0')) {
    return { probability, steps: Number(steps ?? 0) };
  }
  throw new CliError(
    'USAGE',
    `--scheduled-sampling: must be P or P:STEPS with P from 0 to 1, got ${shown(text)}`,
  );
}

/** `char`, `word`, or the path of a tokenizer.json. */
export function tokensOf(text: string): string {
  if (text === 'char' || text === 'word' || text.endsWith('.json')) return text;
  throw new CliError('USAGE', `--tokens: must be char, word or a tokenizer.json, got ${shown(text)}`);
}

/** A value as an error prints it: bare when it is one plain word, quoted otherwise, never long. */
export function shown(text: string): string {
  const short = text.length > 60 ? `${text.slice(0, 57)}...` : text;
  return /^[\w.+-]+$/.test(short) ? short : JSON.stringify(short);
}
