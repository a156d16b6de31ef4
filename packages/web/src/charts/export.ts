/** A figure as a file: SVG with everything it needs inside, PNG at twice the size, CSV, LaTeX. */

const SVG = 'http://www.w3.org/2000/svg';

/** CSS properties that a drawing may take from the page's style sheet. */
const STYLED = [
  'fill',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'stroke-linecap',
  'stroke-linejoin',
  'stroke-opacity',
  'fill-opacity',
  'paint-order',
  'font-family',
  'font-size',
  'font-style',
  'font-weight',
  'text-anchor',
  'opacity',
];

/** A figure's drawings as one document, each where it stands on the page, on `background`. */
export function svgDocument(drawings: readonly SVGSVGElement[], background: string): string {
  const { left, top, width, height } = around(drawings);
  const document = drawings[0]!.ownerDocument.implementation.createDocument(SVG, 'svg', null);
  const whole = document.documentElement;
  const size = { width: String(width), height: String(height) };
  for (const [name, value] of Object.entries({ ...size, viewBox: `0 0 ${width} ${height}` }))
    whole.setAttribute(name, value);
  const paper = document.createElementNS(SVG, 'rect');
  for (const [name, value] of Object.entries({ ...size, fill: background })) paper.setAttribute(name, value);
  whole.append(paper);
  for (const drawing of drawings) {
    const box = drawing.getBoundingClientRect();
    const copy = styledCopy(drawing);
    if (!copy.hasAttribute('viewBox')) copy.setAttribute('viewBox', `0 0 ${box.width} ${box.height}`);
    copy.setAttribute('x', String(box.left - left));
    copy.setAttribute('y', String(box.top - top));
    copy.setAttribute('width', String(box.width));
    copy.setAttribute('height', String(box.height));
    whole.append(copy);
  }
  return new XMLSerializer().serializeToString(document);
}

/** A copy that looks the same without the page's style sheet. */
function styledCopy(svg: SVGSVGElement): SVGSVGElement {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const originals = [svg, ...svg.querySelectorAll('*')];
  const copies = [copy, ...copy.querySelectorAll('*')];
  for (const [index, original] of originals.entries()) {
    const style = getComputedStyle(original);
    const target = copies[index];
    for (const name of STYLED) {
      const value = style.getPropertyValue(name);
      if (value !== '') target?.setAttribute(name, value);
    }
    for (const name of ['tabindex', 'class', 'style']) target?.removeAttribute(name);
  }
  return copy;
}

/** The smallest rectangle that holds them all, px. */
function around(drawings: readonly SVGSVGElement[]): DOMRect {
  const boxes = drawings.map((drawing) => drawing.getBoundingClientRect());
  const [left, top] = [Math.min(...boxes.map((box) => box.left)), Math.min(...boxes.map((box) => box.top))];
  const right = Math.max(...boxes.map((box) => box.right));
  const bottom = Math.max(...boxes.map((box) => box.bottom));
  return new DOMRect(left, top, right - left, bottom - top);
}

/** Pixels of the picture for each of the screen's. */
const PNG_SCALE = 2;

export async function pngOf(drawings: readonly SVGSVGElement[], background: string): Promise<Blob> {
  const { width, height } = around(drawings);
  const url = URL.createObjectURL(new Blob([svgDocument(drawings, background)], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = Math.ceil(width * PNG_SCALE);
    canvas.height = Math.ceil(height * PNG_SCALE);
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve, reject) => {
      canvas.toBlob((blob) => {
        if (blob === null) reject(new Error('png: the browser must make a picture, got none'));
        else resolve(blob);
      }, 'image/png');
    });
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** A table as numbers and words; numbers keep every digit. */
export interface FigureTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

/** RFC 4180. A word that a spreadsheet would take for a formula gets an apostrophe. */
export function csvOf({ columns, rows }: FigureTable): string {
  const word = (value: string | number): string => {
    if (typeof value === 'number') return String(value);
    const safe = /^[=+\-@\t\r]/.test(value) && Number.isNaN(Number(value)) ? `'${value}` : value;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  return [columns, ...rows].map((row) => `${row.map(word).join(',')}\r\n`).join('');
}
