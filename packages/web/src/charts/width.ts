/** The width that a drawing may take, followed while the window changes. */
import type { RefObject } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';

/** Before the first measurement, px. */
const GUESS = 640;

export function useWidth(frame: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(GUESS);
  useLayoutEffect(() => {
    const element = frame.current;
    if (element === null) return;
    const measure = (): void => setWidth(Math.max(120, Math.floor(element.clientWidth)));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [frame]);
  return width;
}
