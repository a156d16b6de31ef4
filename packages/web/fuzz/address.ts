/**
 * What must hold for every query that somebody may send as a link: nothing throws, what is read is within its row's bounds,
 * and the address written for it is read back as the same settings, is no longer than a link may be, and is stable.
 */
import { lossSteps } from '../src/pages/architecture/loss-steps.js';
import { stages } from '../src/pages/architecture/shape-strip.js';
import { table as architecture } from '../src/pages/architecture/table.js';
import { readChanges, writeChanges } from '../src/pages/bptt/changes.js';
import { readFocus, writeFocus } from '../src/pages/bptt/focus.js';
import { commandOf, requestOf } from '../src/pages/bptt/request.js';
import { table as bptt } from '../src/pages/bptt/table.js';
import { frameTable } from '../src/state/frame-table.js';
import type { Pairs } from '../src/state/rows.js';
import { namesOf, type Table, type Values } from '../src/state/table.js';
import {
  changedParameters,
  pageOf,
  readUrl,
  unknownParameters,
  versionProblem,
  writeUrl,
} from '../src/state/url.js';

const modules = import.meta.glob<{ readonly table: Table }>('../src/pages/*/table.ts', { eager: true });
const tables: readonly Table[] = [frameTable, ...Object.values(modules).map(({ table }) => table)];
const ids = Object.keys(modules).map((path) => path.split('/').at(-2) ?? '');

/** A page's address never grows beyond this: all texts of one page at their longest, percent-encoded. */
const MOST_CHARACTERS = 250_000;

function expectThat(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(`address: ${what}`);
}

/** @throws Error when something that must hold does not */
export function checkAddress(search: string): void {
  pageOf(search, ids, 'home');
  versionProblem(search);
  unknownParameters(tables, search);
  for (const table of tables) roundTrip(table, search);
  checkBptt(readUrl(bptt, search).values);
  checkArchitecture(readUrl(architecture, search).values);
}

function roundTrip(table: Table, search: string): void {
  const { values, problems } = readUrl(table, search);
  for (const { path, problem } of problems)
    expectThat(typeof problem.key === 'string', `a problem of ${path} must have words`);
  for (const name of namesOf(table)) expectWithin(table, name, values[name]);
  const written = writeUrl('x', changedParameters(table, values));
  expectThat(written.length <= MOST_CHARACTERS, `a link must be short, got ${written.length} characters`);
  const again = readUrl(table, written);
  expectThat(again.problems.length === 0, `what is written must be allowed, got ${written.slice(0, 200)}`);
  const twice = writeUrl('x', changedParameters(table, again.values));
  expectThat(twice === written, `what is read back must be written the same, got ${twice.slice(0, 200)}`);
}

function expectWithin(table: Table, name: string, value: unknown): void {
  const row = table[name]!;
  switch (row.kind) {
    case 'number':
      expectThat(
        typeof value === 'number' && value >= row.min && value <= row.max,
        `${name} must be a number in its range, got ${String(value)}`,
      );
      return;
    case 'choice':
      expectThat(row.options.includes(value as string), `${name} must be an option`);
      return;
    case 'toggle':
      expectThat(typeof value === 'boolean', `${name} must be a toggle`);
      return;
    case 'line':
      expectThat((value as string).length <= row.maxLength, `${name} must be short`);
      return;
    case 'list':
      expectThat((value as readonly string[]).length <= row.maxLength, `${name} must be a short list`);
      return;
    case 'pairs':
      expectThat(
        (value as Pairs).length <= row.maxLength &&
          (value as Pairs).every(([step], at, all) => step > (all[at - 1]?.[0] ?? 0)),
        `${name} must be few pairs, ascending`,
      );
      return;
    case 'vector':
      expectNumbers(name, value as readonly number[], row.limit);
      return;
    case 'matrix':
      expectThat((value as readonly unknown[]).length <= row.maxRows, `${name} must have few rows`);
      for (const entries of value as readonly (readonly number[])[]) expectNumbers(name, entries, row.limit);
  }
}

function expectNumbers(name: string, values: readonly number[], limit: number): void {
  expectThat(
    values.every((value) => Number.isFinite(value) && Math.abs(value) <= limit),
    `${name} must be finite numbers`,
  );
}

function checkBptt(values: Values<typeof bptt>): void {
  requestOf(values);
  commandOf(values);
  const changes = readChanges(values.changes);
  expectThat(
    JSON.stringify(readChanges(writeChanges(changes))) === JSON.stringify(changes),
    'changes by hand must be read back',
  );
  const focus = readFocus(values.focus);
  expectThat(focus === null || writeFocus(focus) !== '', 'a focus must be written');
}

function checkArchitecture(values: Values<typeof architecture>): void {
  const steps = lossSteps(values);
  expectThat(
    steps.length > 0 && steps.every((step) => step >= 1 && step <= values.inputs),
    `losses must stand at steps that there are, got ${steps.join(', ')}`,
  );
  stages(values);
}
