/** How the norm of a path is coloured, and the arrow keys that go from path to path. */
import { useApp } from '../app.js';
import { scientific } from '../numbers.js';

export function PathScale({ most }: { readonly most: number }) {
  const { bench, context, hidden } = useApp();
  const { t, format } = context.i18n;
  const derivation = bench.unrolled.value?.derivation;
  return (
    <>
      <p class="scale-ends">
        <span>{hidden.value ? '?' : scientific(most * 10 ** -DECADES)}</span>
        <span class="scale gradient-scale" aria-hidden="true" />
        <span>{hidden.value ? '?' : scientific(most)}</span>
        <span class="muted">{t('paths.scale')}</span>
      </p>
      <p class="small" dir="auto">
        {t('paths.count', {
          count: derivation?.paths.length ?? 0,
          steps: format.value.integer(derivation?.steps ?? 0),
        })}
      </p>
    </>
  );
}

/** Depth of colour: the logarithm of a norm over six decades; only exactly 0 has none. */
const DECADES = 6;

export function depthOf(norm: number, most: number): number {
  return norm === 0 ? 0 : Math.max(0.06, 1 + Math.log10(norm / most) / DECADES);
}

export const arrows: Readonly<Record<string, readonly [dt: number, dk: number]>> = {
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  ArrowUp: [1, 0],
  ArrowDown: [-1, 0],
};
