/** Entries that were changed by hand, as the address and the command line write them: `W_hh(1,2)=0.5;x[2](1,1)=-0.3`. */
import type { DerivationRequest } from '@hw5/core/homework';

export type Change = NonNullable<DerivationRequest['changes']>[number];

/** More than this is a file, not a link. */
const MOST = 200;
const entry =
  /^([^[(=\s;]{1,40})(?:\[(-?\d{1,2})\])?\((\d{1,2}),(\d{1,2})\)=(-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/iu;

/** What is not a change is left out. */
export function readChanges(text: string): readonly Change[] {
  return text
    .split(';')
    .slice(0, MOST)
    .flatMap((part): Change[] => {
      const [, name, step, row, column, value] = entry.exec(part.trim()) ?? [];
      if (name === undefined || !Number.isFinite(Number(value))) return [];
      const place = { name, row: Number(row), column: Number(column), value: Number(value) };
      return [step === undefined ? place : { ...place, step: Number(step) }];
    });
}

export function writeChanges(changes: readonly Change[]): string {
  return changes.map(writeChange).join(';');
}

export function writeChange({ name, step, row, column = 1, value }: Change): string {
  return `${name}${step === undefined ? '' : `[${step}]`}(${row},${column})=${value}`;
}

/** The list with one more change; an earlier one of the same entry goes. */
export function withChange(changes: readonly Change[], change: Change): readonly Change[] {
  const others = changes.filter(
    ({ name, step, row, column = 1 }) =>
      name !== change.name || step !== change.step || row !== change.row || column !== (change.column ?? 1),
  );
  return [...others, change];
}
