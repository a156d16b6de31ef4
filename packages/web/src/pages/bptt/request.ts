/** The question that the settings ask of the engine, and the same on the command line. */
import type { DerivationRequest } from '@hw5/core/homework';
import { readChanges, writeChange } from './changes.js';
import { DEFAULT_LOSS, equationsOf, sizesOf } from './recurrences.js';
import type { Values } from './table.js';

type Asked = Pick<
  Values,
  | 'recurrence'
  | 'own'
  | 'loss'
  | 'wrt'
  | 'steps'
  | 'at'
  | 'start'
  | 'activation'
  | 'layout'
  | 'inputs'
  | 'hidden'
  | 'outputs'
  | 'seed'
  | 'changes'
>;

export function requestOf(values: Asked): DerivationRequest {
  const { recurrence, own, loss, wrt, steps, at, start, activation, layout, seed } = values;
  const cell = equationsOf(recurrence, own);
  const text = `${cell} ${loss === '' ? DEFAULT_LOSS : loss}`;
  // What was asked of another recurrence is not asked of one that has no such name.
  const isLeft = (name: string): boolean => recurrence !== 'own' && !mentions(text, name);
  const changes = readChanges(values.changes).filter(({ name }) => !isLeft(name));
  return {
    cell,
    ...(loss.trim() === '' ? {} : { loss }),
    ...(wrt === '' || isLeft(wrt.replace(/\[.*/, '')) ? {} : { wrt }),
    steps,
    at,
    start,
    activation,
    layout,
    seed,
    sizes: sizes(values),
    ...(changes.length === 0 ? {} : { changes }),
  };
}

/** Does a name stand in these equations? Values that the engine names itself, such as z, count. */
function mentions(text: string, name: string): boolean {
  return ['z', 'yhat'].includes(name) || text.split(/[^\p{L}\p{N}_]+/u).includes(name);
}

/** Sizes that are named, and the recurrence's usual ones; of one's own only those that are named, since its letters are its own. */
function sizes(values: Asked): Record<string, number> {
  const asked = { x: values.inputs, h: values.hidden, y: values.outputs };
  const usual = values.recurrence === 'own' ? { x: 0, h: 0, y: 0 } : sizesOf[values.recurrence];
  return Object.fromEntries(
    (['x', 'h', 'y'] as const).flatMap((name) => {
      const size = asked[name] > 0 ? asked[name] : usual[name];
      return size > 0 ? [[name, size]] : [];
    }),
  );
}

/** The command that gives what is looked at. */
export function commandOf(values: Values): string {
  if (values.view !== 'hunt') return deriveCommand(values);
  return `hw5 hunt --level ${values.level} --seed ${values.hunt}`;
}

export function deriveCommand(values: Asked): string {
  const request = requestOf(values);
  const words = ['hw5 derive'];
  const add = (flag: string, value: string | number): void => void words.push(flag, quoted(String(value)));
  if (values.recurrence !== 'homework') add('--cell', (request.cell ?? '').replace(/\n/g, '; '));
  if (request.loss !== undefined) add('--loss', request.loss);
  if (request.wrt !== undefined) add('--wrt', request.wrt);
  if (values.steps !== 3) add('--steps', values.steps);
  if (values.at !== 'each') add('--at', values.at);
  const isUsual = values.recurrence === 'homework' && values.inputs + values.hidden + values.outputs === 0;
  if (!isUsual)
    for (const [name, size] of Object.entries(request.sizes ?? {})) add('--size', `${name}=${size}`);
  if (values.start !== 'zero') add('--start', values.start);
  if (values.seed !== 0) add('--seed', values.seed);
  if (values.activation !== 'tanh') add('--activation', values.activation);
  if (values.layout !== 'shape') add('--layout', values.layout);
  for (const change of request.changes ?? []) add('--set', writeChange(change));
  return words.join(' ');
}

function quoted(word: string): string {
  return /^[\w=.,:/-]+$/.test(word) ? word : `'${word.replace(/'/g, "'\\''")}'`;
}
