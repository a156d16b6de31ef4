/** `hw5 inspect RUN --text`: what a look into a run with a text shows, as tables, bars and heat maps. */
import type { AttentionMap, GateRecord, NextTokens, Session, TextSearch } from '@hw5/core';
import { CliError } from '../errors.js';
import { printable, type Terminal } from '../terminal.js';
import { heatMap } from './heat-map.js';
import { table } from './table.js';

export interface LookOptions {
  readonly gates?: true;
  readonly connectivity?: true;
  readonly reach?: true;
  readonly search?: { readonly from: number; readonly to: number };
  readonly attention?: true;
  readonly next?: true;
  readonly at?: number;
  readonly layer?: number;
  readonly threshold?: number;
}

/** What was found, as plain data, and how people read it. */
export interface Look {
  readonly data: object;
  show(terminal: Terminal): string;
}

/** Heat maps that are shown; a Transformer has one a head. */
const SHOWN_MAPS = 8;
const BAR = 30;

/** @throws CliError when more than one look is asked for; what the session throws */
export async function lookInto(session: Session, text: string, options: LookOptions): Promise<Look> {
  const { gates, connectivity, reach, search, attention, next, at, layer, threshold } = options;
  const asked = [gates, connectivity, reach, search, attention, next].filter((one) => one !== undefined);
  if (asked.length > 1) {
    throw new CliError(
      'USAGE',
      `inspect: one of --gates, --connectivity, --reach, --search, --attention and --next must be given, got ${asked.length}`,
    );
  }
  const choice = { ...(at === undefined ? {} : { at }), ...(layer === undefined ? {} : { layer }) };
  if (gates) {
    const data = await session.gates(text, choice);
    return { data: plain(data), show: (terminal) => gateTable(data, terminal) };
  }
  if (reach) {
    const data = await session.stateReach(text, choice);
    const head = `||dh_t / dh_k|| for t = ${data.at}: the largest stretch of a change of state k`;
    return { data, show: (terminal) => bars(head, data.tokens, data.spectral, terminal) };
  }
  if (search !== undefined) {
    const request = { ...search, ...choice, ...(threshold === undefined ? {} : { threshold }) };
    const data = await session.searchStates(text, request);
    return { data, show: (terminal) => matches(data, search, terminal) };
  }
  if (attention) {
    const data = await session.attentionMaps(text);
    return { data: { maps: data }, show: (terminal) => maps(data, terminal) };
  }
  if (next) {
    const data = await session.nextTokens(text, at === undefined ? {} : { from: at });
    return { data, show: (terminal) => nextTable(data, terminal) };
  }
  const data = await session.connectivity(text, at === undefined ? {} : { at });
  const head = `what ${visible(data.label)} (p ${data.probability.toFixed(4)}) rests on: ||d logit / d token||`;
  return { data, show: (terminal) => bars(head, data.tokens, data.norms, terminal) };
}

/** Typed arrays as JSON writes them best. */
function plain({ h, c, gates, ...rest }: GateRecord): object {
  const lists = Object.fromEntries(Object.entries(gates).map(([name, values]) => [name, [...values]]));
  return { ...rest, h: [...h], ...(c === undefined ? {} : { c: [...c] }), gates: lists };
}

/** Means over units, of h their size: which tokens open which gates. */
function gateTable({ tokens, shape, h, gates }: GateRecord, { style }: Terminal): string {
  const [, , H] = shape;
  const mean = (values: ArrayLike<number>, t: number, f: (v: number) => number): string => {
    let sum = 0;
    for (let unit = 0; unit < H; unit += 1) sum += f(values[t * H + unit]!);
    return (sum / H).toFixed(3);
  };
  const names = Object.keys(gates);
  const columns = [
    { title: 'token' },
    ...[...names.map((name) => `mean ${name}`), 'mean |h|'].map((title) => ({
      title,
      align: 'right' as const,
    })),
  ];
  const rows = tokens.map((token, t) => [
    visible(token),
    ...names.map((name) => mean(gates[name]!, t, (v) => v)),
    mean(h, t, Math.abs),
  ]);
  return table(columns, rows, style);
}

function bars(
  head: string,
  tokens: readonly string[],
  values: readonly number[],
  { style }: Terminal,
): string {
  const width = Math.max(...tokens.map((token) => visible(token).length));
  const largest = Math.max(...values) || 1;
  const lines = values.map(
    (value, t) =>
      `  ${visible(tokens[t]!).padEnd(width)} ${value.toExponential(2).padStart(9)} ${style.cyan('━'.repeat(Math.round((value / largest) * BAR)))}`,
  );
  return [style.bold(head), ...lines].join('\n');
}

function matches(
  { tokens, units, matches: found }: TextSearch,
  { from, to }: { readonly from: number; readonly to: number },
  { style }: Terminal,
): string {
  const part = (start: number, end: number): string => tokens.slice(start, end).map(visible).join(' ');
  const head = `${units.length} units are on throughout ${from}:${to} (${part(from, to)})`;
  if (found.length === 0) return `${style.bold(head)}\nnowhere else in the text`;
  const rows = found.map((match) => [
    `${match.from}:${match.to}`,
    part(match.from, match.to),
    String(match.shared.length),
    String(match.extra),
  ]);
  const columns = [
    { title: 'where' },
    { title: 'tokens' },
    ...['shared', 'others'].map((title) => ({ title, align: 'right' as const })),
  ];
  return `${style.bold(head)}\n${table(columns, rows, style)}`;
}

function maps(all: readonly AttentionMap[], { style }: Terminal): string {
  const shown = all
    .slice(0, SHOWN_MAPS)
    .map(
      ({ name, source, target, weights }) =>
        `${style.bold(name)}\n${heatMap(source, target, weights, style)}`,
    );
  const rest = all.length - shown.length;
  return [...shown, ...(rest > 0 ? [style.dim(`${rest} more with --json`)] : [])].join('\n\n');
}

function nextTable({ forced, free }: NextTokens, { style }: Terminal): string {
  const right = (title: string) => ({ title, align: 'right' as const });
  const columns = [
    { title: 'read' },
    { title: 'next' },
    right('p'),
    { title: 'it would write' },
    { title: 'alone it read' },
    right('p of next'),
  ];
  const rows = forced.steps.map((step, t) => [
    visible(step.read),
    visible(step.expected),
    step.probability.toFixed(4),
    visible(step.written),
    visible(free.steps[t]!.read),
    free.steps[t]!.probability.toFixed(4),
  ]);
  const sum = (name: string, { logProbability, perplexity }: NextTokens['free']): string =>
    `${style.bold(name)} ln P ${logProbability.toFixed(3)}, perplexity ${perplexity.toFixed(3)}`;
  return [table(columns, rows, style), '', sum('fed the text ', forced), sum('fed its own  ', free)].join(
    '\n',
  );
}

/** A token that is only space is shown as a sign. */
function visible(token: string): string {
  if (token === '\n') return '␊';
  return printable(token.trim() === '' ? '␣' : token);
}
