/**
 * A number that shows six digits and its formula with the values put in on hover and focus, and goes to the notebook when it is
 * pressed. In a table only one number is in the tab order; arrows go on from it.
 */
import type { ComponentChildren } from 'preact';
import { Tex } from '../../math/tex.js';
import { useCard } from '../card.js';
import { useFrame, usePage } from '../context.js';

interface PinnableProps {
  /** What the number is, wherever it is read: `W_hh 1,2`. */
  readonly label: string;
  readonly value: number;
  /** LaTeX, with the values put in. */
  readonly formula?: string;
  /** Whether Tab reaches it: in a table the first number only (see {@link arrowsInTable}). Defaults to true. */
  readonly inTabOrder?: boolean;
  readonly testId?: string;
  /** The number as it is shown. */
  readonly children: ComponentChildren;
}

export function Pinnable({ label, value, formula, inTabOrder = true, testId, children }: PinnableProps) {
  const { t, format } = useFrame().i18n;
  const { pins } = usePage();
  const { open, word, card } = useCard();
  if (!Number.isFinite(value)) return <span data-testid={testId}>{children}</span>;
  const precise = format.value.precise(value);
  return (
    <>
      <button
        type="button"
        class="pinnable"
        tabIndex={inTabOrder ? 0 : -1}
        data-testid={testId}
        aria-description={t('pins.press')}
        onClick={() => pins.add(formula === undefined ? { label, value } : { label, value, formula })}
        {...word}
      >
        {children}
      </button>
      {open && (
        <span {...card}>
          <bdi>{label}</bdi>
          <strong dir="ltr">{precise}</strong>
          {formula !== undefined && <Tex tex={formula} />}
          <span class="small">{t('pins.press')}</span>
        </span>
      )}
    </>
  );
}

/** For `onKeyDown` of a table: arrows, Home and End go from number to number along the drawn axes. */
export function arrowsInTable(event: KeyboardEvent): void {
  const cell = event.target instanceof Element ? event.target.closest('td') : null;
  const table = cell?.closest('table');
  if (cell == null || table == null || !(event.target as Element).matches('.pinnable')) return;
  const places = [...table.rows].map((row) =>
    [...row.cells].map((one) => one.querySelector<HTMLElement>('.pinnable')),
  );
  const row = places.findIndex((numbers) => numbers.includes(event.target as HTMLElement));
  const column = cell.cellIndex;
  const along = getComputedStyle(table).direction === 'rtl' ? -1 : 1;
  /** The first number from a place on, in a direction. */
  const seek = (r: number, c: number, down: number, right: number): HTMLElement | undefined => {
    for (let [y, x] = [r, c]; ; y += down, x += right) {
      const line = places[y];
      if (line === undefined || x < 0 || x >= line.length) return undefined;
      const found = line[x];
      if (found != null) return found;
    }
  };
  const last = (places[row]?.length ?? 1) - 1;
  const moves: Readonly<Record<string, () => HTMLElement | undefined>> = {
    ArrowUp: () => seek(row - 1, column, -1, 0),
    ArrowDown: () => seek(row + 1, column, 1, 0),
    ArrowLeft: () => seek(row, column - along, 0, -along),
    ArrowRight: () => seek(row, column + along, 0, along),
    Home: () => seek(row, 0, 0, 1),
    End: () => seek(row, last, 0, -1),
  };
  const move = moves[event.key];
  if (move === undefined) return;
  // Also at an edge: the key is the table's.
  event.preventDefault();
  const next = move();
  if (next === undefined) return;
  (event.target as HTMLElement).tabIndex = -1;
  next.tabIndex = 0;
  next.focus();
}
