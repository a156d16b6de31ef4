/**
 * A text with colours behind its characters. The text is one piece, so that cursive scripts keep joining; colours are
 * rectangles behind it, where the browser says that each character stands. A character is chosen, and a range marked, by
 * mouse, finger or keyboard.
 */
import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { useWidth } from './width.js';

export interface Paint {
  /** First character, and the one behind the last. */
  readonly from: number;
  readonly to: number;
  readonly color: string;
  /** In [0, 1]. Defaults to 1. */
  readonly opacity?: number;
}

export interface PaintedTextProps {
  readonly text: string;
  readonly paints: readonly Paint[];
  /** What is to be done with it, for those who do not see it, and what stands at the chosen place. */
  readonly label: string;
  readonly valueText: string;
  /** The chosen range; one character unless ranges can be marked. */
  readonly selected: { readonly from: number; readonly to: number };
  readonly onSelect: (from: number, to: number, dragging: boolean) => void;
  /** More than one character can be marked. Defaults to false. */
  readonly ranges?: boolean;
  readonly onHover?: (index: number | null) => void;
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export function PaintedText(props: PaintedTextProps) {
  const { text, paints, label, valueText, selected, onSelect, ranges = false, onHover } = props;
  const frame = useRef<HTMLDivElement>(null);
  const words = useRef<HTMLParagraphElement>(null);
  const anchor = useRef<number | null>(null);
  const [boxes, setBoxes] = useState<readonly (readonly Box[])[]>([]);
  const width = useWidth(frame);
  useLayoutEffect(() => setBoxes(boxesOf(words.current)), [text, width]);
  useEffect(() => {
    void document.fonts.ready.then(() => setBoxes(boxesOf(words.current)));
  }, [text]);

  const last = [...text].length - 1;
  const indexAt = (event: PointerEvent): number => {
    const origin = words.current?.getBoundingClientRect();
    if (origin === undefined) return -1;
    const [x, y] = [event.clientX - origin.left, event.clientY - origin.top];
    return boxes.findIndex((parts) =>
      parts.some((box) => x >= box.x && x < box.x + box.width && y >= box.y && y < box.y + box.height),
    );
  };
  const between = (a: number, b: number, dragging: boolean): void =>
    onSelect(Math.min(a, b), Math.max(a, b) + 1, dragging);
  const move = (event: KeyboardEvent): void => {
    const rightToLeft = words.current !== null && getComputedStyle(words.current).direction === 'rtl';
    const onwards = rightToLeft ? 'ArrowLeft' : 'ArrowRight';
    const back = rightToLeft ? 'ArrowRight' : 'ArrowLeft';
    const end = selected.to - 1;
    const to = { [onwards]: end + 1, [back]: end - 1, Home: 0, End: last }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const clamped = Math.max(0, Math.min(last, to));
    if (ranges && event.shiftKey) onSelect(Math.min(selected.from, clamped), clamped + 1, false);
    else onSelect(clamped, clamped + 1, false);
  };
  const rectangles = (from: number, to: number, draw: (box: Box, key: string) => JSX.Element) =>
    boxes.slice(from, to).flatMap((parts, at) => parts.map((box, part) => draw(box, `${from + at}.${part}`)));
  return (
    <div ref={frame} class="painted">
      <div
        class="painted-text"
        dir="auto"
        role="slider"
        tabIndex={0}
        aria-label={label}
        aria-valuemin={1}
        aria-valuemax={last + 1}
        aria-valuenow={selected.from + 1}
        aria-valuetext={valueText}
        onKeyDown={move}
        onPointerDown={(event) => {
          const at = indexAt(event);
          if (at < 0) return;
          anchor.current = at;
          if (ranges) event.currentTarget.setPointerCapture(event.pointerId);
          between(at, at, ranges);
        }}
        onPointerMove={(event) => {
          const at = indexAt(event);
          if (ranges && anchor.current !== null && at >= 0) between(anchor.current, at, true);
          else onHover?.(at < 0 ? null : at);
        }}
        onPointerUp={(event) => {
          const at = indexAt(event);
          if (ranges && anchor.current !== null) between(anchor.current, at < 0 ? anchor.current : at, false);
          anchor.current = null;
        }}
        onPointerLeave={() => onHover?.(null)}
      >
        <svg class="paint" aria-hidden="true">
          {paints.flatMap(({ from, to, color, opacity = 1 }) =>
            rectangles(from, to, (box, key) => (
              <rect key={`${key}${color}`} {...box} fill={color} fill-opacity={opacity} />
            )),
          )}
          {rectangles(selected.from, selected.to, (box, key) => (
            <rect key={`s${key}`} {...box} class="chosen" />
          ))}
        </svg>
        <p ref={words}>{text}</p>
      </div>
    </div>
  );
}

/** Where each character stands, relative to the paragraph; several boxes where a line breaks inside. */
function boxesOf(paragraph: HTMLParagraphElement | null): readonly (readonly Box[])[] {
  const node = paragraph?.firstChild;
  if (paragraph == null || !(node instanceof Text)) return [];
  const origin = paragraph.getBoundingClientRect();
  const range = document.createRange();
  const boxes: Box[][] = [];
  let offset = 0;
  for (const character of node.data) {
    range.setStart(node, offset);
    offset += character.length;
    range.setEnd(node, offset);
    boxes.push(
      Array.from(range.getClientRects(), ({ left, top, width, height }) => ({
        x: left - origin.left,
        y: top - origin.top,
        width,
        height,
      })),
    );
  }
  return boxes;
}
