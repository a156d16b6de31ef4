/**
 * A figure with all that belongs to one: its title, where its numbers come from, a legend, a sentence for screen readers,
 * its table twin, and files to take along.
 */
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { csvOf, type FigureTable, pngOf, svgDocument } from '../charts/export.js';
import { readTokens } from '../charts/tokens.js';
import { useFrame, usePage } from './context.js';
import { saveFile } from './files.js';
import { Honest, type Honesty } from './honest.js';
import { errorNotice } from './notices.js';
import { arrowsInTable, Pinnable } from './pins/pinnable.js';
import { ScrollBox } from './scroll-box.js';

interface FigureCardProps {
  readonly title: string;
  /** Beginning of the names of exported files: letters, digits and dashes. */
  readonly name: string;
  readonly honest: Honesty;
  /** One sentence that says what is seen; screen readers hear it when it changes. */
  readonly summary: string;
  /** The numbers of the drawing. A function is called when the table is opened or exported. */
  readonly table: FigureTable | (() => FigureTable);
  /** LaTeX of what is shown, where it is a formula. */
  readonly latex?: () => string;
  /** What stands beside the title: a legend, a switch. */
  readonly legend?: ComponentChildren;
  /** For links of the story that operate this figure (`<Operate target>`). */
  readonly id?: string;
  readonly children: ComponentChildren;
}

export function FigureCard(props: FigureCardProps) {
  const { title, name, honest, summary, table, latex, legend, id, children } = props;
  const heading = useId();
  const drawing = useRef<HTMLDivElement>(null);
  return (
    <section class="card figure-card" id={id} aria-labelledby={heading}>
      <div class="card-head">
        <h2 id={heading}>{title}</h2>
        <Honest label={honest} />
        {legend !== undefined && <div class="figure-legend end">{legend}</div>}
      </div>
      <div ref={drawing} class="drawing">
        {children}
      </div>
      <Spoken text={summary} />
      <Twin
        title={title}
        name={name}
        table={typeof table === 'function' ? table : () => table}
        latex={latex}
        svgs={() => drawingsIn(drawing.current)}
      />
    </section>
  );
}

/** Icons and the like are no drawings of the figure. */
function drawingsIn(place: HTMLElement | null): SVGSVGElement[] {
  const all = [...(place?.querySelectorAll('svg') ?? [])];
  return all.filter((svg) => svg.closest('[aria-hidden="true"]') === null);
}

/** A sentence is spoken when it has stood for this long, ms: not each of the many while something is dragged. */
const SPOKEN_AFTER = 600;

function Spoken({ text }: { readonly text: string }) {
  const [spoken, setSpoken] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSpoken(text), SPOKEN_AFTER);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <p class="hidden" role="status">
      {spoken}
    </p>
  );
}

interface TwinProps {
  readonly title: string;
  readonly name: string;
  readonly table: () => FigureTable;
  readonly latex: (() => string) | undefined;
  readonly svgs: () => readonly SVGSVGElement[];
}

function Twin({ title, name, table, latex, svgs }: TwinProps) {
  const { t, format } = useFrame().i18n;
  const { notice } = usePage();
  const [open, setOpen] = useState(false);
  const shown = open ? table() : null;
  const isNumber = (cell: string | number, column: number): boolean =>
    column > 0 && typeof cell === 'number' && Number.isFinite(cell);
  const firstRow = shown?.rows.findIndex((row) => row.some(isNumber)) ?? -1;
  const firstColumn = shown?.rows[firstRow]?.findIndex(isNumber) ?? -1;
  const picture = async (kind: 'svg' | 'png'): Promise<void> => {
    const drawings = svgs();
    if (drawings.length === 0) return;
    const background = readTokens().card;
    try {
      if (kind === 'svg') saveFile(`${name}.svg`, 'image/svg+xml', [svgDocument(drawings, background)]);
      else saveFile(`${name}.png`, 'image/png', [await pngOf(drawings, background)]);
    } catch (error) {
      notice.value = errorNotice(error);
    }
  };
  return (
    <details class="twin" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t('figure.twin')}</summary>
      {shown !== null && (
        <>
          <div class="row exports">
            <button type="button" onClick={() => void picture('svg')}>
              SVG
            </button>
            <button type="button" onClick={() => void picture('png')}>
              PNG
            </button>
            <button type="button" onClick={() => saveFile(`${name}.csv`, 'text/csv', [csvOf(table())])}>
              CSV
            </button>
            {latex !== undefined && (
              <button type="button" onClick={() => saveFile(`${name}.tex`, 'application/x-tex', [latex()])}>
                LaTeX
              </button>
            )}
          </div>
          <ScrollBox class="table-frame" label={`${title}: ${t('figure.twin')}`}>
            <table dir="ltr" onKeyDown={arrowsInTable}>
              <thead>
                <tr>
                  {shown.columns.map((column) => (
                    <th key={column} scope="col">
                      {column}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {shown.rows.map((row, index) => (
                  <tr key={index}>
                    {row.map((cell, column) => {
                      const text = typeof cell === 'number' ? format.value.precise(cell) : cell;
                      return column === 0 ? (
                        <th key={column} scope="row">
                          <bdi>{text}</bdi>
                        </th>
                      ) : (
                        <td key={column}>
                          {typeof cell === 'number' ? (
                            <Pinnable
                              label={[title, row[0], shown.columns[column]].join(' · ')}
                              value={cell}
                              inTabOrder={index === firstRow && column === firstColumn}
                            >
                              <bdi>{text}</bdi>
                            </Pinnable>
                          ) : (
                            <bdi>{text}</bdi>
                          )}
                        </td>
                      );
                    })}
                  </tr>
                ))}
              </tbody>
            </table>
          </ScrollBox>
        </>
      )}
    </details>
  );
}
