/** Formulas whose symbols were marked by the engine: they can be pointed at, and light up. */
import { computed, effect, signal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { Tex } from '../../math/tex.js';

export interface FormulaProps {
  readonly latex: string;
  readonly display?: boolean;
  /** Whether a marked symbol lights up; what it reads of signals is followed, without drawing the formula again. */
  readonly isLit?: (symbol: MarkedSymbol) => boolean;
  readonly tabIndex?: number;
}

/** A symbol of a marked formula: `h` with `t-1`, a parameter with no index. */
export interface MarkedSymbol {
  readonly name: string;
  readonly index: string;
  readonly gradient: boolean;
}

export function Formula({ latex, display = false, isLit, tabIndex }: FormulaProps) {
  const place = useRef<HTMLSpanElement>(null);
  useLayoutEffect(() => {
    const element = place.current;
    if (element === null || isLit === undefined) return;
    // KaTeX draws when it is loaded, and anew when the formula changes.
    const drawn = signal(0);
    const observer = new MutationObserver(() => {
      drawn.value += 1;
    });
    observer.observe(element, { childList: true, subtree: true });
    const symbols = computed(() => {
      void drawn.value;
      return [...element.querySelectorAll<HTMLElement>('[data-symbol]')].map((place) => ({
        place,
        symbol: symbolOf(place),
      }));
    });
    const stop = effect(() => {
      for (const { place, symbol } of symbols.value) place.classList.toggle('lit', isLit(symbol));
    });
    return () => {
      stop();
      observer.disconnect();
    };
  }, [isLit]);
  return (
    <span ref={place} class="formula" dir="ltr" tabIndex={tabIndex}>
      <Tex tex={latex} display={display} />
    </span>
  );
}

/** The marked symbol that an event happened on. */
export function symbolAt(target: EventTarget | null): MarkedSymbol | null {
  const element = target instanceof Element ? target.closest<HTMLElement>('[data-symbol]') : null;
  return element === null ? null : symbolOf(element);
}

function symbolOf({ dataset }: HTMLElement): MarkedSymbol {
  return { name: dataset.symbol ?? '', index: dataset.index ?? '', gradient: dataset.gradient === '1' };
}
