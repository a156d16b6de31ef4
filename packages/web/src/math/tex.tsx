/**
 * Formulas by KaTeX, which loads on first use. It builds elements and sets their styles through the CSSOM, so that a
 * policy without inline styles holds. Always left to right, also inside Persian.
 */
import { signal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { draw, forget } from './draw.js';

type Katex = typeof import('katex').default;

const loaded = signal<Katex | null>(null);
let isLoading = false;

async function load(): Promise<void> {
  if (isLoading) return;
  isLoading = true;
  // What can be operated comes first: formulas are readable as TeX until the page has settled.
  await new Promise<void>((resolve) => {
    if ('requestIdleCallback' in globalThis) requestIdleCallback(() => resolve(), { timeout: 1000 });
    else setTimeout(resolve, 200);
  });
  try {
    loaded.value = (await import('./katex.js')).katex;
  } catch {
    // Formulas stay readable as TeX; the next one tries again.
    isLoading = false;
  }
}

interface TexProps {
  readonly tex: string;
  /** A formula on a line of its own. Defaults to false. */
  readonly display?: boolean;
}

export function Tex({ tex, display = false }: TexProps) {
  const element = useRef<HTMLSpanElement>(null);
  const katex = loaded.value;
  useLayoutEffect(() => {
    if (katex === null) void load();
    else if (element.current !== null) draw(katex, element.current, tex, display);
    const place = element.current;
    return () => place !== null && forget(place);
  }, [katex, tex, display]);
  // Keyed by what draws it: KaTeX owns the children from then on.
  return katex === null ? (
    <code key="plain" class={display ? 'tex display' : 'tex'}>
      {tex}
    </code>
  ) : (
    <span key="drawn" ref={element} class={display ? 'tex display' : 'tex'} dir="ltr" />
  );
}
