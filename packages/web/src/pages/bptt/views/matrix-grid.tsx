/** A matrix with its numbers: signed values by hue and by sign, entries editable where they are given. */
import { useSignal } from '@preact/signals';
import { arrowsInTable, Pinnable } from '../../../frame/pins/pinnable.js';
import { latinNumber } from '../../../i18n/digits.js';
import { texNumber } from '../../../math/tex-number.js';
import { useApp } from '../app.js';
import { Formula } from '../formula.js';
import { exact, largest, type Rows, shown } from '../numbers.js';

export interface MatrixGridProps {
  /** What it is, as a formula. */
  readonly latex: string;
  /** The same for screen readers. */
  readonly name: string;
  readonly rows: Rows;
  /** Magnitude of the deepest colour. Defaults to the largest entry. */
  readonly scale?: number;
  readonly tone?: 'signed' | 'error';
  /** How a number is written. Defaults to the page's number of decimals. */
  readonly write?: (value: number) => string;
  /** Question marks in place of numbers. */
  readonly hidden?: boolean;
  readonly lit?: boolean;
  /** An entry, from 0, that what is chosen elsewhere belongs to. */
  readonly mark?: { readonly row: number; readonly column: number };
  /** Called while an entry is dragged or typed, and at the end with `done`. */
  readonly onChange?: (row: number, column: number, value: number, done: boolean) => void;
  /** Caption below, e.g. the shape. */
  readonly note?: string;
}

/** A drag of this many pixels changes an entry by 0.01. */
const PIXELS = 2;

export function MatrixGrid(props: MatrixGridProps) {
  const { latex, name, rows, tone = 'signed', hidden = false, lit = false, mark, onChange, note } = props;
  const { context } = useApp();
  const digits = context.settings.get('digits');
  const write = props.write ?? ((value: number) => shown(value, digits));
  const most = props.scale ?? largest(rows);
  const columns = rows[0]?.length ?? 0;
  return (
    <figure class={`matrix ${lit ? 'lit' : ''}`} dir="ltr">
      <figcaption>
        <Formula latex={latex} />
      </figcaption>
      <table aria-label={name} class="entries" onKeyDown={arrowsInTable}>
        <tbody>
          {rows.map((row, r) => (
            <tr key={r}>
              {row.map((value, c) => (
                <td
                  key={c}
                  class={`${hidden ? 'unknown' : `${tone} ${value < 0 ? 'negative' : ''}`} ${mark?.row === r && mark.column === c ? 'marked' : ''}`}
                  style={hidden ? {} : { '--share': String(shareOf(value, most, tone)) }}
                  title={hidden ? '' : exact(value)}
                >
                  {onChange === undefined ? (
                    hidden ? (
                      '?'
                    ) : (
                      <Pinnable
                        label={entryName(name, r, c, columns)}
                        value={value}
                        formula={`\\left[${latex}\\right]_{${r + 1}, ${c + 1}} = ${texNumber(value, 6)}`}
                        inTabOrder={r === 0 && c === 0}
                      >
                        {write(value)}
                      </Pinnable>
                    )
                  ) : (
                    <Entry
                      label={entryName(name, r, c, columns)}
                      value={value}
                      shown={write(value)}
                      onChange={(to, done) => onChange(r, c, to, done)}
                    />
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {note !== undefined && <span class="matrix-note">{note}</span>}
    </figure>
  );
}

function entryName(name: string, row: number, column: number, columns: number): string {
  return columns === 1 ? `${name} ${row + 1}` : `${name} ${row + 1},${column + 1}`;
}

/** 0 ... 1; errors by their logarithm, from 1e-10 to 1. */
export function shareOf(value: number, most: number, tone: 'signed' | 'error'): number {
  if (tone === 'error') return Math.min(1, Math.max(0, (Math.log10(Math.max(value, 1e-12)) + 10) / 10));
  return most === 0 || !Number.isFinite(value) ? 0 : Math.min(1, Math.abs(value) / most);
}

interface EntryProps {
  readonly label: string;
  readonly value: number;
  readonly shown: string;
  readonly onChange: (value: number, done: boolean) => void;
}

/** Typed, stepped with the arrow keys (Shift: ten times as far), or dragged sideways. */
function Entry({ label, value, shown: text, onChange }: EntryProps) {
  const typed = useSignal<string | null>(null);
  const drag = useSignal<{ readonly x: number; readonly from: number; readonly moved: boolean } | null>(null);
  const round = (x: number): number => Math.round(x * 1e6) / 1e6;
  return (
    <input
      class="entry"
      type="text"
      inputMode="decimal"
      autocomplete="off"
      spellcheck={false}
      aria-label={label}
      value={typed.value ?? text}
      onFocus={(event) => event.currentTarget.select()}
      onInput={(event) => {
        typed.value = event.currentTarget.value;
        const written = event.currentTarget.value.replace(/\u2212/g, '-');
        const number = Number(latinNumber(written));
        if (written.trim() !== '' && Number.isFinite(number) && Math.abs(number) <= 1e6)
          onChange(number, false);
      }}
      onBlur={() => {
        if (typed.value === null) return;
        typed.value = null;
        onChange(value, true);
      }}
      onKeyDown={(event) => {
        const step = event.shiftKey ? 0.5 : 0.05;
        if (event.key === 'Enter') {
          typed.value = null;
          onChange(value, true);
        } else if (event.key === 'ArrowUp' || event.key === 'ArrowDown') {
          event.preventDefault();
          typed.value = null;
          onChange(round(value + (event.key === 'ArrowUp' ? step : -step)), true);
        }
      }}
      onPointerDown={(event) => {
        if (event.pointerType === 'touch') return;
        drag.value = { x: event.clientX, from: value, moved: false };
      }}
      onPointerMove={(event) => {
        const began = drag.value;
        if (began === null || event.buttons === 0) return;
        const far = event.clientX - began.x;
        if (!began.moved && Math.abs(far) < 5) return;
        if (!began.moved) event.currentTarget.setPointerCapture(event.pointerId);
        drag.value = { ...began, moved: true };
        typed.value = null;
        onChange(round(began.from + Math.round(far / PIXELS) / 100), false);
      }}
      onPointerUp={() => {
        if (drag.value?.moved === true) onChange(value, true);
        drag.value = null;
      }}
    />
  );
}
